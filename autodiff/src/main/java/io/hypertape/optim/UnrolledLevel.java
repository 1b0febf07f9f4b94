package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A level of weights in {@link Unrolled} steps. Other than {@link RunningLevel} it lets derivatives
 * flow through everything: weights, gradients and states.
 */
final class UnrolledLevel {

  private final Session session;
  private final Level level;
  private final UpdateContract contract;
  private final List<StateVariable> shared;
  private final List<Parameter> targets;
  private final Map<Parameter, List<StateVariable>> variables = new HashMap<>();
  private final Map<Parameter, List<Tensor>> states = new HashMap<>();
  private final Map<String, One> hyperparameters = new LinkedHashMap<>();
  private final Set<String> read = new LinkedHashSet<>();
  private List<Tensor> now;
  private Tensor count;

  /**
   * A hyperparameter on the tape.
   *
   * @param stored the leaf
   * @param value its effective form
   * @param complement 1 less that
   */
  record One(String label, Tensor stored, Tensor value, Tensor complement) {

    /** What {@link #effective} takes the gradients of. */
    List<Tensor> targets() {
      return List.of(stored, value, complement);
    }

    /** The derivative by the effective form, from those by {@link #targets}. */
    double effective(double byStored, double byValue, double byComplement) {
      // Neither is computed from the other, unless they are stored as they are.
      return value == stored ? byStored : byValue - byComplement;
    }
  }

  /**
   * A level where it stands.
   *
   * @param tape the current one, which gets the hyperparameters as leaves
   * @param from values and states
   */
  UnrolledLevel(Session session, Tape tape, RunningLevel running, LevelState from) {
    this.session = session;
    this.level = running.level();
    this.contract = new UpdateContract(running.place(), level.optimizer());
    this.shared = contract.shared();
    this.targets = running.targets();
    this.now = from.more().subList(0, shared.size()).stream().map(Tensor::detach).toList();
    this.count = from.count().detach();
    for (int i = 0; i < targets.size(); i++) {
      Parameter target = targets.get(i);
      if (level.optimizer().updates(target.name())) {
        List<StateVariable> own = contract.state(target);
        variables.put(target, own);
        List<Tensor> carried = from.states().get(i).subList(0, own.size());
        states.put(target, carried.stream().map(Tensor::detach).toList());
      }
    }
    List<Hyperparameter> declared = level.hyperparameters();
    List<Tensor> stored = running.hyperparameters().stored();
    for (int h = 0; h < declared.size(); h++) {
      Hyperparameter hyper = declared.get(h);
      Tensor leaf = tape.watch(stored.get(h));
      String label = running.place().label(level.optimizer().name(), hyper.name());
      Transform form = hyper.transform();
      hyperparameters.put(
          hyper.name(), new One(label, leaf, form.effective(leaf), form.complement(leaf)));
    }
  }

  /** The hyperparameters that the updates so far have read. */
  List<One> used() {
    return read.stream().map(hyperparameters::get).toList();
  }

  /**
   * Takes a step.
   *
   * @param factor what step sizes are multiplied by
   * @return values with those of its targets that have a gradient updated
   */
  ParameterMap updated(ParameterMap values, ParameterMap gradients, double factor) {
    count = count.add(1);
    LevelUpdate update =
        new LevelUpdate(level.optimizer(), contract, shared, now, new Scalars(factor));
    List<Parameter> changed = new ArrayList<>();
    for (Parameter target : targets) {
      if (states.containsKey(target) && gradients.contains(target)) {
        List<String> names = variables.get(target).stream().map(StateVariable::name).toList();
        update.add(
            target.name(), values.get(target), gradients.get(target), names, states.get(target));
        changed.add(target);
      }
    }
    LevelUpdate.Result result = update.run();
    now = result.shared().now();
    Map<Parameter, Tensor> next = new HashMap<>();
    for (int i = 0; i < changed.size(); i++) {
      Updated one = result.parameters().get(i);
      contract.check(changed.get(i), variables.get(changed.get(i)), one);
      next.put(changed.get(i), one.p());
      states.put(changed.get(i), one.states());
    }
    return ParameterMap.of(values.parameters(), p -> next.getOrDefault(p, values.get(p)));
  }

  /** The hyperparameters of one update, by name. */
  private final class Scalars implements Update.Scalars {
    private final double factor;

    Scalars(double factor) {
      this.factor = factor;
    }

    private One find(String name) {
      One found = hyperparameters.get(name);
      if (found == null) {
        throw UpdateTrial.unknown(name, level.hyperparameters());
      }
      read.add(name);
      return found;
    }

    @Override
    public Tensor value(String hyperparameter) {
      Tensor value = find(hyperparameter).value();
      return factor != 1 && level.optimizer().stepSizes().contains(hyperparameter)
          ? value.mul(factor)
          : value;
    }

    @Override
    public Tensor complement(String hyperparameter) {
      return find(hyperparameter).complement();
    }

    @Override
    public Tensor constant(double value) {
      return session.constant(value);
    }

    @Override
    public Tensor t() {
      return count;
    }
  }
}
