package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device promises no order of blocks and warps: in whichever they run, the bits are the same. A
 * program whose last block did not wait for the others, say, would show here.
 */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaOrdersTest {

  @AfterEach
  void asBefore() {
    if (!CudaDouble.isDevice()) {
      CudaDouble.setOrder(CudaDouble.order());
    }
  }

  private static List<float[]> layers() {
    try (CudaBackend backend = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.KERNELS)) {
      LayerWork work = new LayerWork(backend);
      work.run();
      return work.results();
    }
  }

  private static List<Double> steps(String tower) {
    List<Double> losses = new ArrayList<>();
    try (Session session =
        Session.over(CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.KERNELS))) {
      Parameter v = new Parameter("v", session.normal(new int[] {100, 70}, 1, 1));
      Parameter w = new Parameter("w", session.normal(new int[] {3, 100}, 1, 2));
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(v, w))) {
        TrainingStep step =
            optimizer.prepare(
                in ->
                    in.get(0)
                        .matmulTransposed(v.value())
                        .tanh()
                        .matmulTransposed(w.value())
                        .logSoftmax()
                        .pick(in.get(1))
                        .mean()
                        .neg());
        for (int i = 0; i < 8; i++) {
          float[] x = new float[4 * 70];
          x[i] = 1;
          losses.add(step.run(Input.floats(x, 4, 70), Input.indices(0, 1, 2, 0)).item());
        }
      }
    }
    return losses;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 12})
  void bitsDoNotDependOnWhoComesFirst(int order) {
    CudaDouble.requireDouble();
    CudaDouble.setOrder(0);
    List<float[]> expected = layers();
    List<Double> sgd = steps("sgd(0.1)/sgd(1e-3)^3");
    List<Double> adam = steps("adam(1e-2)/sgd(1e-4)");
    CudaDouble.setOrder(order);
    List<float[]> found = layers();
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), "result " + i);
    }
    assertEquals(sgd, steps("sgd(0.1)/sgd(1e-3)^3"));
    assertEquals(adam, steps("adam(1e-2)/sgd(1e-4)"));
  }
}
