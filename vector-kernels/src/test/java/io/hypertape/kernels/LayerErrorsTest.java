package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.BatchNorm;
import io.hypertape.kernels.layers.Cells;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.layers.PoolingShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What kernels of layers refuse, and what they say then. */
class LayerErrorsTest {
  private final Kernels kernels = Kernels.open(KernelMode.VECTOR, 1);
  private final Layers layers = kernels.layers();
  private final Floats ten = zeros(10);
  private final Floats eight = zeros(8);
  private final Ints index = Ints.of(new int[8]);

  @AfterEach
  void close() {
    kernels.close();
  }

  private static Floats zeros(int n) {
    return Floats.of(new float[n]);
  }

  private static Matrix table(int rows, int cols) {
    return Matrix.dense(new float[rows * cols], 0, rows, cols);
  }

  private static void refused(Class<? extends Exception> type, String part, Executable call) {
    var e = assertThrows(type, call);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void poolingShapes() {
    var type = IllegalArgumentException.class;
    refused(type, "-1 planes", () -> new PoolingShape(-1, 4, 4, 2, 2, 2, 2, 0, 0));
    refused(type, "0×4", () -> new PoolingShape(1, 0, 4, 2, 2, 2, 2, 0, 0));
    refused(
        type,
        "window 0, stride 2 along the height",
        () -> new PoolingShape(1, 4, 4, 0, 2, 2, 2, 0, 0));
    refused(
        type,
        "window 2, stride 0 along the width",
        () -> new PoolingShape(1, 4, 4, 2, 2, 2, 0, 0, 0));
    refused(type, "padding 2 along the height", () -> new PoolingShape(1, 4, 4, 2, 2, 2, 2, 2, 0));
    refused(
        type, "a window of 7 along the width", () -> new PoolingShape(1, 4, 4, 2, 7, 2, 2, 0, 1));
  }

  @Test
  void poolingOperands() {
    var s = new PoolingShape(2, 4, 4, 2, 2, 2, 2, 0, 0);
    var type = IllegalArgumentException.class;
    Floats big = zeros(32);
    refused(
        type,
        "x [2, 4, 4] has 32 elements, the operand 10",
        () -> layers.maxPool(s, ten, eight, index));
    refused(type, "y [2, 2, 2]", () -> layers.maxPool(s, big, ten, index));
    refused(
        type,
        "index [2, 2, 2] has 8 elements, the operand 7",
        () -> layers.maxPool(s, big, eight, Ints.of(new int[7])));
    refused(type, "out [2, 4, 4]", () -> layers.maxPoolScatter(s, eight, index, ten));
    refused(type, "in [2, 2, 2]", () -> layers.maxPoolScatter(s, ten, index, big));
    refused(type, "in [2, 4, 4]", () -> layers.maxPoolGather(s, ten, index, eight));
    refused(type, "out [2, 2, 2]", () -> layers.maxPoolGather(s, big, index, ten));
    refused(type, "in [2, 4, 4]", () -> layers.averagePool(s, ten, eight));
    refused(type, "out [2, 4, 4]", () -> layers.averagePoolAdjoint(s, eight, ten));
    var huge = new PoolingShape(1 << 11, 1 << 11, 1 << 11, 1, 1, 1, 1, 0, 0);
    refused(type, "has 8589934592 elements", () -> layers.averagePool(huge, zeros(0), zeros(0)));
  }

  private static BatchNorm.Forward batchNorm(int batch, int channels, int plane, int means) {
    return new BatchNorm.Forward(
        new BatchNorm.Shape(batch, channels, plane),
        0,
        zeros(8),
        zeros(2),
        zeros(2),
        zeros(8),
        new BatchNorm.Statistics(zeros(means), zeros(2)));
  }

  @Test
  void batchNorms() {
    var type = IllegalArgumentException.class;
    refused(type, "batch is -1", () -> batchNorm(-1, 1, 1, 2));
    refused(type, "without elements", () -> batchNorm(0, 2, 3, 2));
    refused(type, "without elements", () -> batchNorm(3, 2, 0, 2));
    refused(type, "x [2, 2, 3]", () -> batchNorm(2, 2, 3, 2));
    refused(type, "mean has 1 elements; 2 fit", () -> batchNorm(2, 2, 2, 1));
    var two = new BatchNorm.Statistics(zeros(2), zeros(2));
    refused(
        type,
        "dGamma has 1 elements; 2 fit",
        () ->
            new BatchNorm.Backward(
                new BatchNorm.Shape(2, 2, 2),
                eight,
                eight,
                zeros(2),
                two,
                eight,
                zeros(1),
                zeros(2)));
  }

  @Test
  void rows() {
    var type = IllegalArgumentException.class;
    refused(
        type,
        "table is 4 x 3; 4 x 2 fits",
        () -> layers.gatherRows(table(4, 3), Ints.of(0), table(1, 2)));
    refused(
        type,
        "index has 8 elements; 3 fit",
        () -> layers.gatherRows(table(3, 3), index, table(3, 3)));
    refused(
        type,
        "out is 4 x 2; 4 x 3 fits",
        () -> layers.scatterRows(table(1, 3), Ints.of(0), table(4, 2)));
    refused(
        type,
        "rows of out overlap: they are 2 apart and 3 long",
        () ->
            layers.gatherRows(table(4, 3), Ints.of(0, 0), new Matrix(new float[9], 0, 2, 3, 2, 1)));
    refused(
        type, "x has columns 3 apart", () -> layers.columnSums(table(3, 3).transposed(), zeros(3)));
    refused(type, "out has 8 elements; 3 fit", () -> layers.columnSums(table(3, 3), eight));
    refused(
        type,
        "counter has 2 elements; 1 fit",
        () -> layers.dropoutMask(0.5, 1, Ints.of(2, 2), ten));
  }

  @Test
  void lstms() {
    var type = IllegalArgumentException.class;
    Floats two = zeros(2);
    Matrix tight = new Matrix(new float[15], 0, 2, 8, 7, 1);
    refused(
        type,
        "rows of gates overlap: they are 7 apart and 8 long",
        () -> new Cells.Lstm(tight, eight, zeros(4), zeros(4), zeros(4), zeros(4)));
    refused(
        type,
        "gates has 6 columns; a multiple of 4 fits",
        () -> new Cells.Lstm(table(1, 6), eight, two, two, two, two));
    refused(
        type,
        "bias [4, 2] has 8 elements, the operand 10",
        () -> new Cells.Lstm(table(1, 8), ten, two, two, two, two));
    refused(
        type,
        "newC [1, 2] has 2 elements, the operand 8",
        () -> new Cells.Lstm(table(1, 8), eight, two, eight, two, two));
    refused(
        type,
        "dc [1, 2] has 2 elements, the operand 10",
        () -> new Cells.LstmGrad(table(1, 8), two, two, two, two, ten, table(1, 8)));
    refused(
        type,
        "dGates is 1 x 6; 1 x 8 fits",
        () -> new Cells.LstmGrad(table(1, 8), two, two, two, two, two, table(1, 6)));
  }

  @Test
  void grus() {
    var type = IllegalArgumentException.class;
    Floats two = zeros(2);
    refused(
        type,
        "newH [1, 2] has 2 elements, the operand 10",
        () -> new Cells.Gru(table(1, 6), table(1, 6), eight, two, two, ten));
    refused(
        type,
        "dRecurrent is 1 x 8; 1 x 6 fits",
        () -> new Cells.GruGrad(table(1, 6), two, two, two, two, table(1, 6), table(1, 8)));
  }

  @Test
  void closedKernels() {
    kernels.close();
    refused(
        IllegalStateException.class,
        "closed",
        () -> kernels.layers().columnSums(table(0, 0), zeros(0)));
  }
}
