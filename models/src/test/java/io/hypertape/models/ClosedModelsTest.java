package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that have been closed, and such as nobody can reach any more. */
class ClosedModelsTest {

  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  /** A model, and a use of it. */
  private record Kind(String name, Function<Session, AutoCloseable> create) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind("mlp", s -> Mlp.create(s, MlpSpec.tanh(784, 300, 10), 1)),
        new Kind("cnn", s -> Cnn.create(s, new CnnSpec(1, 28, 28, 10), 1)),
        new Kind("resnet", s -> ResNet.create(s, new ResNetSpec(8, 3, 10), 1)),
        new Kind("char-lstm", s -> CharLstm.create(s, new CharLstmSpec(20, 50, 100, 2, 0.5), 1)),
        new Kind("layer", s -> Sequential.of(Dropout.create(new ParameterFactory(s, 1), 0.5))));
  }

  private void use(AutoCloseable model) {
    session.scoped(
        () -> {
          switch (model) {
            case CharLstm lstm -> lstm.forward(session.indices(new int[8]), 4, 2, Mode.TRAIN);
            case Mlp mlp -> mlp.forward(session.zeros(2, 784), Mode.TRAIN);
            case Cnn cnn -> cnn.forward(session.zeros(2, 1, 28, 28), Mode.TRAIN);
            case ResNet net -> net.forward(session.zeros(2, 3, 8, 8), Mode.TRAIN);
            case Layer layer -> layer.forward(session.zeros(2, 3), Mode.TRAIN);
            default -> throw new AssertionError(model);
          }
        });
  }

  /** Bytes in use; constants, which are kept, are made before. */
  private long bytes() {
    session.trim();
    return session.allocatedBytes();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void closingFreesAllOfIt(Kind kind) throws Exception {
    try (AutoCloseable first = kind.create.apply(session)) {
      use(first);
    }
    long before = bytes();
    AutoCloseable model = kind.create.apply(session);
    use(model);
    assertTrue(bytes() > before);
    model.close();
    assertEquals(before, bytes());
    model.close();
    Exception e = assertThrows(IllegalStateException.class, () -> use(model));
    assertTrue(
        e.getMessage().contains(" is used after it was closed, alone or with its model")
            || e.getMessage()
                .endsWith(" is used after what it belongs to, such as a model, was closed"),
        e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anotherThreadMayCloseIt(Kind kind) throws Exception {
    try (AutoCloseable first = kind.create.apply(session)) {
      use(first);
    }
    long before = bytes();
    AutoCloseable model = kind.create.apply(session);
    use(model);
    Thread thread =
        new Thread(
            () -> {
              try {
                model.close();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    thread.join();
    assertEquals(before, bytes(), "it is freed before the session's thread goes on");
    assertThrows(IllegalStateException.class, () -> use(model));
  }

  @Test
  void whatAnOptimizerWorksOnIsNotClosedUnderIt() throws InterruptedException {
    Mlp model = Mlp.create(session, MlpSpec.tanh(4, 2), 1);
    Tensor x = session.ones(1, 4);
    try (TowerOptimizer optimizer = Tower.parse("sgd(0.1)").bind(session, model.parameters())) {
      optimizer.step(() -> model.forward(x, Mode.TRAIN).sum());
      Exception e = assertThrows(IllegalStateException.class, model::close);
      assertEquals(
          "parameter layer1.weight[2, 4] is at work in an optimizer; close that first, and bind its"
              + " tower anew",
          e.getMessage());
      Thread thread = new Thread(model::close);
      thread.start();
      thread.join();
      session.scoped(() -> {});
      optimizer.step(() -> model.forward(x, Mode.TRAIN).sum());
    }
    assertThrows(IllegalStateException.class, () -> model.parameters().getFirst().value());
  }

  /** The most that is allocated while something is made and dropped again and again. */
  private void assertBounded(IntConsumer making) {
    long before = bytes();
    making.accept(0);
    long one = session.allocatedBytes() - before;
    long peak = 0;
    for (int i = 1; i <= 36; i++) {
      making.accept(i);
      if (i % 4 == 0) {
        System.gc();
        awaitReferences();
      }
      peak = Math.max(peak, session.allocatedBytes() - before);
    }
    assertTrue(peak < 15 * one, peak + " bytes; one takes " + one);
  }

  @Test
  void droppedModelsLeaveLittle() {
    assertBounded(seed -> use(Mlp.create(session, MlpSpec.tanh(784, 300, 10), seed)));
  }

  @Test
  void droppedOptimizersLeaveLittle() {
    assertBounded(
        seed -> {
          Mlp model = Mlp.create(session, MlpSpec.tanh(784, 100, 10), seed);
          Tower.parse("adam(1e-3)/sgd(1e-5)")
              .bind(session, model.parameters())
              .step(() -> model.forward(session.ones(2, 784), Mode.TRAIN).sum());
        });
  }

  @Test
  void droppedTensorsLeaveLittle() {
    assertBounded(seed -> session.normal(new int[] {500, 500}, seed, 1));
  }

  /** References are found by a thread of the JVM's, soon after a collection. */
  private static void awaitReferences() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
