package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A session's whole life, in which something may fail at any moment: it is opened, a small network
 * is trained by a tower of height 2, some steps of it are recorded, it is evaluated, and everything
 * is closed. What fails is tried again, as a user would, and must then give the bits of a life in
 * which nothing fails, unless the optimizer says that it cannot go on.
 */
public final class FaultedTraining {

  /** More than is made to fail in one life. */
  private static final int MOST_ATTEMPTS = 5;

  private static final String TOWER = "adam(0.01)/sgd(1e-4)";

  private final LayerNetworks kind;
  private final int steps;
  private final Supplier<Backend> backends;
  private final List<Double> values = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private boolean halved;
  private String mode = "";
  private long bytes;

  private FaultedTraining(LayerNetworks kind, int steps, Supplier<Backend> backends) {
    this.kind = kind;
    this.steps = steps;
    this.backends = backends;
  }

  /**
   * What came of it.
   *
   * @param values losses, hyperparameters, weights, buffers; up to where it ended
   * @param failures what was thrown, in order
   * @param halved whether an update failed in its midst, with which training ended
   * @param mode how steps ran at the end
   * @param bytes what the session held when everything in it was closed
   */
  public record Life(
      List<Double> values, List<Throwable> failures, boolean halved, String mode, long bytes) {}

  /**
   * Lives once.
   *
   * @param kind of network
   * @param steps how many are taken
   * @param backends opens one; may throw
   * @return what came of it
   */
  public static Life live(LayerNetworks kind, int steps, Supplier<Backend> backends) {
    FaultedTraining training = new FaultedTraining(kind, steps, backends);
    training.live();
    return new Life(
        training.values, training.failures, training.halved, training.mode, training.bytes);
  }

  private void live() {
    Session session = again("opening", () -> Session.over(backends.get()));
    try {
      train(session);
      assertWorks(session);
      bytes = session.allocatedBytes();
    } finally {
      again("closing", () -> close(session));
    }
  }

  private static boolean close(AutoCloseable resource) {
    try {
      resource.close();
      return true;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something until it works. */
  private <T> T again(String what, Supplier<T> work) {
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      try {
        return work.get();
      } catch (RuntimeException | OutOfMemoryError e) {
        failures.add(e);
      }
    }
    AssertionError hopeless = new AssertionError(what + " fails again and again");
    failures.forEach(hopeless::addSuppressed);
    throw hopeless;
  }

  private void train(Session session) {
    LayerNetworks.Network network = again("making", () -> kind.make(session));
    TowerOptimizer optimizer =
        again("binding", () -> Tower.parse(TOWER).bind(session, network.parameters));
    try {
      TrainingStep step = optimizer.prepare(network.loss);
      for (int i = 0; i < steps && !halved; i++) {
        step(optimizer, step, i);
      }
      mode = step.mode();
      if (!halved) {
        List<HyperparameterValue> tuned = again("reading", optimizer::hyperparameters);
        tuned.forEach(one -> values.add(one.raw()));
      }
    } finally {
      again("closing the optimizer", () -> close(optimizer));
    }
    if (halved) {
      return;
    }
    long drawn = again("reading", network.counter::count);
    assertEquals(steps, drawn, () -> "masks, after " + failures);
    for (Parameter parameter : network.parameters) {
      add(again("reading", () -> parameter.value().toFloats()));
    }
    for (Buffer buffer : network.buffers) {
      add(again("reading", buffer::toFloats));
    }
    evaluate(session, network);
  }

  private void step(TowerOptimizer optimizer, TrainingStep step, int number) {
    Input[] inputs = LayerNetworks.inputs(number);
    Tensor loss =
        again(
            "step " + number,
            () -> {
              try {
                assertEquals(number, optimizer.steps());
                return step.run(inputs);
              } catch (IllegalStateException e) {
                halved = isHalved(e);
                if (halved) {
                  return null;
                }
                throw e;
              }
            });
    if (!halved) {
      double value = again("reading", loss::item);
      values.add(value);
    }
  }

  /** Whether an optimizer says that it cannot go on, and what to do. */
  private boolean isHalved(IllegalStateException e) {
    String message = String.valueOf(e.getMessage());
    if (!message.contains("failed in its midst")) {
      return false;
    }
    assertTrue(message.contains("go on from a checkpoint"), message);
    assertTrue(failures.contains(e.getCause()), "the reason is what was thrown before: " + e);
    return true;
  }

  /** Something of all parameters and of new data, without a tape. */
  private void evaluate(Session session, LayerNetworks.Network network) {
    double[] sums =
        again(
            "evaluating",
            () -> {
              try (Scope unused = session.scratch()) {
                List<Tensor> all = new ArrayList<>();
                all.add(session.tensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).tanh().sum());
                for (Parameter parameter : network.parameters) {
                  all.add(parameter.value().square().sum());
                }
                return session.items(all);
              }
            });
    for (double sum : sums) {
      values.add(sum);
    }
  }

  /** A session in which something failed is as good as new. */
  private void assertWorks(Session session) {
    double sum =
        again(
            "computing",
            () -> {
              try (Scope scope = session.scratch()) {
                return INTERNALS.show(scope, session.full(new int[] {3, 4}, 2)).sum().item();
              }
            });
    assertEquals(24, sum);
  }

  private void add(float[] some) {
    for (float value : some) {
      values.add((double) value);
    }
  }
}
