package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.example.CoreOnlyBackend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prepared steps of a network of products of stacks, softmax of an axis, choices and sums. */
class TensorOpStepsTest {

  private static final int STEPS = 12;

  /** One head of causal attention over three sequences of four vectors. */
  private static Tensor loss(List<Parameter> weights, Tensor x, Tensor places, Tensor labels) {
    Tensor sequence = x.reshape(3, 4, 6);
    Tensor q = sequence.matmul(weights.get(0).value());
    Tensor k = sequence.matmul(weights.get(1).value());
    Tensor v = Tensor.einsum("bti,io->bto", sequence, weights.get(2).value());
    Tensor time = sequence.slice(2, 0, 1).mul(0).add(1).cumsum(1);
    Tensor later = time.permute(0, 2, 1).greaterThan(time);
    Tensor scores = Tensor.where(later, time.mul(0).sub(1e4), q.matmulTransposed(k));
    Tensor read = scores.softmax(-1).matmul(v);
    Tensor centered = read.sub(read.meanKeepDims(2));
    Tensor last = centered.gather(1, places.reshape(3, 1, 5)).reshape(3, 5);
    return last.add(centered.take(1, labels).mean(1)).logSoftmax(1).pick(labels).mean().neg();
  }

  private static double[] train(Backend backend, boolean replays) {
    List<Double> seen = new ArrayList<>();
    try (Session session = Session.over(backend)) {
      List<Parameter> weights = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        weights.add(new Parameter("w" + i, session.normal(new int[] {6, 5}, 1, i)));
      }
      try (TowerOptimizer optimizer =
          Tower.parse("adam(0.02)/sgd(1e-4)/sgd(1e-5)").bind(session, weights)) {
        TrainingStep step = optimizer.prepare(in -> loss(weights, in.get(0), in.get(1), in.get(2)));
        int[] places = {3, 3, 2, 3, 3, 0, 3, 1, 3, 2, 3, 3, 3, 3, 3};
        for (int i = 0; i < STEPS; i++) {
          float[] x = new float[72];
          for (int j = 0; j < x.length; j++) {
            x[j] = (float) Math.sin(i + j * j);
          }
          Tensor loss =
              step.run(
                  Input.floats(x, 3, 24),
                  Input.indices(places),
                  Input.indices(i % 4, 2, (i + 1) % 4));
          seen.add(loss.item());
        }
        optimizer.hyperparameters().forEach(h -> seen.add(h.raw()));
        assertTrue(step.mode().startsWith("steps are replayed") == replays, step.mode());
      }
      for (Parameter weight : weights) {
        for (double value : weight.value().toDoubles()) {
          seen.add(value);
        }
      }
    }
    return seen.stream().mapToDouble(v -> v).toArray();
  }

  @Test
  void replayedStepsEqualThoseThatRun() {
    double[] expected = train(new ReferenceBackend(DType.F64), false);
    assertArrayEquals(
        expected, train(new ReplayingBackend(new ReferenceBackend(DType.F64), true), true));
    assertArrayEquals(expected, train(new CoreOnlyBackend(DType.F64), false), 1e-9);
    for (String mode : new String[] {"SCALAR", "VECTOR"}) {
      double[] replayed = train(CpuBackends.open(mode, 2), true);
      assertArrayEquals(
          train(new ReplayingBackend(CpuBackends.open(mode, 2), false), false), replayed, mode);
      assertArrayEquals(expected, replayed, 1e-3, mode);
    }
  }
}
