package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an {@link Optimizer} says of itself must fit what its update does. It is found out when a
 * tower is bound, where nothing is lost yet: an update that fails in its midst would leave some
 * levels updated and others not.
 */
final class UpdateContract {

  private final LevelPlace level;
  private final String who;
  private final Optimizer optimizer;
  private final List<Hyperparameter> hyperparameters;

  /** Checks the declarations of a level's optimizer. */
  UpdateContract(LevelPlace level, Optimizer optimizer) {
    this.level = level;
    this.who = level + ", optimizer '" + optimizer.name() + "'";
    this.optimizer = optimizer;
    this.hyperparameters = copied("hyperparameters()", optimizer.hyperparameters());
    checkNames("hyperparameters", hyperparameters, Hyperparameter::name);
  }

  private IllegalArgumentException failure(String what) {
    return new IllegalArgumentException(who + ": " + what);
  }

  private <T> List<T> copied(String what, List<T> declared) {
    if (declared == null || declared.stream().anyMatch(Objects::isNull)) {
      throw failure(what + (declared == null ? " gives null" : " has an element that is null"));
    }
    return List.copyOf(declared);
  }

  private <T> void checkNames(String what, List<T> declared, Function<T, String> name) {
    Set<String> seen = new HashSet<>();
    for (T element : declared) {
      if (!seen.add(name.apply(element))) {
        throw failure("two " + what + " have the name '" + name.apply(element) + "'");
      }
    }
  }

  /** What is remembered of a parameter. */
  List<StateVariable> state(Parameter parameter) {
    List<StateVariable> state =
        copied("state(" + shape(parameter) + ")", optimizer.state(parameter.shape()));
    checkNames("state variables", state, StateVariable::name);
    for (StateVariable variable : state) {
      if (variable.start() == StateVariable.Start.PARAMETER
          && !Arrays.equals(variable.shape(), parameter.shape())) {
        throw failure(
            "state '"
                + variable.name()
                + "' "
                + Arrays.toString(variable.shape())
                + " begins as the parameter '"
                + parameter.name()
                + "', whose shape is "
                + shape(parameter));
      }
    }
    return state;
  }

  /** What all parameters share. */
  List<StateVariable> shared() {
    List<StateVariable> shared = copied("shared()", optimizer.shared());
    checkNames("shared variables", shared, StateVariable::name);
    for (StateVariable variable : shared) {
      if (variable.start() != StateVariable.Start.NUMBER) {
        throw failure(
            "shared state '"
                + variable.name()
                + "' cannot begin as a parameter; a number would fit");
      }
    }
    return shared;
  }

  /** That terms are there. */
  Terms checked(String parameter, Terms terms) {
    if (terms == null) {
      throw failure("its terms of '" + parameter + "' give null; u.terms() is needed");
    }
    return terms;
  }

  /** New values of what is shared, if there is one of each variable, in its shape. */
  List<Tensor> checked(List<StateVariable> shared, SharedUpdated result) {
    String names = Update.list(shared.stream().map(StateVariable::name).toList());
    if (result == null) {
      throw failure("its share(…) gives null; s.with(…) for each shared variable is needed");
    }
    Optional<String> missing = result.missing();
    if (missing.isPresent()) {
      throw failure(
          "its share(…) gives no new value of '"
              + missing.get()
              + "'; with(…) is needed for each shared variable ("
              + names
              + ")");
    }
    for (int s = 0; s < shared.size(); s++) {
      int[] given = result.values().get(s).shape();
      if (!Arrays.equals(given, shared.get(s).shape())) {
        throw failure(
            "its share(…) gives '"
                + shared.get(s).name()
                + "' the shape "
                + Arrays.toString(given)
                + "; it is declared with "
                + Arrays.toString(shared.get(s).shape()));
      }
    }
    return result.values();
  }

  /** That the terms of each parameter belong to the same sums. */
  void checkSums(List<Parameter> parameters, List<UpdateTrial> trials) {
    for (int i = 1; i < trials.size(); i++) {
      String first = sums(trials.getFirst());
      if (!sums(trials.get(i)).equals(first)) {
        throw failure(
            "its terms of '"
                + parameters.get(i).name()
                + "' belong to the sums "
                + sums(trials.get(i))
                + ", but those of '"
                + parameters.getFirst().name()
                + "' to "
                + first);
      }
    }
  }

  private static String sums(UpdateTrial trial) {
    return Update.list(
        new TreeMap<>(trial.sums())
            .entrySet().stream()
                .map(entry -> entry.getKey() + Arrays.toString(entry.getValue()))
                .toList());
  }

