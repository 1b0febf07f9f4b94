package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A tower at work on a model's parameters. One {@link #step} computes the loss, takes the gradient
 * of every level in one first-order backward pass, and updates the levels from the top down to the
 * weights (paper, section 2.2 and algorithm 'HyperSGD'). The update is recorded: it is the
 * beginning of the next step's tape, through which the next loss depends on the hyperparameters.
 *
 * <p>Memory is that of two steps, whatever their number. On {@link #close} the parameters keep
 * their values.
 */
public final class TowerOptimizer implements AutoCloseable {

  private final Session session;
  private final List<RunningLevel> levels = new ArrayList<>();
  private Tape tape;
  private Scope previous;
  private long steps;
  private boolean closed;

  TowerOptimizer(Tower tower, Session session, List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("a tower needs at least one parameter to work on");
    }
    this.session = session;
    List<Parameter> targets = parameters;
    for (int k = 0; k < tower.height(); k++) {
      RunningLevel level =
          new RunningLevel(session, tower.levels().get(k), k + 1, targets, k == tower.height() - 1);
      levels.add(level);
      targets = level.tunedParameters();
    }
    tape = session.tape();
    levels.forEach(level -> level.start(tape));
    tape.suspend();
  }

  /**
   * Takes one step.
   *
   * @param loss computes the loss, a tensor of one element, from the parameters' current values
   * @return the loss before the update, usable until the end of the next step
   */
  public Tensor step(Supplier<Tensor> loss) {
    return step(loss, unused -> {});
  }

  /**
   * Takes one step, if the loss is acceptable.
   *
   * @param loss computes the loss, a tensor of one element, from the parameters' current values
   * @param inspection sees the loss first; if it throws, nothing has been updated and the exception
   *     goes on to the caller
   * @return the loss before the update, usable until the end of the next step
   */
  public Tensor step(Supplier<Tensor> loss, Consumer<Tensor> inspection) {
    if (closed) {
      throw new IllegalStateException("step: this optimizer is closed");
    }
    tape.resume();
    Tensor value;
    List<Tensor> gradients;
    try {
      value = loss.get();
      inspection.accept(value);
      gradients = tape.gradient(value, values());
    } finally {
      tape.suspend();
    }
    if (previous != null) {
      previous.close();
    }
    tape.forget();
    previous = tape;
    tape = session.tape();
    try {
      update(gradients);
    } finally {
      tape.suspend();
    }
    steps++;
    return value.detach();
  }

  private List<Tensor> values() {
    List<Tensor> values = new ArrayList<>();
    for (RunningLevel level : levels) {
      for (Parameter target : level.targets()) {
        values.add(target.value());
      }
    }
    return values;
  }

  private void update(List<Tensor> gradients) {
    int end = gradients.size();
    for (int k = levels.size() - 1; k >= 0; k--) {
      RunningLevel level = levels.get(k);
      int begin = end - level.targets().size();
      level.update(tape, gradients.subList(begin, end));
      end = begin;
    }
  }

  /**
   * Number of steps taken.
   *
   * @return 0 before the first
   */
  public long steps() {
    return steps;
  }

  /**
   * The hyperparameters of every level, bottom first. Waits for the backend.
   *
   * @return their current values
   */
  public List<HyperparameterValue> hyperparameters() {
    List<HyperparameterValue> values = new ArrayList<>();
    levels.forEach(level -> values.addAll(level.values()));
    return values;
  }

  /**
   * Stops: the parameters keep their values, everything else is freed. Closing twice is harmless.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (RunningLevel level : levels) {
      level.targets().forEach(Parameter::settle);
    }
    tape.close();
    if (previous != null) {
      previous.close();
    }
  }
}
