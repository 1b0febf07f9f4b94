package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.updates.UpdateOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad arguments are refused with a message that names the argument, before anything is written. */
@ParameterizedClass
@EnumSource(KernelMode.class)
class ErrorsTest {
  private final float[] ten = new float[10];

  private final Kernels kernels;

  ErrorsTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private static void refused(Class<? extends Exception> type, String part, Executable call) {
    var e = assertThrows(type, call);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private Strided strided(int[] shape, int offset, int... strides) {
    return new Strided(ten, offset, shape, strides);
  }

  @Test
  void stridedOperands() {
    int[] shape = {3, 4};
    refused(
        IndexOutOfBoundsException.class,
        "an operand with shape [3, 4]",
        () -> strided(shape, 0, 4, 1));
    refused(
        IndexOutOfBoundsException.class,
        "covers elements 1 to 10 of an array of 10",
        () -> strided(shape, 1, 3, 1));
    refused(IndexOutOfBoundsException.class, "covers elements -3", () -> strided(shape, 3, -3, 1));
    refused(IllegalArgumentException.class, "an operand: 1 strides", () -> strided(shape, 0, 1));
    refused(IllegalArgumentException.class, "negative size", () -> strided(new int[] {-1}, 0, 1));
    int big = Integer.MAX_VALUE;
    refused(
        IndexOutOfBoundsException.class,
        "an operand with shape",
        () -> strided(new int[] {big, big, big}, 0, big, big, big));
  }

  @Test
  void shapesAndOutputs() {
    Elementwise elementwise = kernels.elementwise();
    Strided good = strided(new int[] {3, 4}, 0, 3, 1);
    Strided repeated = strided(new int[] {3, 4}, 0, 0, 1);
    Strided other = strided(new int[] {4, 3}, 0, 2, 1);
    String stride = "out: stride 0 on axis 0 of length 3 of an output";
    String shape = "out has the shape [4, 3]; [3, 4] fits";
    refused(IllegalArgumentException.class, stride, () -> elementwise.copy(good, repeated));
    refused(IllegalArgumentException.class, shape, () -> elementwise.copy(good, other));
    refused(
        IllegalArgumentException.class,
        stride,
        () -> elementwise.unary(UnaryOp.EXP, good, repeated));
    refused(
        IllegalArgumentException.class, shape, () -> elementwise.unary(UnaryOp.EXP, good, other));
    refused(
        IllegalArgumentException.class,
        "b has the shape [4, 3]; [3, 4] fits",
        () -> elementwise.binary(BinaryOp.ADD, good, other, good));
    refused(
        IllegalArgumentException.class,
        stride,
        () -> elementwise.binary(BinaryOp.ADD, good, good, repeated));
    refused(
        IllegalArgumentException.class,
        shape,
        () -> elementwise.binary(BinaryOp.ADD, good, good, other));
  }

  @Test
  void reductions() {
    Elementwise elementwise = kernels.elementwise();
    Strided five = Strided.dense(ten, 0, new int[] {5});
    refused(
        IllegalArgumentException.class,
        "out has the shape [4]; [5] fits",
        () -> elementwise.reduce(ReduceOp.SUM, five, Strided.dense(ten, 5, new int[] {4})));
    refused(
        IllegalArgumentException.class,
        "out has the shape []; [5] fits",
        () -> elementwise.reduce(ReduceOp.SUM, five, Strided.dense(ten, 5, new int[0])));
    refused(
        IllegalArgumentException.class,
        "out has the shape [1, 1]; [1] fits",
        () -> elementwise.reduce(ReduceOp.SUM, five, Strided.dense(ten, 5, new int[] {1, 1})));
    refused(
        IllegalArgumentException.class,
        "out: stride 0",
        () -> elementwise.reduce(ReduceOp.SUM, five, strided(new int[] {5}, 0, 0)));
  }

  @Test
  void rows() {
    Elementwise elementwise = kernels.elementwise();
    Matrix good = Matrix.dense(ten, 0, 2, 5);
    Matrix turned = new Matrix(ten, 0, 2, 5, 1, 2);
    Matrix overlapping = new Matrix(ten, 0, 2, 5, 4, 1);
    Matrix other = Matrix.dense(ten, 0, 5, 2);
    refused(
        IllegalArgumentException.class,
        "x has columns 2 apart",
        () -> elementwise.logSoftmax(turned, good));
    refused(
        IllegalArgumentException.class,
        "out has columns 2 apart",
        () -> elementwise.logSoftmax(good, turned));
    refused(
        IllegalArgumentException.class,
        "rows of out overlap",
        () -> elementwise.logSoftmax(good, overlapping));
    refused(
        IllegalArgumentException.class,
        "out is 5 x 2; 2 x 5 fits",
        () -> elementwise.logSoftmax(good, other));
    refused(
        IllegalArgumentException.class,
        "y has columns 2 apart",
        () -> elementwise.logSoftmaxGrad(turned, good, good));
    refused(
        IllegalArgumentException.class,
        "g has columns 2 apart",
        () -> elementwise.logSoftmaxGrad(good, turned, good));
    refused(
        IllegalArgumentException.class,
        "g is 5 x 2; 2 x 5 fits",
        () -> elementwise.logSoftmaxGrad(good, other, good));
    refused(
        IllegalArgumentException.class,
        "rows of out overlap",
        () -> elementwise.logSoftmaxGrad(good, good, overlapping));
  }

  @Test
  void picks() {
    Elementwise elementwise = kernels.elementwise();
    Matrix x = Matrix.dense(ten, 0, 2, 3);
    Floats two = new Floats(ten, 0, 2);
    Strided each = Strided.dense(ten, 0, new int[] {2});
    refused(
        IllegalArgumentException.class,
        "index has 1 elements; 2 fit",
        () -> elementwise.pick(x, Ints.of(1), two));
    refused(
        IllegalArgumentException.class,
        "out has 3 elements; 2 fit",
        () -> elementwise.pick(x, Ints.of(1, 2), new Floats(ten, 0, 3)));
    refused(
        IllegalArgumentException.class,
        "x has the shape [3]; [2] fits",
        () -> elementwise.scatter(Strided.dense(ten, 0, new int[] {3}), Ints.of(1, 2), x));
    refused(
        IllegalArgumentException.class,
        "index has 1 elements; 2 fit",
        () -> elementwise.scatter(each, Ints.of(1), x));
    refused(
        IllegalArgumentException.class,
        "out has rows 4 apart; 3 fits",
        () -> elementwise.scatter(each, Ints.of(1, 2), new Matrix(ten, 0, 2, 3, 4, 1)));
  }

  @Test
  void matrices() {
    refused(
        IndexOutOfBoundsException.class,
        "a matrix of 2 x 6",
        () ->
            kernels
                .products()
                .gemm(
                    new Matrix(ten, 0, 2, 6, 6, 1),
                    new Matrix(ten, 0, 6, 1, 1, 1),
                    0,
                    new Matrix(ten, 0, 2, 1, 1, 1))
                .run());
    refused(
        IndexOutOfBoundsException.class,
        "a matrix of 6 x 2",
        () ->
            kernels
                .products()
                .gemm(
                    new Matrix(ten, 0, 1, 6, 6, 1),
                    new Matrix(ten, 0, 6, 2, 2, 1),
                    0,
                    new Matrix(ten, 0, 1, 2, 2, 1))
                .run());
    refused(
        IndexOutOfBoundsException.class,
        "a matrix of 3 x 4",
        () ->
            kernels
                .products()
                .gemm(
                    new Matrix(ten, 0, 3, 1, 1, 1),
                    new Matrix(ten, 0, 1, 4, 4, 1),
                    0,
                    new Matrix(ten, 0, 3, 4, 4, 1))
                .run());
    refused(
        IllegalArgumentException.class,
        "rows of c overlap",
        () ->
            kernels
                .products()
                .gemm(
                    new Matrix(ten, 0, 2, 1, 1, 1),
                    new Matrix(ten, 0, 1, 4, 4, 1),
                    0,
                    new Matrix(ten, 0, 2, 4, 3, 1))
                .run());
    refused(
        IllegalArgumentException.class,
        "cols is -1",
        () ->
            kernels
                .products()
                .gemm(
                    new Matrix(ten, 0, 2, -1, 1, 1),
                    new Matrix(ten, 0, -1, 4, 4, 1),
                    0,
                    new Matrix(ten, 0, 2, 4, 4, 1))
                .run());
    refused(IndexOutOfBoundsException.class, "a matrix of 3 x 4", () -> Matrix.dense(ten, 0, 3, 4));
  }

  @Test
  void ranges() {
    refused(IndexOutOfBoundsException.class, "a run of floats covers", () -> new Floats(ten, 5, 6));
    refused(IllegalArgumentException.class, "length is -1", () -> new Floats(ten, 0, -1));
    refused(
        IllegalArgumentException.class,
        "y has 4 elements; 5 fit",
        () -> kernels.elementwise().dot(new Floats(ten, 0, 5), new Floats(ten, 6, 4)));
    refused(
        IndexOutOfBoundsException.class,
        "covers elements 8 to 12 of an array of 10",
        () ->
            kernels
                .updates()
                .of(
                    UpdateOp.SGD,
                    new double[] {1},
                    new float[0],
                    new Floats(ten, 0, 5),
                    new Floats(ten, 8, 5),
                    new Floats(new float[5], 0, 5))
                .run());
    refused(
        IllegalArgumentException.class,
        "room for 0 sums; it takes [alpha] and gives 1",
        () ->
            kernels
                .updates()
                .of(
                    UpdateOp.SGD_HYPER,
                    new double[] {0},
                    new float[0],
                    new Floats(ten, 0, 5),
                    new Floats(ten, 0, 5))
                .run());
  }

  @Test
  void threadsAndClosing() {
    refused(
        IllegalArgumentException.class, "threads is 0", () -> Kernels.open(KernelMode.VECTOR, 0));
    refused(
        IllegalArgumentException.class,
        "threads is 1025",
        () -> Kernels.open(KernelMode.SCALAR, 1025));
    kernels.close();
    kernels.close();
    refused(IllegalStateException.class, "closed", kernels::elementwise);
    refused(
        IllegalStateException.class,
        "closed",
        () ->
            kernels
                .products()
                .gemm(
                    new Matrix(ten, 0, 0, 0, 1, 1),
                    new Matrix(ten, 0, 0, 0, 1, 1),
                    0,
                    new Matrix(ten, 0, 0, 0, 1, 1))
                .run());
  }
}
