package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One run of an update on values that are thrown away, which tells what it reads. */
final class UpdateTrial implements Update.Scalars {

  private final Session session;
  private final List<Hyperparameter> hyperparameters;
  private final Set<String> values = new HashSet<>();
  private final Set<String> complements = new HashSet<>();
  private final List<Double> constants = new ArrayList<>();
  private final Map<String, int[]> sums = new LinkedHashMap<>();

  UpdateTrial(Session session, List<Hyperparameter> hyperparameters) {
    this.session = session;
    this.hyperparameters = hyperparameters;
  }

  /** Runs it in the current scope, as if the parameter were the level's only one. */
  LevelUpdate.Result run(
      Optimizer optimizer,
      UpdateContract contract,
      String name,
      Tensor p,
      List<StateVariable> state,
      List<StateVariable> shared) {
    List<Tensor> states = first(state, p);
    List<String> names = state.stream().map(StateVariable::name).toList();
    LevelUpdate update = new LevelUpdate(optimizer, contract, shared, first(shared, p), this);
    update.add(name, p.detach(), session.zeros(p.shape()), names, states);
    LevelUpdate.Result result = update.run();
    result.sums().forEach((sum, value) -> sums.put(sum, value.shape()));
    return result;
  }

  private List<Tensor> first(List<StateVariable> variables, Tensor p) {
    return variables.stream().map(variable -> variable.first(session, p)).toList();
  }

  /** Shapes of the sums that the terms of the parameter belong to, by name. */
  Map<String, int[]> sums() {
    return sums;
  }

  private Hyperparameter find(String name) {
    return hyperparameters.stream()
        .filter(h -> h.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name, hyperparameters));
  }

  static IllegalArgumentException unknown(String name, List<Hyperparameter> known) {
    return new IllegalArgumentException(
        "it reads hyperparameter '"
            + name
            + "'; there are "
            + Update.list(known.stream().map(Hyperparameter::name).toList()));
  }

  @Override
  public Tensor value(String hyperparameter) {
    Hyperparameter found = find(hyperparameter);
    values.add(hyperparameter);
    return session.scalar(found.initial());
  }

  @Override
  public Tensor complement(String hyperparameter) {
    Hyperparameter found = find(hyperparameter);
    complements.add(hyperparameter);
    return session.scalar(1 - found.initial());
  }

  @Override
  public Tensor constant(double value) {
    constants.add(value);
    return session.scalar(value);
  }

  @Override
  public Tensor t() {
    return session.scalar(1);
  }

  boolean readsValue(Hyperparameter h) {
    return values.contains(h.name());
  }

  boolean readsComplement(Hyperparameter h) {
    return complements.contains(h.name());
  }

  List<Double> constants() {
    return constants;
  }
}
