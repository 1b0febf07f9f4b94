package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.layers.CellShape;
import io.hypertape.kernels.layers.PoolingShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What kernels of layers refuse, and what they say then. */
class LayerErrorsTest {
  private final Kernels kernels = Kernels.open(KernelMode.VECTOR, 1);
  private final float[] ten = new float[10];
  private final int[] index = new int[10];

  @AfterEach
  void close() {
    kernels.close();
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
    var type = IndexOutOfBoundsException.class;
    float[] big = new float[32];
    refused(
        type,
        "x [2, 4, 4] at offset 0 has 32 elements, the array 10",
        () -> kernels.maxPool(s, ten, 0, ten, 0, index, 0));
    refused(type, "y [2, 2, 2] at offset 3", () -> kernels.maxPool(s, big, 0, ten, 3, index, 0));
    refused(
        type, "index [2, 2, 2] at offset -1", () -> kernels.maxPool(s, big, 0, ten, 0, index, -1));
    refused(type, "out [2, 4, 4]", () -> kernels.maxPoolScatter(s, ten, 0, index, 0, ten, 0));
    refused(type, "in [2, 4, 4]", () -> kernels.maxPoolGather(s, ten, 0, index, 0, ten, 0));
    refused(type, "in [2, 4, 4]", () -> kernels.averagePool(s, ten, 0, ten, 0));
    refused(type, "out [2, 4, 4]", () -> kernels.averagePoolAdjoint(s, ten, 0, ten, 0));
  }

  private void batchNorm(int batch, int channels, int plane, int meanOff) {
    kernels.batchNorm(
        batch,
        channels,
        plane,
        0,
        ten,
        0,
        ten,
        0,
        ten,
        0,
        new float[10],
        0,
        new float[10],
        meanOff,
        new float[10],
        0);
  }

  @Test
  void batchNorms() {
    refused(IllegalArgumentException.class, "batch is -1", () -> batchNorm(-1, 1, 1, 0));
    refused(IllegalArgumentException.class, "without elements", () -> batchNorm(0, 2, 3, 0));
    refused(IllegalArgumentException.class, "without elements", () -> batchNorm(3, 2, 0, 0));
    refused(IndexOutOfBoundsException.class, "x [2, 2, 3]", () -> batchNorm(2, 2, 3, 0));
    refused(IndexOutOfBoundsException.class, "mean covers", () -> batchNorm(2, 2, 2, 9));
    refused(
        IndexOutOfBoundsException.class,
        "dGamma covers",
        () ->
            kernels.batchNormGrad(
                2, 2, 2, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, new float[1], 0, ten, 0));
  }

  @Test
  void rows() {
    var type = IndexOutOfBoundsException.class;
    refused(type, "table of 4 x 3", () -> kernels.gatherRows(1, 4, 3, ten, 0, index, 0, ten, 0));
    refused(type, "index covers", () -> kernels.gatherRows(3, 3, 3, ten, 0, index, 8, ten, 0));
    refused(type, "out of 4 x 3", () -> kernels.gatherRows(4, 3, 3, ten, 0, index, 0, ten, 0));
    refused(type, "out of 4 x 3", () -> kernels.scatterRows(1, 4, 3, ten, 0, index, 0, ten, 0));
    refused(type, "x of 3 x 3", () -> kernels.columnSums(3, 3, ten, 0, 4, ten, 0));
    refused(type, "out covers", () -> kernels.dropoutMask(0.5, 1, 2, ten, 5, 6));
    refused(
        IllegalArgumentException.class,
        "n is -1",
        () -> kernels.gatherRows(-1, 4, 3, ten, 0, index, 0, ten, 0));
  }

  @Test
  void cells() {
    refused(IllegalArgumentException.class, "batch -1", () -> new CellShape(-1, 2, 8));
    var tight = new CellShape(2, 2, 7);
    refused(
        IllegalArgumentException.class,
        "rows of gates overlap: they are 7 apart and 8 long",
        () -> kernels.lstmCell(tight, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0));
    var s = new CellShape(1, 2, 8);
    var type = IndexOutOfBoundsException.class;
    refused(
        type,
        "gates of 1 x 8",
        () -> kernels.lstmCell(s, ten, 3, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0));
    refused(
        type,
        "bias [4, 2, 1] at offset 3",
        () -> kernels.lstmCell(s, ten, 0, ten, 3, ten, 0, ten, 0, ten, 0, ten, 0));
    refused(
        type,
        "dc of 1 x 2",
        () -> kernels.lstmCellGrad(s, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, ten, 9, ten, 0));
    refused(
        type,
        "newH of 1 x 2",
        () -> kernels.gruCell(s, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, ten, 9));
    refused(
        type,
        "dRecurrent of 1 x 6",
        () -> kernels.gruCellGrad(s, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, ten, 0, ten, 5));
  }

  @Test
  void closedKernels() {
    kernels.close();
    refused(
        IllegalStateException.class, "closed", () -> kernels.columnSums(0, 0, ten, 0, 0, ten, 0));
  }
}
