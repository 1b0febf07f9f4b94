package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Storage that is kept for reuse: how much of it, whatever the sizes of what is computed. */
class PooledMemoryTest {

  private static final int FEATURES = 128;
  private static final int LARGEST = 512;
  private static final long MIB = 1 << 20;

  /** What is done with batches of various sizes. */
  enum Work {
    SCOPES,
    TAPES,
    STEPS,
    PREPARED_STEPS
  }

  private static Session open() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  }

  private static Tensor loss(Tensor x, Tensor y, Parameter w) {
    return x.matmulTransposed(w.value()).logSoftmax().pick(y).mean().neg();
  }

  private static void run(Work work, Session session, List<Integer> sizes) {
    Parameter w = new Parameter("w", session.normal(new int[] {8, FEATURES}, 1, 1));
    BiConsumer<Integer, TowerOptimizer> step =
        (n, optimizer) ->
            optimizer.step(() -> loss(session.ones(n, FEATURES), session.indices(new int[n]), w));
    switch (work) {
      case SCOPES -> {
        for (int n : sizes) {
          try (Scope scope = session.scratch()) {
            scope.show(session.ones(n, FEATURES)).matmulTransposed(w.value()).tanh().toFloats();
          }
        }
      }
      case TAPES -> {
        for (int n : sizes) {
          try (Tape tape = session.tape()) {
            Tensor x = tape.watch(session.ones(n, FEATURES));
            tape.gradient(x.tanh().matmulTransposed(w.value()).sum(), List.of(x));
          }
        }
      }
      case STEPS -> {
        try (TowerOptimizer optimizer = Tower.parse("sgd(0.1)").bind(session, List.of(w))) {
          sizes.forEach(n -> step.accept(n, optimizer));
        }
      }
      case PREPARED_STEPS -> {
        try (TowerOptimizer optimizer = Tower.parse("sgd(0.1)").bind(session, List.of(w))) {
          TrainingStep prepared = optimizer.prepare(in -> loss(in.get(0), in.get(1), w));
          for (int n : sizes) {
            prepared.run(
                Input.floats(new float[n * FEATURES], n, FEATURES), Input.indices(new int[n]));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Work.class)
  void batchesOfManySizesTakeLittleMoreThanTheLargest(Work work) {
    long largest;
    try (Session session = open()) {
      run(work, session, Collections.nCopies(8, LARGEST));
      largest = session.allocatedBytes();
    }
    List<Integer> sizes =
        new ArrayList<>(IntStream.rangeClosed(0, 128).mapToObj(i -> Math.max(1, 4 * i)).toList());
    Collections.shuffle(sizes, new Random(1));
    try (Session session = open()) {
      run(work, session, sizes);
      long all = session.allocatedBytes();
      assertTrue(all <= 3 * largest + 6 * MIB, all + " bytes, and " + largest + " for the largest");
    }
  }

  @Test
  void whatIsIdleCanBeGivenBack() {
    try (Session session = open()) {
      Tensor kept = session.ones(100, 100);
      long before = session.allocatedBytes();
      try (Scope scope = session.scratch()) {
        Tensor used = scope.show(session.ones(1000, 1000));
        session.trim();
        assertEquals(1e6, used.sum().item());
        assertTrue(session.allocatedBytes() >= before + 4_000_000, "it is in use");
      }
      assertTrue(session.allocatedBytes() >= before + 4_000_000, "it waits for reuse");
      session.trim();
      assertEquals(before, session.allocatedBytes());
      assertEquals(1e4, item(session, kept));
    }
  }

  private static double item(Session session, Tensor tensor) {
    try (Scope scope = session.scratch()) {
      return scope.show(tensor).sum().item();
    }
  }

  @Test
  void aTensorIsAsLargeAsItWasMadeWhateverItsStorage() {
    try (Session session = open()) {
      Tensor tensor = session.ones(17);
      session.overwrite(tensor, new float[17]);
      assertEquals(17, tensor.toFloats().length);
      assertThrows(IllegalArgumentException.class, () -> session.overwrite(tensor, new float[32]));
      try (Scope scope = session.scratch()) {
        Tensor half = scope.show(tensor).slice(0, 0, 8);
        assertThrows(IllegalArgumentException.class, () -> session.overwrite(half, new float[8]));
        Tensor turned = session.ones(2, 3).transpose();
        assertThrows(IllegalArgumentException.class, () -> session.overwrite(turned, new float[6]));
      }
    }
  }

  /** Losses of batches whose size grows and shrinks, as steps by themselves or prepared ones. */
  private static List<Double> losses(List<Integer> sizes, boolean prepared) {
    List<Double> losses = new ArrayList<>();
    Random random = new Random(1);
    try (Session session = open()) {
      Parameter w = new Parameter("w", session.normal(new int[] {3, 5}, 1, 1));
      try (TowerOptimizer optimizer =
          Tower.parse("adam(0.1)/sgd(0.01)").bind(session, List.of(w))) {
        TrainingStep step = optimizer.prepare(in -> loss(in.get(0), in.get(1), w));
        for (int n : sizes) {
          float[] x = new float[n * 5];
          for (int i = 0; i < x.length; i++) {
            x[i] = random.nextFloat();
          }
          Tensor loss =
              prepared
                  ? step.run(Input.floats(x, n, 5), Input.indices(new int[n]))
                  : optimizer.step(
                      () -> loss(session.tensor(x, n, 5), session.indices(new int[n]), w));
          losses.add(loss.item());
        }
        if (prepared) {
          assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
        }
      }
    }
    return losses;
  }

  @Test
  void stepsOfManyFormsShareTheirStorageAndKeepTheirBits() {
    List<Integer> sizes = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int n : new int[] {40, 3, 200, 3, 1, 500}) {
        sizes.addAll(Collections.nCopies(6, n));
      }
      IntStream.range(0, 40).forEach(i -> sizes.add(10 + 7 * i));
      IntStream.range(0, 12).forEach(i -> sizes.add(i % 2 == 0 ? 40 : 3));
    }
    assertEquals(losses(sizes, false), losses(sizes, true));
  }
}
