package io.hypertape.optim;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One level of a tower at work: its hyperparameters' values, and its state for each target. */
final class RunningLevel {

  private final Session session;
  private final Level level;
  private final int number;
  private final UpdateContract contract;
  private final List<Hyperparameter> declared;
  private final List<Parameter> raw = new ArrayList<>();
  private final boolean[] tuned;
  // As what the updates take each hyperparameter.
  private final boolean[] asValue;
  private final boolean[] asComplement;
  private final Parameter[] constants;
  private final Parameter[] constantComplements;
  private final Tensor[] effective;
  private final Tensor[] complements;
  private final boolean[] stepSizes;
  private final List<Target> targets = new ArrayList<>();
  private Tensor count;
  // What the step sizes are multiplied by; null for nothing.
  private Buffer factor;

  /** What this level remembers of a parameter that it updates. */
  private static final class Target {
    final Parameter parameter;
    final List<Operand> operands;
    final List<Tensor> state = new ArrayList<>();

    Target(Parameter parameter, List<Operand> operands) {
      this.parameter = parameter;
      this.operands = operands;
    }
  }

  RunningLevel(Session session, Level level, int number, List<Parameter> parameters, boolean top) {
    this.session = session;
    this.level = level;
    this.number = number;
    this.contract = new UpdateContract(number, level.optimizer());
    this.declared = level.optimizer().hyperparameters();
    this.tuned = new boolean[declared.size()];
    this.asValue = new boolean[declared.size()];
    this.asComplement = new boolean[declared.size()];
    this.constants = new Parameter[declared.size()];
    this.constantComplements = new Parameter[declared.size()];
    this.effective = new Tensor[declared.size()];
    this.complements = new Tensor[declared.size()];
    this.stepSizes = new boolean[declared.size()];
    for (Parameter parameter : parameters) {
      targets.add(new Target(parameter, contract.operands(parameter.name())));
    }
    findUse();
    for (int h = 0; h < declared.size(); h++) {
      Hyperparameter hyper = declared.get(h);
      try (Scope unused = session.scratch()) {
        raw.add(
            new Parameter(hyper.name(), session.scalar(hyper.transform().raw(hyper.initial()))));
      }
      tuned[h] = !top && (asValue[h] || asComplement[h]) && level.tunes(hyper.name());
    }
    if (!top) {
      checkChoice();
    }
    checkNames();
    targets.forEach(target -> contract.tryOut(session, target.parameter, target.operands));
  }

  /** Multiplies the step sizes by what a scalar holds at each step. */
  void scaleStepSizes(Buffer newFactor) {
    contract.checkStepSizes();
    factor = newFactor;
    List<String> names = level.optimizer().stepSizes();
    for (int h = 0; h < stepSizes.length; h++) {
      stepSizes[h] = names.contains(declared.get(h).name());
    }
  }

  private void findUse() {
    for (Target target : targets) {
      for (Operand operand : target.operands) {
        switch (operand) {
          case Operand.Tunable tunable -> asValue[tunable.index()] = true;
          case Operand.Complement complement -> asComplement[complement.index()] = true;
          case Operand.Constant unused -> {}
          case Operand.StepCount unused -> {}
        }
      }
    }
  }

  private void checkChoice() {
    for (int h = 0; h < tuned.length; h++) {
      if (!tuned[h] && level.tuned().contains(declared.get(h).name())) {
        throw new IllegalArgumentException(
            "level "
                + number
                + ", "
                + level.optimizer().text()
                + ": '"
                + declared.get(h).name()
                + "' shall be tuned but is not in use");
      }
    }
  }

  /** An optimizer that names its parameters must find them below. */
  private void checkNames() {
    if (level.optimizer() instanceof SgdPerParameter perParameter) {
      List<String> below = targets.stream().map(t -> t.parameter.name()).toList();
      for (String name : perParameter.alphas().keySet()) {
        if (!below.contains(name)) {
          throw new IllegalArgumentException(
              "level "
                  + number
                  + ", "
                  + level.optimizer().name()
                  + ": there is no parameter '"
                  + name
                  + "' below; there are "
                  + String.join(", ", below));
        }
      }
    }
  }

  /** First values, on the first tape, which is current. */
  void start(Tape tape) {
    count = session.scalar(0);
    for (Target target : targets) {
      target.parameter.set(tape.watch(target.parameter.storage()));
      for (StateVariable variable : level.optimizer().state()) {
        target.state.add(session.full(target.parameter.storage().shape(), variable.initial()));
      }
    }
    for (int h = 0; h < declared.size(); h++) {
      Hyperparameter hyper = declared.get(h);
      if (!tuned[h]) {
        constants[h] =
            new Parameter(hyper.name(), hyper.transform().effective(raw.get(h).storage()));
        // From the number as it was given: the session's precision may have no digits left of it.
        constantComplements[h] = new Parameter(hyper.name(), session.scalar(1 - hyper.initial()));
      }
    }
  }

  /** The parameters that the level above updates. */
  List<Parameter> tunedParameters() {
    List<Parameter> result = new ArrayList<>();
    for (int h = 0; h < tuned.length; h++) {
      if (tuned[h]) {
        result.add(raw.get(h));
      }
    }
    return result;
  }