  private static String shape(Parameter parameter) {
    return Arrays.toString(parameter.shape());
  }

  /** A schedule multiplies step sizes, so they must be there. */
  void checkStepSizes() {
    List<String> names = copied("stepSizes()", optimizer.stepSizes());
    List<String> known = hyperparameters.stream().map(Hyperparameter::name).toList();
    if (names.isEmpty() || !known.containsAll(names)) {
      throw failure(
          "a schedule multiplies the step sizes "
              + names
              + " that stepSizes() names; the hyperparameters are "
              + Update.list(known));
    }
  }

  /** An optimizer that has something for parameters by name must find them below. */
  void checkParameters(List<Parameter> below) {
    List<String> names = below.stream().map(Parameter::name).toList();
    for (String name : copied("parameters()", optimizer.parameters())) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            level
                + ", "
                + optimizer.name()
                + ": there is no parameter '"
                + name
                + "' below; there are "
                + Update.list(names));
      }
    }
  }

  /**
   * Runs the update of a parameter on throw-away values.
   *
   * @return what it read
   */
  UpdateTrial tryOut(
      Session session, Parameter parameter, List<StateVariable> state, List<StateVariable> shared) {
    UpdateTrial trial = new UpdateTrial(session, hyperparameters);
    try (Scope unused = session.scratch()) {
      LevelUpdate.Result all;
      try {
        all =
            trial.run(
                optimizer, this, parameter.name(), INTERNALS.storage(parameter), state, shared);
      } catch (IllegalArgumentException
          | IllegalStateException
          | IndexOutOfBoundsException
          | NullPointerException
          | ArithmeticException
          | ClassCastException
          | UnsupportedOperationException e) {
        // What the optimizer's author has to mend; not what the backend lacks, such as memory.
        throw new IllegalArgumentException(
            who
                + ": its update of '"
                + parameter.name()
                + "' "
                + shape(parameter)
                + " failed: "
                + e.getMessage(),
            e);
      }
      Updated result = all.parameters().getFirst();
      check(parameter, state, result);
      checkShape(parameter, "a new value", result.p(), parameter.shape());
      for (int s = 0; s < state.size(); s++) {
        String what = "state '" + state.get(s).name() + "'";
        checkShape(parameter, what, result.states().get(s), state.get(s).shape());
      }
      checkEvaluation(parameter, state, result, all.shared());
    }
    return trial;
  }

  private void checkEvaluation(
      Parameter parameter, List<StateVariable> state, Updated result, SharedState shared) {
    List<String> names = state.stream().map(StateVariable::name).toList();
    Tensor given;
    try {
      given =
          optimizer.evaluation(
              new Remembered(
                  parameter.name(), result.p().detach(), names, result.states(), shared));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException(
          who
              + ": its evaluation of '"
              + parameter.name()
              + "' "
              + shape(parameter)
              + " failed: "
              + e.getMessage(),
          e);
    }
    if (given == null || !Arrays.equals(given.shape(), parameter.shape())) {
      throw failure(
          "its evaluation of '"
              + parameter.name()
              + "' gives "
              + (given == null ? "null" : "the shape " + Arrays.toString(given.shape()))
              + "; a tensor of the parameter's shape, "
              + shape(parameter)
              + ", is needed");
    }
  }

  private void checkShape(Parameter parameter, String what, Tensor given, int[] needed) {
    if (!Arrays.equals(given.shape(), needed)) {
      throw failure(
          "its update of '"
              + parameter.name()
              + "' gives "
              + what
              + " of shape "
              + Arrays.toString(given.shape())
              + "; "
              + (Arrays.equals(needed, parameter.shape()) ? "that of the parameter, " : "")
              + Arrays.toString(needed)
              + (Arrays.equals(needed, parameter.shape()) ? "," : "")
              + " is needed");
    }
  }

  /** That an update gave all that it must. */
  void check(Parameter parameter, List<StateVariable> state, Updated result) {
    if (result == null) {
      throw failure("its update of '" + parameter.name() + "' gives null; u.to(…) is needed");
    }
    Optional<String> missing = result.missing();
    if (missing.isPresent()) {
      List<String> names = new ArrayList<>();
      state.forEach(variable -> names.add(variable.name()));
      throw failure(
          "its update of '"
              + parameter.name()
              + "' gives no new state '"
              + missing.get()
              + "'; needed are the new value, then with(…) for each state variable ("
              + Update.list(names)
              + ")");
    }
  }
}
