package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Parts of tensors are views with an offset and gaps: every operation must take them as they are.
 */
interface SliceConformance extends LayerSuite {

  @Test
  default void operationsTakeSlices() {
    try (Session session = Session.over(another());
        Scope unused = session.scratch()) {
      Tensor x = session.uniform(new int[] {11, 23}, 1, 1).add(0.25);
      for (Tensor part :
          List.of(
              x.slice(0, 3, 10),
              x.slice(1, 5, 22),
              x.slice(0, 1, 11, 2).slice(1, 2, 23, 3),
              x.transpose().slice(0, 1, 18).transpose().slice(0, 4, 9),
              x.slice(0, 2, 2),
              x.slice(0, 10, 11).slice(1, 22, 23))) {
        checkMatrix(session, part);
      }
    }
  }

  private static void checkMatrix(Session session, Tensor part) {
    int rows = part.shape()[0];
    Tensor other = session.normal(new int[] {part.shape()[1], 5}, 2, 1);
    Tensor labels = session.indices(new int[rows + 3]).slice(0, 2, 2 + rows);
    same(session, "read", part, x -> x);
    same(session, "contiguous", part, Tensor::contiguous);
    same(session, "exp", part, Tensor::exp);
    same(session, "product", part, x -> x.mul(part));
    same(session, "difference", part, x -> x.slice(0, rows / 2, rows).sub(2));
    same(session, "sum", part, x -> x.sum(1));
    same(session, "largest", part, x -> x.max(0));
    same(session, "matmul", part, x -> x.matmul(other));
    same(session, "matmul of a part with itself", part, x -> x.matmulTransposed(x));
    same(session, "matmul from the right", part, x -> x.transpose().matmul(x));
    same(session, "logSoftmax", part, Tensor::logSoftmax);
    same(session, "pick", part, x -> x.pick(labels));
    same(session, "scatter", part, x -> x.sum(1).scatter(labels, 3));
    same(session, "embedding", part, x -> NeuralOps.embedding(x, labels.slice(0, 0, rows / 2)));
    same(session, "pad", part, x -> x.pad(0, 1, 2).pad(1, 2, 0));
    same(session, "concat", part, x -> Tensor.concat(1, List.of(x, part, x)));
  }

  private static void same(
      Session session, String what, Tensor part, Function<Tensor, Tensor> operation) {
    Tensor copy = session.tensor(part.toDoubles(), part.shape());
    Tensor ours = operation.apply(part);
    Tensor theirs = operation.apply(copy);
    assertArrayEquals(theirs.shape(), ours.shape(), what);
    assertArrayEquals(theirs.toDoubles(), ours.toDoubles(), 2e-5, what + " of " + part);
  }

  @Test
  default void layersTakeSlices() {
    try (Session session = Session.over(another());
        Scope unused = session.scratch()) {
      Tensor images = session.normal(new int[] {4, 6, 9, 7}, 1, 1);
      Tensor filters = session.normal(new int[] {4, 5, 3, 2}, 1, 2);
      for (Tensor part :
          List.of(
              images.slice(0, 1, 3),
              images.slice(1, 1, 6).slice(2, 2, 9),
              images.slice(3, 0, 7, 2),
              images.permute(0, 1, 3, 2).slice(2, 1, 6))) {
        int channels = part.shape()[1];
        Tensor w = filters.slice(1, 0, 1).broadcastTo(4, channels, 3, 2);
        same(session, "convolution", part, x -> NeuralOps.convolution(x, w, Convolution.of(1, 1)));
        same(session, "maxPool", part, x -> NeuralOps.maxPool(x, Pooling.of(2)));
        same(session, "averagePool", part, x -> NeuralOps.averagePool(x, Pooling.of(2)));
        same(session, "globalAveragePool", part, NeuralOps::globalAveragePool);
        Tensor gamma =
            session.normal(new int[] {channels, 2}, 1, 3).slice(1, 1, 2).reshape(channels);
        same(session, "batchNorm", part, x -> NeuralOps.batchNorm(x, gamma, gamma, 1e-3).y());
      }
    }
  }
}
