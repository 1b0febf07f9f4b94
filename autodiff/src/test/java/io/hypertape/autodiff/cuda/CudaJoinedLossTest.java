package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Labels of a view of log-probabilities: it begins where they do, but has other rows or columns,
 * and is no part of the kernel that made them. Recorded steps have the bits of unrecorded ones.
 */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaJoinedLossTest {

  private static final int ROWS = 6;
  private static final int CLASSES = 8;

  private enum Loss {
    WHOLE(ROWS) {
      @Override
      Tensor of(Tensor logits, Tensor labels) {
        return logits.logSoftmax().pick(labels);
      }
    },
    SOME_ROWS(4) {
      @Override
      Tensor of(Tensor logits, Tensor labels) {
        return logits.logSoftmax().slice(0, 0, 4).pick(labels);
      }
    },
    OTHER_ROWS(12) {
      @Override
      Tensor of(Tensor logits, Tensor labels) {
        return logits.logSoftmax().reshape(12, 4).pick(labels);
      }
    },
    TWO_PARTS(2 * ROWS) {
      @Override
      Tensor of(Tensor logits, Tensor labels) {
        return Tensor.concat(0, List.of(logits.logSoftmax(), logits.neg().logSoftmax()))
            .pick(labels);
      }
    };

    private final int labels;

    Loss(int labels) {
      this.labels = labels;
    }

    abstract Tensor of(Tensor logits, Tensor labels);
  }

  private static List<Double> losses(Loss loss, Session session) {
    List<Double> losses = new ArrayList<>();
    float[] x = new float[ROWS * 5];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(i);
    }
    int[] labels = new int[loss.labels];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 4;
    }
    Parameter w = new Parameter("w", session.normal(new int[] {CLASSES, 5}, 1, 1));
    try (TowerOptimizer optimizer = Tower.parse("sgd(0.5)/sgd(0.01)").bind(session, List.of(w))) {
      TrainingStep step =
          optimizer.prepare(
              in -> loss.of(in.get(0).matmulTransposed(w.value()), in.get(1)).mean().neg());
      for (int i = 0; i < 6; i++) {
        losses.add(step.run(Input.floats(x, ROWS, 5), Input.indices(labels)).item());
      }
      assertTrue(step.mode().contains("replayed"), step.mode());
    }
    return losses;
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void recordedStepsAreThoseOfTheCpu(Loss loss) {
    List<Double> expected;
    try (Session session = Session.open(SessionOptions.of(Device.CPU))) {
      expected = losses(loss, session);
    }
    try (Session session =
        Session.over(CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.KERNELS))) {
      List<Double> found = losses(loss, session);
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i), found.get(i), 1e-5, "step " + i);
      }
    }
  }
}
