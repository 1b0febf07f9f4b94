package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Large operations are tried on few elements first; which ones are alike. */
class TrialOperandsTest {

  private final Kernels scalar = Kernels.open(KernelMode.SCALAR, 1);
  private final Set<String> fewer = new TreeSet<>();
  private final Kernels kernels = new TriedKernels(new TreeSet<>(), fewer);

  @Test
  void largeOperandsAreTriedInPart() {
    float[] x = new float[1 << 20];
    Matrix a = Matrix.dense(x, 0, 400, 300);
    Matrix b = new Matrix(x, 5, 300, 200, 1, 300);
    Matrix c = Matrix.dense(new float[400 * 200], 0, 400, 200);
    Floats bias = new Floats(x, 9, 200);
    kernels.products().gemm(a, b, 1, c);
    kernels.products().dense(DenseActivation.TANH, a, b, bias, c);
    kernels.products().denseGrad(DenseActivation.TANH, c, c, c, bias);
    Elementwise elementwise = kernels.elementwise();
    Strided all = new Strided(x, 0, new int[] {50, 20, 700}, new int[] {14_000, 700, 1});
    Strided out = Strided.dense(new float[1 << 20], 0, all.shape());
    Strided sums = Strided.dense(new float[1 << 20], 0, new int[] {50, 1, 700});
    elementwise.unary(UnaryOp.EXP, all, out);
    elementwise.binary(BinaryOp.ADD, all, all, out);
    elementwise.reduce(ReduceOp.SUM, all, sums);
    elementwise.copy(all, out);
    assertEquals(0, elementwise.dot(Floats.of(x), Floats.of(x)));
    elementwise.logSoftmax(Matrix.dense(x, 0, 4000, 10), Matrix.dense(out.array(), 0, 4000, 10));
    ConvolutionShape s = new ConvolutionShape(8, 2, 9, 9, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    Floats images = new Floats(x, 3, 8 * 2 * 81);
    Floats filters = new Floats(x, 0, 3 * 2 * 9);
    kernels.convolutions().forward(s, images, filters, Floats.of(new float[8 * 3 * 81]));
    // As many images' elements as weights, factors that are one matrix, and rows that run back.
    ConvolutionShape even = new ConvolutionShape(8, 8, 4, 4, 128, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    Floats square = new Floats(x, 3, 8 * 8 * 16);
    kernels.convolutions().forward(even, square, square, Floats.of(new float[8 * 128 * 16]));
    Matrix both = Matrix.dense(x, 0, 100, 100);
    kernels.products().gemm(both, both, 0, Matrix.dense(new float[10_000], 0, 100, 100));
    Matrix back = new Matrix(x, 99 * 100, 100, 100, -100, 1);
    kernels.products().gemm(back, both, 0, Matrix.dense(new float[10_000], 0, 100, 100));
    Floats[] vectors = new Floats[UpdateOp.SGD.vectors().size()];
    Arrays.setAll(vectors, i -> Floats.of(new float[100_000]));
    kernels.updates().of(UpdateOp.SGD, new double[] {0.1}, new float[0], vectors);
    assertEquals(
        Set.of(
            "GEMM",
            "DENSE",
            "DENSE_GRAD",
            "UNARY",
            "BINARY",
            "REDUCE",
            "COPY",
            "LOG_SOFTMAX",
            "CONVOLUTION",
            "UPDATE"),
        fewer);
  }

  @Test
  void aKeyTellsShapesApartAndNotPlaces() {
    float[] x = new float[100];
    assertEquals(TrialOperands.of(new Floats(x, 0, 7)), TrialOperands.of(new Floats(x, 5, 7)));
    assertNotEquals(TrialOperands.of(new Floats(x, 0, 7)), TrialOperands.of(new Floats(x, 0, 8)));
    Matrix a = Matrix.dense(x, 0, 5, 6);
    assertEquals(TrialOperands.of(a), TrialOperands.of(Matrix.dense(x, 9, 5, 6)));
    assertNotEquals(TrialOperands.of(a), TrialOperands.of(Matrix.dense(x, 9, 6, 5).transposed()));
    assertNotEquals(TrialOperands.of(0f), TrialOperands.of(1f));
    assertNotEquals(TrialOperands.of(UnaryOp.EXP), TrialOperands.of(UnaryOp.LOG));
  }

  private static TrialOperands tanh(int... shape) {
    Strided x = Strided.dense(new float[1 << 16], 0, shape);
    return TrialOperands.of(UnaryOp.TANH, x, x);
  }

  @Test
  void wholeVectorsAreTriedWithRestsToo() {
    TrialOperands tanh = tanh(32, 128);
    Object[] made = tanh.rests(KernelOp.UNARY).make();
    assertArrayEquals(new int[] {4, 59}, ((Strided) made[2]).shape());
    KernelOp.UNARY.of(scalar, made);
    TrialOperands odd = tanh(3, 37);
    assertEquals(odd, odd.rests(KernelOp.UNARY));
    TrialOperands small = tanh(2, 8);
    assertEquals(small, small.rests(KernelOp.UNARY));
  }

  @Test
  void productsOfWholeVectorsToo() {
    float[] x = new float[1 << 16];
    Matrix a = Matrix.dense(x, 0, 32, 64);
    Matrix b = Matrix.dense(x, 0, 64, 128);
    Matrix c = Matrix.dense(new float[32 * 128], 0, 32, 128);
    TrialOperands product = TrialOperands.of(a, b, 0f, c);
    Object[] made = product.rests(KernelOp.GEMM).make();
    assertEquals(5, ((Matrix) made[3]).rows());
    assertEquals(59, ((Matrix) made[3]).cols());
    assertEquals(16, ((Matrix) made[0]).cols());
    KernelOp.GEMM.of(scalar, made);
    TrialOperands dense =
        TrialOperands.of(DenseActivation.TANH, a, b, new Floats(x, 0, 128), c)
            .rests(KernelOp.DENSE);
    KernelOp.DENSE.of(scalar, dense.make());
    Floats[] vectors = new Floats[UpdateOp.SGD.vectors().size()];
    Arrays.setAll(vectors, i -> Floats.of(new float[4096]));
    TrialOperands update =
        TrialOperands.of(UpdateOp.SGD, new double[] {0.1}, new float[0], vectors);
    KernelOp.UPDATE.of(scalar, update.rests(KernelOp.UPDATE).make());
  }
}
