package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.FusedKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What an {@link Optimizer} says of itself must fit what its update does. It is found out when a
 * tower is bound, where nothing is lost yet: an update that fails in its midst would leave some
 * levels updated and others not.
 */
final class UpdateContract {

  private final String who;
  private final Optimizer optimizer;
  private final List<Hyperparameter> hyperparameters;
  private final List<StateVariable> state;
  private final Optional<FusedKernel> kernel;

  /** Checks the declarations of a level's optimizer. */
  UpdateContract(int level, Optimizer optimizer) {
    this.who = "level " + level + ", optimizer '" + optimizer.name() + "'";
    this.optimizer = optimizer;
    this.hyperparameters = copied("hyperparameters()", optimizer.hyperparameters());
    this.state = copied("state()", optimizer.state());
    checkNames("hyperparameters", hyperparameters, Hyperparameter::name);
    checkNames("state variables", state, StateVariable::name);
    if (optimizer.update() == null) {
      throw failure("update() gives null");
    }
    this.kernel = optimizer.update().kernel();
    if (kernel.isPresent() && kernel.get().states() != state.size()) {
      throw failure(
          "its update "
              + kernel.get()
              + " has "
              + kernel.get().states()
              + " states; state() declares "
              + state.size()
              + ": "
              + names(state, StateVariable::name));
    }
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

  private static <T> String names(List<T> declared, Function<T, String> name) {
    return declared.isEmpty() ? "none" : String.join(", ", declared.stream().map(name).toList());
  }

  /** The operands of a parameter's update; none if this optimizer leaves it as it is. */
  List<Operand> operands(String parameter) {
    List<Operand> operands =
        copied("operands(\"" + parameter + "\")", optimizer.operands(parameter));
    for (Operand operand : operands) {
      int index = operand.hyperparameter().orElse(0);
      if (operand.hyperparameter().isPresent() && (index < 0 || index >= hyperparameters.size())) {
        throw failure(
            "an operand of '"
                + parameter
                + "' is hyperparameter "
                + index
                + "; there are "
                + hyperparameters.size()
                + ", counted from 0: "
                + names(hyperparameters, Hyperparameter::name));
      }
    }
    if (kernel.isPresent()
        && !operands.isEmpty()
        && operands.size() != kernel.get().hyperparameters()) {
      throw failure(
          "its update "
              + kernel.get()
              + " takes "
              + kernel.get().hyperparameters()
              + " hyperparameters; operands(\""
              + parameter
              + "\") gives "
              + operands.size());
    }
    return operands;
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
              + names(hyperparameters, Hyperparameter::name));
    }
  }

  /** Runs an update that is only defined, on throw-away values. */
  void tryOut(Session session, Parameter parameter, List<Operand> operands) {
    if (operands.isEmpty() || kernel.isPresent()) {
      return;
    }
    try (Scope unused = session.scratch()) {
      int[] shape = parameter.storage().shape();
      List<Tensor> inputs = new ArrayList<>(List.of(parameter.storage(), session.zeros(shape)));
      for (StateVariable variable : state) {
        inputs.add(session.full(shape, variable.initial()));
      }
      for (Operand operand : operands) {
        inputs.add(
            session.scalar(
                switch (operand) {
                  case Operand.Tunable tunable -> hyperparameters.get(tunable.index()).initial();
                  case Operand.Complement complement ->
                      1 - hyperparameters.get(complement.index()).initial();
                  case Operand.Constant constant -> constant.value();
                  case Operand.StepCount unused2 -> 1;
                }));
      }
      List<Tensor> outputs;
      try {
        outputs = optimizer.update().apply(inputs);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException(
            who
                + ": its update of '"
                + parameter.name()
                + "' "
                + Arrays.toString(shape)
                + " failed on "
                + inputs(operands)
                + ": "
                + e.getMessage(),
            e);
      }
      check(parameter, outputs);
      for (int i = 0; i < outputs.size(); i++) {
        if (!Arrays.equals(outputs.get(i).shape(), shape)) {
          throw failure(
              "its update of '"
                  + parameter.name()
                  + "' gives "
                  + output(i)
                  + " of shape "
                  + Arrays.toString(outputs.get(i).shape())
                  + "; that of the parameter, "
                  + Arrays.toString(shape)
                  + ", is needed");
        }
      }
    }
  }

  /** That an update gave as many tensors as it must. */
  void check(Parameter parameter, List<Tensor> outputs) {
    int given = 0;
    for (Tensor output : outputs == null ? List.<Tensor>of() : outputs) {
      given += output == null ? 0 : 1;
    }
    if (given != 1 + state.size() || outputs.size() != given) {
      throw failure(
          "its update of '"
              + parameter.name()
              + "' gives "
              + given
              + " tensors; "
              + (1 + state.size())
              + " are needed: the new value, then the state variables ("
              + names(state, StateVariable::name)
              + ")");
    }
  }

  private String output(int i) {
    return i == 0 ? "a new value" : "state '" + state.get(i - 1).name() + "'";
  }

  /** The inputs' names: [p, g, m, v, alpha, constant 1.0E-8, t]. */
  private List<String> inputs(List<Operand> operands) {
    List<String> names = new ArrayList<>(List.of("p", "g"));
    state.forEach(variable -> names.add(variable.name()));
    for (Operand operand : operands) {
      names.add(
          switch (operand) {
            case Operand.Tunable tunable -> hyperparameters.get(tunable.index()).name();
            case Operand.Complement complement ->
                "1 − " + hyperparameters.get(complement.index()).name();
            case Operand.Constant constant -> "constant " + constant.value();
            case Operand.StepCount unused -> "t";
          });
    }
    return names;
  }
}
