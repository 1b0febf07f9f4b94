package io.hypertape.io.onnx;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.io.onnx.NodeFunction.Factory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Matrix products, and sums along axes. */
final class MatrixNodes {

  /** Since then axes are an input, and softmax is along one axis. */
  private static final int OPSET_OF_AXES = 13;

  private MatrixNodes() {}

  /** A reduction that keeps its axes. */
  private interface Reduction {
    Tensor along(Tensor x, int... axes);
  }

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("MatMul", form -> NodeFunction.single(MatrixNodes::matmul));
    all.put("Gemm", MatrixNodes::gemm);
    all.put("ReduceMean", reduction(Tensor::meanKeepDims));
    all.put("ReduceSum", reduction(Tensor::sumKeepDims));
    all.put("ReduceMax", reduction(Tensor::maxKeepDims));
    all.put("ReduceMin", reduction(Tensor::minKeepDims));
    all.put("LogSoftmax", form -> softmax(form, false));
    all.put("Softmax", form -> softmax(form, true));
    all.put("LayerNormalization", MatrixNodes::layerNorm);
    return all;
  }

  private static GraphValue matmul(NodeRun run) {
    Tensor a = run.tensor(0);
    Tensor b = run.tensor(1);
    if (a.rank() == 0 || b.rank() == 0) {
      throw new IllegalArgumentException("a number is no matrix");
    }
    Tensor left = a.rank() == 1 ? a.reshape(1, a.size()) : a;
    Tensor right = b.rank() == 1 ? b.reshape(b.size(), 1) : b;
    int[] stacks =
        run.broadcast(
            Arrays.copyOf(left.shape(), left.rank() - 2),
            Arrays.copyOf(right.shape(), right.rank() - 2));
    long rows = left.shape()[left.rank() - 2];
    long columns = right.shape()[right.rank() - 1];
    run.room(NodeRun.size(stacks), NodeRun.length(rows * columns));
    Tensor product = left.matmul(right);
    int[] shape =
        IntStream.range(0, product.rank())
            .filter(axis -> a.rank() > 1 || axis != product.rank() - 2)
            .filter(axis -> b.rank() > 1 || axis != product.rank() - 1)
            .map(axis -> product.shape()[axis])
            .toArray();
    return NodeRun.of(product.reshape(shape));
  }

  /** alpha·A·B + beta·C, where A and B may be transposed. */
  private static NodeFunction gemm(NodeForm form) throws OnnxException {
    double alpha = form.number("alpha", 1);
    double beta = form.number("beta", 1);
    boolean turnsA = form.integer("transA", 0) != 0;
    boolean turnsB = form.integer("transB", 0) != 0;
    return NodeFunction.single(
        run -> {
          Tensor a = turned(run.tensor(0), turnsA);
          Tensor b = run.tensor(1);
          if (a.rank() != 2 || b.rank() != 2) {
            throw new IllegalArgumentException(
                run.value(0).text() + " and " + run.value(1).text() + "; two matrices are needed");
          }
          int columns = b.shape()[turnsB ? 0 : 1];
          int[] out = run.room(a.shape()[0], columns);
          if (run.has(2) && alpha == 1 && beta == 1 && turnsB) {
            Tensor bias = run.tensor(2);
            if (Arrays.equals(bias.shape(), new int[] {columns})) {
              return NodeRun.of(a.affine(b, bias, Epilogue.NONE));
            }
          }
          Tensor product = turnsB ? a.matmulTransposed(b) : a.matmul(b);
          Tensor scaled = alpha == 1 ? product : product.mul(alpha);
          if (!run.has(2) || beta == 0) {
            return NodeRun.of(scaled);
          }
          Tensor c = run.tensor(2);
          if (!Arrays.equals(run.broadcast(out, c.shape()), out)) {
            throw new IllegalArgumentException(
                "its C " + Arrays.toString(c.shape()) + " for " + Arrays.toString(out));
          }
          return NodeRun.of(scaled.add(beta == 1 ? c : c.mul(beta)));
        });
  }

  private static Tensor turned(Tensor x, boolean turns) {
    return turns ? x.transpose() : x;
  }

  private static Factory reduction(Reduction reduction) {
    return form -> {
      Optional<long[]> attribute = form.integers("axes");
      boolean keeps = form.integer("keepdims", 1) != 0;
      boolean nothing = form.integer("noop_with_empty_axes", 0) != 0;
      return NodeFunction.single(
          run -> {
            Tensor x = run.tensor(0);
            long[] given = ShapeNodes.axes(run, attribute).orElse(new long[0]);
            if (x.rank() == 0 || given.length == 0 && nothing) {
              return NodeRun.of(x);
            }
            int[] axes =
                given.length == 0
                    ? IntStream.range(0, x.rank()).toArray()
                    : NodeRun.axes(given, x.rank());
            Tensor kept = reduction.along(x, axes);
            return NodeRun.of(keeps ? kept : kept.reshape(without(kept.shape(), axes)));
          });
    };
  }

  private static int[] without(int[] shape, int[] axes) {
    return IntStream.range(0, shape.length)
        .filter(axis -> Arrays.stream(axes).noneMatch(a -> a == axis))
        .map(axis -> shape[axis])
        .toArray();
  }

  private static NodeFunction softmax(NodeForm form, boolean exponential) throws OnnxException {
    boolean alongOne = form.opset() >= OPSET_OF_AXES;
    long at = form.integer("axis", alongOne ? -1 : 1);
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          int axis = NodeRun.axis(at, x.rank());
          Tensor y;
          if (alongOne) {
            y = x.logSoftmax(axis);
          } else {
            int rows = NodeRun.size(Arrays.copyOf(x.shape(), axis));
            int columns = NodeRun.size(Arrays.copyOfRange(x.shape(), axis, x.rank()));
            y = x.reshape(rows, columns).logSoftmax().reshape(x.shape());
          }
          return NodeRun.of(exponential ? y.exp() : y);
        });
  }

  private static NodeFunction layerNorm(NodeForm form) throws OnnxException {
    long first = form.integer("axis", -1);
    double eps = form.number("epsilon", 1e-5);
    form.only("stash_type", 1);
    form.require(form.outputs() == 1, "its further outputs are not read");
    return NodeFunction.single(
        run -> {
          Tensor x = run.tensor(0);
          int[] axes = IntStream.range(NodeRun.axis(first, x.rank()), x.rank()).toArray();
          Tensor centred = x.sub(x.meanKeepDims(axes));
          Tensor deviation = centred.square().meanKeepDims(axes).add(eps).sqrt();
          Tensor scale = run.tensor(1);
          run.broadcast(x.shape(), scale.shape());
          Tensor y = centred.div(deviation).mul(scale);
          if (!run.has(2)) {
            return NodeRun.of(y);
          }
          run.broadcast(y.shape(), run.tensor(2).shape());
          return NodeRun.of(y.add(run.tensor(2)));
        });
  }
}
