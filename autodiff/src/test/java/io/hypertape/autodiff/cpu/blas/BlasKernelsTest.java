package io.hypertape.autodiff.cpu.blas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.autodiff.cpu.CpuBackend;
import io.hypertape.bindings.blas.BlasLibraries;
import io.hypertape.bindings.blas.BlasLibrary;
import io.hypertape.bindings.testing.LoopBlas;
import io.hypertape.bindings.testing.RealBlas;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlasKernelsTest {

  private static final int BATCH = 96;
  private static final int FEATURES = 128;
  private static final int HIDDEN = 80;
  private static final int CLASSES = 10;
  private static final int STEPS = 12;

  private static Kernels ours() {
    return Kernels.open(KernelMode.VECTOR, 2);
  }

  /** A perceptron's loss after each step. */
  private static double[] train(Kernels kernels) {
    double[] losses = new double[STEPS];
    try (Session session = Session.over(new CpuBackend(kernels))) {
      Parameter w1 = parameter(session, "w1", 0.1, HIDDEN, FEATURES);
      Parameter b1 = parameter(session, "b1", 0, HIDDEN);
      Parameter w2 = parameter(session, "w2", 0.1, CLASSES, HIDDEN);
      Tower tower = Tower.parse("sgd(0.5, mu=0.9)/sgd(1e-4)");
      float[] x =
          session.scoped(() -> session.normal(new int[] {BATCH, FEATURES}, 1, 9).toFloats());
      int[] labels = new int[BATCH];
      for (int i = 0; i < BATCH; i++) {
        labels[i] = i % CLASSES;
      }
      try (TowerOptimizer optimizer = tower.bind(session, List.of(w1, b1, w2))) {
        TrainingStep training =
            optimizer.prepare(
                in -> {
                  Tensor h = in.get(0).matmulTransposed(w1.value()).add(b1.value()).tanh();
                  Tensor y = h.matmulTransposed(w2.value()).logSoftmax();
                  return y.pick(in.get(1)).mean().neg();
                });
        for (int step = 0; step < STEPS; step++) {
          losses[step] =
              training.run(Input.floats(x, BATCH, FEATURES), Input.indices(labels)).item();
        }
      }
    }
    return losses;
  }

  private static Parameter parameter(Session session, String name, double scale, int... shape) {
    return session.scoped(() -> new Parameter(name, session.normal(shape, 1, shape[0]).mul(scale)));
  }

  @Test
  void aTrainingIsTheSameButForBits() {
    LoopBlas blas = new LoopBlas();
    double[] expected = train(ours());
    double[] actual = train(BlasKernels.over(ours(), blas, 2));
    assertArrayEquals(expected, actual, 1e-4);
    assertFalse(Arrays.equals(expected, actual), "other bits");
    assertTrue(blas.run >= 2 * STEPS, blas.run + " products");
    assertTrue(blas.made < blas.run, "steps are recorded");
    assertTrue(expected[STEPS - 1] < expected[0], "it learns");
  }

  @Test
  void aRealLibraryTrainsAsOurKernelsDo() {
    for (Path file : RealBlas.require()) {
      BlasLibrary library = BlasLibraries.of(file).library().orElseThrow();
      assertArrayEquals(train(ours()), train(BlasKernels.over(ours(), library, 2)), 1e-4);
    }
  }

  @Test
  void theLibraryIsNamedAndToldItsThreads() {
    LoopBlas blas = new LoopBlas();
    try (Session session = Session.over(new CpuBackend(BlasKernels.over(ours(), blas, 2)))) {
      String text = session.description();
      assertTrue(text.contains(" bits, large products by loops (of a test) in its bits"), text);
      assertTrue(text.endsWith(", 2 threads"), text);
    }
    assertEquals(2, blas.threads);
    LoopBlas untold =
        new LoopBlas() {
          @Override
          public ThreadControl setThreads(int count) {
            return ThreadControl.NONE;
          }
        };
    try (Kernels kernels = BlasKernels.over(ours(), untold, 2)) {
      String reason = kernels.selection().reason();
      assertTrue(reason.endsWith("in its bits and with as many threads as it takes"), reason);
    }
  }

  @Test
  void allElseIsOurs() {
    Kernels ours = ours();
    try (Kernels kernels = BlasKernels.over(ours, new LoopBlas(), 1)) {
      assertSame(ours.elementwise(), kernels.elementwise());
      assertSame(ours.convolutions(), kernels.convolutions());
      assertSame(ours.layers(), kernels.layers());
      assertSame(ours.updates(), kernels.updates());
      assertNotSame(ours.products(), kernels.products());
      assertEquals(ours.selection().threads(), kernels.selection().threads());
      assertEquals(ours.selection().laneBits(), kernels.selection().laneBits());
    }
    assertThrows(IllegalStateException.class, ours::products);
  }

  @Test
  void withoutOneAllIsOursAndTheReasonIsSaid() {
    Kernels ours = ours();
    try (Kernels kernels = BlasKernels.without(ours, "no BLAS serves")) {
      assertSame(ours.products(), kernels.products());
      String reason = kernels.selection().reason();
      assertTrue(reason.endsWith(" bits (no BLAS serves)"), reason);
    }
  }

  @Test
  void offIsNone() {
    Kernels ours = ours();
    try (ours) {
      assertSame(ours, FoundBlas.of(BlasChoice.OFF).over(ours, 2));
      assertSame(ours, FoundBlas.of(BlasChoice.DEFAULT).over(ours, 2));
    }
  }
}
