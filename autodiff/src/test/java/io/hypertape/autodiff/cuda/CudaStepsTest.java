package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole training steps, recorded and replayed: losses and hyperparameters as on the CPU. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaStepsTest {

  private static final int FEATURES = 37;
  private static final int HIDDEN = 16;
  private static final int CLASSES = 10;

  private record Trained(List<Double> values, String mode) {}

  private static Trained train(Backend backend, String tower) {
    List<Double> values = new ArrayList<>();
    try (Session session = Session.over(backend)) {
      Parameter w1 = new Parameter("w1", session.normal(new int[] {HIDDEN, FEATURES}, 1, 1));
      Parameter b1 = new Parameter("b1", session.full(new int[] {HIDDEN}, 0.1));
      Parameter w2 = new Parameter("w2", session.normal(new int[] {CLASSES, HIDDEN}, 1, 2));
      Parameter b2 = new Parameter("b2", session.zeros(CLASSES));
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w1, b1, w2, b2))) {
        TrainingStep step =
            optimizer.prepare(
                in -> {
                  Tensor hidden = in.get(0).matmulTransposed(w1.value()).add(b1.value()).tanh();
                  Tensor output = hidden.matmulTransposed(w2.value()).add(b2.value());
                  return output.logSoftmax().pick(in.get(1)).mean().neg();
                });
        for (int i = 0; i < 12; i++) {
          values.add(step.run(inputs(i % 5 == 4 ? 7 : 32, i)).item());
        }
        optimizer.hyperparameters().forEach(h -> values.add(h.raw()));
        return new Trained(values, step.mode());
      }
    }
  }

  private static Input[] inputs(int rows, int seed) {
    Random random = new Random(seed);
    float[] x = new float[rows * FEATURES];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.2f * (float) random.nextGaussian();
    }
    return new Input[] {
      Input.floats(x, rows, FEATURES), Input.indices(random.ints(rows, 0, CLASSES).toArray())
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.05)",
        "sgd(0.05, mu=0.5)/sgd(0.01)",
        "adam(0.01)/sgd(1e-4)",
        "adam(0.01)/adam(1e-3)/rmsprop(1e-4)",
        "rmsprop(0.01)/sgd(1e-4)",
        "adagrad(0.05)/sgd(1e-3)",
        "sgd-per-param(w1=0.1)/sgd(1e-3)"
      })
  void sameAsOnTheCpu(String tower) {
    Trained cpu = train(CpuBackends.open("SCALAR", 1), tower);
    for (SoftmaxPath path : new SoftmaxPath[] {SoftmaxPath.CUDNN, SoftmaxPath.KERNELS}) {
      Trained cuda = train(CudaBackend.open(CudaPrecision.FLOAT32, path), tower);
      for (int i = 0; i < cpu.values().size(); i++) {
        double expected = cpu.values().get(i);
        assertEquals(expected, cuda.values().get(i), 1e-4 * Math.max(1, Math.abs(expected)));
      }
      assertTrue(cuda.mode().startsWith("steps are replayed, "), cuda.mode());
    }
  }
}
