package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.UnaryOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad arguments are refused with a message that names the argument, before anything is written. */
@ParameterizedClass
@EnumSource(
    value = KernelMode.class,
    names = {"SCALAR", "VECTOR"})
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

  @Test
  void stridedOperands() {
    int[] shape = {3, 4};
    int[] good = {3, 1};
    refused(
        IndexOutOfBoundsException.class,
        "x with shape [3, 4]",
        () -> kernels.copy(shape, ten, 0, new int[] {4, 1}, ten, 0, good));
    refused(
        IndexOutOfBoundsException.class,
        "covers elements 1 to 10 of an array of 10",
        () -> kernels.copy(shape, ten, 1, good, ten, 0, good));
    refused(
        IndexOutOfBoundsException.class,
        "covers elements -3",
        () -> kernels.copy(shape, ten, 3, new int[] {-3, 1}, ten, 0, good));
    refused(
        IllegalArgumentException.class,
        "x: 1 strides",
        () -> kernels.copy(shape, ten, 0, new int[] {1}, ten, 0, good));
    refused(
        IllegalArgumentException.class,
        "stride 0 on axis 0",
        () -> kernels.copy(shape, ten, 0, good, ten, 0, new int[] {0, 1}));
    refused(
        IllegalArgumentException.class,
        "negative size",
        () -> kernels.copy(new int[] {-1}, ten, 0, new int[] {1}, ten, 0, new int[] {1}));
    int big = Integer.MAX_VALUE;
    refused(
        IndexOutOfBoundsException.class,
        "x with shape",
        () ->
            kernels.unary(
                UnaryOp.EXP,
                new int[] {big, big, big},
                ten,
                0,
                new int[] {big, big, big},
                ten,
                0,
                new int[] {1, 1, 1}));
    refused(
        IndexOutOfBoundsException.class,
        "b with shape",
        () -> kernels.binary(BinaryOp.ADD, shape, ten, 0, good, ten, 5, good, ten, 0, good));
  }

  @Test
  void reductions() {
    int[] one = {1};
    refused(
        IndexOutOfBoundsException.class,
        "x with shape",
        () -> kernels.reduce(ReduceOp.SUM, new int[] {11}, ten, 0, one, ten, 0, new int[] {0}));
    refused(
        IndexOutOfBoundsException.class,
        "out with shape",
        () -> kernels.reduce(ReduceOp.SUM, new int[] {5}, ten, 0, one, ten, 9, one));
    refused(
        IllegalArgumentException.class,
        "out: 0 strides",
        () -> kernels.reduce(ReduceOp.SUM, new int[] {5}, ten, 0, one, ten, 0, new int[0]));
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
    refused(
        IndexOutOfBoundsException.class,
        "x of 3 x 4",
        () -> kernels.logSoftmax(3, 4, ten, 0, 4, ten, 0, 4));
  }

  @Test
  void ranges() {
    refused(IndexOutOfBoundsException.class, "out covers", () -> kernels.fill(ten, 5, 6, 0));
    refused(IllegalArgumentException.class, "n is -1", () -> kernels.fill(ten, 0, -1, 0));
    refused(IndexOutOfBoundsException.class, "y covers", () -> kernels.dot(5, ten, 0, ten, 6));
    refused(
        IndexOutOfBoundsException.class,
        "g covers",
        () -> kernels.sgd(5, ten, 0, ten, 8, 1, new float[5], 0));
    refused(
        IndexOutOfBoundsException.class,
        "out covers",
        () -> kernels.sgdHyper(5, ten, 0, ten, 0, new float[0]));
  }

  @Test
  void threadsAndClosing() {
    refused(IllegalArgumentException.class, "threads is 0", () -> Kernels.open(KernelMode.AUTO, 0));
    refused(
        IllegalArgumentException.class,
        "threads is 1025",
        () -> Kernels.open(KernelMode.AUTO, 1025));
    kernels.close();
    kernels.close();
    refused(IllegalStateException.class, "closed", () -> kernels.fill(ten, 0, 1, 0));
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