  List<Parameter> targets() {
    return targets.stream().map(t -> t.parameter).toList();
  }

  TowerState.LevelState state() {
    List<Tensor> values = new ArrayList<>(targets.size());
    List<List<Tensor>> states = new ArrayList<>(targets.size());
    for (Target target : targets) {
      values.add(target.parameter.tracked());
      states.add(List.copyOf(target.state));
    }
    return new TowerState.LevelState(values, states, count);
  }

  void restore(TowerState.LevelState state) {
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      target.parameter.set(state.values().get(i));
      for (int s = 0; s < target.state.size(); s++) {
        target.state.set(s, state.states().get(i).get(s));
      }
    }
    count = state.count();
  }

  private String prefix() {
    return "L" + number + "/";
  }

  private String valueName(Target target) {
    return prefix() + target.parameter.name() + "/value";
  }

  private String stateName(Target target, int s) {
    return prefix() + target.parameter.name() + "/state." + level.optimizer().state().get(s).name();
  }

  String gradientName(Parameter parameter) {
    return prefix() + parameter.name() + "/gradient";
  }

  private String countName() {
    return prefix() + "updates";
  }

  /** Names what a state consists of. */
  void name(TowerState.LevelState state, NamedTensors named) {
    named.put(countName(), state.count());
    for (int i = 0; i < targets.size(); i++) {
      named.put(valueName(targets.get(i)), state.values().get(i));
      List<Tensor> states = state.states().get(i);
      for (int s = 0; s < states.size(); s++) {
        named.put(stateName(targets.get(i), s), states.get(s));
      }
    }
  }

  /** Checks that everything is there which {@link #load} needs. */
  void check(NamedTensors named) {
    named.check(countName());
    for (Target target : targets) {
      int[] shape = target.parameter.storage().shape();
      named.check(valueName(target), shape);
      for (int s = 0; s < target.state.size(); s++) {
        named.check(stateName(target, s), shape);
      }
    }
  }

  /** Sets values and states to copies of named tensors, the values as leaves of a tape. */
  void load(NamedTensors named, Tape tape) {
    count = named.copy(countName());
    for (Target target : targets) {
      int[] shape = target.parameter.storage().shape();
      target.parameter.set(tape.watch(named.copy(valueName(target), shape)));
      if (target.operands.isEmpty()) {
        // What no update changes is looked for in its storage.
        target.parameter.commit();
        target.parameter.set(tape.watch(target.parameter.storage()));
      }
      for (int s = 0; s < target.state.size(); s++) {
        target.state.set(s, named.copy(stateName(target, s), shape));
      }
    }
  }

  /** Makes the targets' values leaves of a tape, independent of the last update. */
  void watch(Tape tape) {
    for (Target target : targets) {
      target.parameter.set(tape.watch(target.parameter.tracked()));
    }
  }

  /** Updates the targets; the hyperparameters have been updated on this tape before. */
  void update(Tape tape, List<Tensor> gradients) {
    count = count.add(1);
    Tensor scale = factor == null ? null : factor.read();
    for (int h = 0; h < declared.size(); h++) {
      Transform transform = declared.get(h).transform();
      if (asValue[h]) {
        Tensor value = tuned[h] ? transform.effective(raw.get(h).value()) : constants[h].storage();
        effective[h] = scale != null && stepSizes[h] ? value.mul(scale) : value;
      }
      if (asComplement[h]) {
        complements[h] =
            tuned[h] ? transform.complement(raw.get(h).value()) : constantComplements[h].storage();
      }
    }
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      if (target.operands.isEmpty()) {
        target.parameter.set(tape.watch(target.parameter.storage()));
      } else {
        update(tape, target, gradients.get(i));
      }
    }
  }

  private void update(Tape tape, Target target, Tensor gradient) {
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(target.parameter.tracked().detach());
    inputs.add(gradient.detach());
    inputs.addAll(target.state);
    for (Operand operand : target.operands) {
      inputs.add(
          switch (operand) {
            case Operand.Tunable tunable -> effective[tunable.index()];
            case Operand.Complement complement -> complements[complement.index()];
            case Operand.Constant constant -> session.constant(constant.value());
            case Operand.StepCount unused -> count;
          });
    }
    List<Tensor> outputs = level.optimizer().update().apply(inputs);
    contract.check(target.parameter, outputs);
    Tensor value = outputs.get(0);
    target.parameter.set(value.isTracked() ? value : tape.watch(value));
    for (int s = 0; s < target.state.size(); s++) {
      target.state.set(s, outputs.get(1 + s).detach());
    }
  }

  /** Stored values of the hyperparameters, in the order of their declaration. */
  List<Tensor> stored() {
    return raw.stream().map(Parameter::tracked).toList();
  }

  List<HyperparameterValue> values(double[] stored, int from) {
    List<HyperparameterValue> result = new ArrayList<>();
    for (int h = 0; h < declared.size(); h++) {
      double value =
          tuned[h]
              ? declared.get(h).transform().effective(stored[from + h])
              : declared.get(h).initial();
      result.add(
          new HyperparameterValue(
              number,
              level.optimizer().name(),
              declared.get(h).name(),
              value,
              stored[from + h],
              tuned[h]));
    }
    return result;
  }
}
