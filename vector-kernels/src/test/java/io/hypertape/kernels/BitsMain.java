package io.hypertape.kernels;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Run by {@link BitsTest} in a virtual machine of its own: every kernel again and again while it
 * gets compiled; prints the hashes of what came out, one for each kernel if all calls agreed.
 */
final class BitsMain {
  private static final int N = 1009;
  private static final ConvolutionShape LAYER =
      new ConvolutionShape(2, 2, 9, 17, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1);
  private static final ConvolutionShape STRIDED =
      new ConvolutionShape(3, 5, 8, 7, 9, 3, 2, 2, 2, 1, 0, 1, 1, 1);

  private BitsMain() {}

  /** Of kernels of a {@link KernelMode}. */
  public static void main(String[] args) {
    try (Kernels kernels = Kernels.open(KernelMode.valueOf(args[0]), 1)) {
      run(kernels, 4000).forEach((kernel, hash) -> System.out.println(kernel + " " + hash));
    }
  }

  /** Hashes of all kernels that come from so many rounds of calls. */
  static Map<String, Integer> run(Kernels kernels, int calls) {
    float[] x = Randoms.normal(N, 1);
    float[] y = Randoms.positive(N, 2);
    Map<String, Integer> hashes = new TreeMap<>();
    for (int call = 0; call < calls; call++) {
      float[] out = new float[4 * N];
      Elementwise elementwise = kernels.elementwise();
      Strided outN = Strided.dense(out, 0, new int[] {N});
      Strided xN = Strided.dense(x, 0, new int[] {N});
      Strided yN = Strided.dense(y, 0, new int[] {N});
      for (UnaryOp op : UnaryOp.values()) {
        elementwise.unary(op, op == UnaryOp.LOG ? yN : xN, outN).run();
        record(hashes, op.name(), out);
      }
      for (BinaryOp op : BinaryOp.values()) {
        elementwise.binary(op, yN, xN, outN).run();
        record(hashes, op.name(), out);
      }
      elementwise.reduce(ReduceOp.SUM, xN, Strided.dense(out, 0, new int[] {1})).run();
      out[1] = elementwise.dot(Floats.of(x), Floats.of(y));
      record(hashes, "sums", out);
      Strided turned = new Strided(x, 0, new int[] {77, 13}, new int[] {1, 77});
      elementwise
          .reduce(
              ReduceOp.SUM,
              Strided.dense(x, 0, new int[] {77, 13}),
              Strided.dense(out, 0, new int[] {1, 13}))
          .run();
      elementwise.reduce(ReduceOp.SUM, turned, Strided.dense(out, N, new int[] {1, 13})).run();
      Matrix rows = Matrix.dense(x, 0, 300, 3);
      Matrix sum = Matrix.dense(out, 2 * N, 1, 3);
      kernels.layers().scatterRows(rows, Ints.of(new int[300]), sum).run();
      record(hashes, "sums of columns and rows", out);
      Matrix softmax = Matrix.dense(out, 0, 77, 13);
      elementwise.logSoftmax(Matrix.dense(x, 0, 77, 13), softmax).run();
      elementwise
          .logSoftmaxGrad(softmax, Matrix.dense(y, 0, 77, 13), Matrix.dense(out, N, 77, 13))
          .run();
      record(hashes, "softmax", out);
      kernels
          .products()
          .gemm(
              new Matrix(x, 0, 31, 31, 31, 1),
              new Matrix(y, 0, 31, 31, 1, 31),
              0,
              new Matrix(out, 0, 31, 31, 31, 1))
          .run();
      record(hashes, "gemm", out);
      Convolutions room = kernels.convolutions();
      Floats images = new Floats(x, 0, 2 * 2 * 9 * 17);
      Floats cotangent = new Floats(x, 0, 2 * 3 * 9 * 17);
      Floats filters = new Floats(y, 0, 3 * 2 * 3 * 3);
      room.forward(LAYER, images, filters, new Floats(out, 0, cotangent.length())).run();
      room.data(LAYER, cotangent, filters, new Floats(out, N, images.length())).run();
      Floats outputs = new Floats(y, 0, cotangent.length());
      room.filter(LAYER, images, outputs, new Floats(out, 2 * N, filters.length())).run();
      Floats small = new Floats(x, 0, 3 * 5 * 8 * 7);
      room.forward(
              STRIDED,
              small,
              new Floats(y, 0, 9 * 5 * 3 * 2),
              new Floats(out, 3 * N, 3 * 9 * STRIDED.outPlane()))
          .run();
      record(hashes, "convolutions", out);
      kernels
          .products()
          .dense(
              DenseActivation.TANH,
              new Matrix(x, 0, 33, 30, 30, 1),
              new Matrix(y, 0, 30, 21, 21, 1),
              new Floats(x, 0, 21),
              new Matrix(out, 0, 33, 21, 21, 1))
          .run();
      kernels
          .products()
          .denseGrad(
              DenseActivation.SIGMOID,
              new Matrix(x, 0, 33, 21, 21, 1),
              new Matrix(out, 0, 33, 21, 21, 1),
              new Matrix(out, 0, 33, 21, 21, 1),
              new Floats(out, N, 21))
          .run();
      record(hashes, "dense layer", out);
      kernels
          .updates()
          .of(
              UpdateOp.ADAM,
              new double[] {0.1f, 0.9f, 0.99f, 1e-8f, 3},
              new float[0],
              new Floats(x, 0, N),
              new Floats(y, 0, N),
              new Floats(x, 0, N),
              new Floats(y, 0, N),
              new Floats(out, 0, N),
              new Floats(out, N, N),
              new Floats(out, 2 * N, N))
          .run();
      kernels
          .updates()
          .of(
              UpdateOp.RMSPROP,
              new double[] {0.1f, 0.9f, 1e-8f},
              new float[0],
              new Floats(x, 0, N),
              new Floats(y, 0, N),
              new Floats(y, 0, N),
              new Floats(out, 2 * N, N),
              new Floats(out, 3 * N, N))
          .run();
      record(hashes, "updates", out);
      kernels
          .updates()
          .of(
              UpdateOp.ADAM_HYPER,
              new double[] {0.1f, 0.9f, 0.99f, 1e-8f, 3},
              out,
              new Floats(y, 0, N),
              new Floats(x, 0, N),
              new Floats(x, 0, N),
              new Floats(y, 0, N))
          .run();
      record(hashes, "hypergradients", out);
      for (UpdateOp update : UpdateOp.values()) {
        // Most of what the first ones do is above; interpreted, each call takes long.
        if (update.ordinal() > UpdateOp.TRACE.ordinal() || call % 4 == 0) {
          update(kernels, update, x, y, out);
          record(hashes, update.name(), out);
        }
      }
      LayerBits.run(kernels, x, y, out, name -> record(hashes, name, out));
      elementwise.normal(1, 2, call % 7, new Floats(out, 0, 64 - call % 7)).run();
      record(hashes, "normal" + call % 7, out);
    }
    return hashes;
  }

  /** Inputs are normal, mean squares among them positive; outputs and sums go to one array. */
  private static void update(Kernels kernels, UpdateOp update, float[] x, float[] y, float[] out) {
    int inputs = update.inputs().size();
    Floats[] vectors = new Floats[update.vectors().size()];
    for (int i = 0; i < vectors.length; i++) {
      boolean square = i < inputs && List.of("v", "G", "s").contains(update.inputs().get(i));
      float[] array = i >= inputs ? out : square ? y : x;
      vectors[i] = new Floats(array, Math.max(0, i - inputs) * N, N);
    }
    double[] scalars = new double[update.scalars().size()];
    Arrays.fill(scalars, 0.75);
    float[] sums = new float[update.sums()];
    kernels.updates().of(update, scalars, sums, vectors).run();
    System.arraycopy(sums, 0, out, 3 * N, sums.length);
  }

  private static void record(Map<String, Integer> hashes, String name, float[] out) {
    int hash = Arrays.hashCode(out);
    Integer before = hashes.putIfAbsent(name, hash);
    if (before != null && before != hash) {
      throw new AssertionError(name + " changed its bits");
    }
    Arrays.fill(out, 0);
  }
}
