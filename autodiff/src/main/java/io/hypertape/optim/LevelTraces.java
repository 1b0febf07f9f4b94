package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.TowerState.LevelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a level remembers of its targets for an {@link Hypergradient.Eligibility} above it: the
 * running mean, whose distance is the trace of the step size's logarithm, and of each other
 * hyperparameter that is tuned the derivatives of value and states by its stored form.
 *
 * @param ofStep whether a step size is tuned
 * @param others the other tuned hyperparameters
 */
record LevelTraces(boolean ofStep, List<String> others) {

  static final LevelTraces NONE = new LevelTraces(false, List.of());

  private static final String MEAN = "trace.mean";
  private static final String OF = "trace.by.";

  /** Those of a level whose hyperparameters are tuned by traces. */
  static LevelTraces of(LevelHyperparameters hyperparameters, Optimizer optimizer) {
    List<String> others = new ArrayList<>();
    boolean ofStep = false;
    for (Parameter tuned : hyperparameters.tunedParameters()) {
      if (optimizer.stepSizes().contains(tuned.name())) {
        ofStep = true;
      } else {
        others.add(tuned.name());
      }
    }
    return new LevelTraces(ofStep, List.copyOf(others));
  }

  /** Where the step size is among what is tuned; the first if there is none. */
  int step(List<String> tuned) {
    for (int i = 0; i < tuned.size(); i++) {
      if (!others.contains(tuned.get(i))) {
        return i;
      }
    }
    return 0;
  }

  /** What is remembered of a target: the mean, then of each hyperparameter value and states. */
  List<StateVariable> variables(LevelTarget target) {
    List<StateVariable> all = new ArrayList<>();
    int[] shape = target.parameter().shape();
    if (ofStep) {
      all.add(StateVariable.ofParameter(MEAN, shape));
    }
    for (String other : others) {
      all.add(new StateVariable(OF + other, 0, shape));
      for (StateVariable state : target.state()) {
        all.add(new StateVariable(OF + other + "." + state.name(), 0, state.shape()));
      }
    }
    return all;
  }

  /**
   * The derivatives by a hyperparameter.
   *
   * @param other which one
   * @param states all that is remembered of a target
   * @return of its value, then of each state of its optimizer
   */
  List<Tensor> of(int other, LevelTarget target, List<Tensor> states) {
    int own = target.state().size();
    int first = own + (ofStep ? 1 : 0) + other * (1 + own);
    return states.subList(first, first + 1 + own);
  }

  /** Copies of the derivatives of a target that stands still, forgotten by a rate. */
  List<Tensor> standing(LevelTarget target, List<Tensor> states, Optional<Tensor> rate) {
    List<Tensor> all = new ArrayList<>();
    if (target.updated()) {
      for (int j = 0; j < others.size(); j++) {
        List<Tensor> one = LevelState.copies(of(j, target, states));
        rate.ifPresent(forgotten -> one.set(0, one.getFirst().mul(forgotten.neg().add(1))));
        all.addAll(one);
      }
    }
    return all;
  }

  /** The running mean, if there is one, then the value's derivative by each hyperparameter. */
  List<Tensor> read(LevelTarget target, List<Tensor> states) {
    List<Tensor> read = new ArrayList<>();
    if (ofStep) {
      read.add(states.get(target.state().size()));
    }
    for (int j = 0; j < others.size(); j++) {
      read.add(of(j, target, states).getFirst());
    }
    return read;
  }
}
