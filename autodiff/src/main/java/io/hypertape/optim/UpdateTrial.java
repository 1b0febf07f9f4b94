package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One run of an update on values that are thrown away, which tells what it reads. */
final class UpdateTrial implements Update.Scalars {

  private final Session session;
  private final List<Hyperparameter> hyperparameters;
  private final Set<String> values = new HashSet<>();
  private final Set<String> complements = new HashSet<>();
  private final List<Double> constants = new ArrayList<>();

  UpdateTrial(Session session, List<Hyperparameter> hyperparameters) {
    this.session = session;
    this.hyperparameters = hyperparameters;
  }

  /** Runs it in the current scope. */
  Updated run(Optimizer optimizer, String name, Tensor p, List<StateVariable> state) {
    List<Tensor> states = new ArrayList<>();
    for (StateVariable variable : state) {
      states.add(session.full(variable.shape(), variable.initial()));
    }
    List<String> names = state.stream().map(StateVariable::name).toList();
    Tensor g = session.zeros(p.shape());
    return optimizer.update(new Update(name, p.detach(), g, names, states, this));
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
