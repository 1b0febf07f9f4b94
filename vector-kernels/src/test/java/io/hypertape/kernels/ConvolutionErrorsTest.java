package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.convolution.ConvolutionShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConvolutionErrorsTest {
  private static final ConvolutionShape S =
      new ConvolutionShape(2, 4, 5, 6, 8, 3, 3, 1, 1, 1, 1, 1, 1, 2);

  private final Kernels kernels = Kernels.open(KernelMode.AUTO, 1);

  @AfterEach
  void close() {
    kernels.close();
  }

  private static void refused(
      Class<? extends RuntimeException> type, String words, Executable call) {
    String message = assertThrows(type, call).getMessage();
    assertTrue(message.contains(words), message);
  }

  private static void shapeRefused(String words, int... n) {
    refused(
        IllegalArgumentException.class,
        words,
        () ->
            new ConvolutionShape(
                n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12],
                n[13]));
  }

  @Test
  void shapesThatAreNone() {
    shapeRefused("batch is -1; at least 0", -1, 4, 5, 6, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    shapeRefused("channels is 0; at least 1", 2, 0, 5, 6, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    shapeRefused("strideWidth is 0; at least 1", 2, 4, 5, 6, 8, 3, 3, 1, 0, 1, 1, 1, 1, 1);
    shapeRefused("padHeight is -2; at least 0", 2, 4, 5, 6, 8, 3, 3, 1, 1, -2, 1, 1, 1, 1);
    shapeRefused("dilationWidth is 0; at least 1", 2, 4, 5, 6, 8, 3, 3, 1, 1, 1, 1, 1, 0, 1);
    shapeRefused("4 channels and 8 filters in 3 groups", 2, 4, 5, 6, 8, 3, 3, 1, 1, 1, 1, 1, 1, 3);
    shapeRefused(
        "window of 9 does not fit into a height", 2, 4, 5, 6, 8, 3, 3, 1, 1, 1, 1, 4, 1, 1);
    shapeRefused("window of 7 does not fit into a width", 2, 4, 9, 6, 8, 1, 7, 1, 1, 0, 0, 1, 1, 1);
    int most = Integer.MAX_VALUE;
    shapeRefused("2^30 would fit", 2, 4, 5, 6, 8, 3, 3, 1, 1, most, 1, 1, 1, 1);
    shapeRefused("does not fit", 2, 4, 5, 6, 8, most, 3, 1, 1, 1, 1, most, 1, 1);
  }

  @Test
  void operandsThatAreTooShort() {
    float[] x = new float[240];
    float[] w = new float[144];
    float[] y = new float[480];
    Class<IndexOutOfBoundsException> type = IndexOutOfBoundsException.class;
    refused(type, "x [2, 4, 5, 6] at", () -> kernels.convolution(S, x, 1, w, 0, y, 0));
    refused(type, "w [8, 2, 3, 3] at", () -> kernels.convolution(S, x, 0, w, 1, y, 0));
    refused(type, "y [2, 8, 5, 6] at", () -> kernels.convolution(S, x, 0, w, 0, y, -1));
    refused(type, "dy [2, 8, 5, 6]", () -> kernels.convolutionData(S, x, 0, w, 0, x, 0));
    refused(type, "dx [2, 4, 5, 6]", () -> kernels.convolutionData(S, y, 0, w, 0, w, 0));
    refused(type, "dw [8, 2, 3, 3]", () -> kernels.convolutionFilter(S, x, 0, y, 0, w, 2));
    refused(
        type, "480 elements, the array 240", () -> kernels.convolutionFilter(S, x, 0, x, 0, w, 0));
    int large = 1 << 20;
    var huge = new ConvolutionShape(large, large, large, large, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    refused(type, "x [1048576, ", () -> kernels.convolution(huge, x, 0, w, 0, y, 0));
  }

  @Test
  void outputsOverInputs() {
    float[] a = new float[2000];
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    refused(type, "y, 480 elements", () -> kernels.convolution(S, a, 479, a, 1000, a, 0));
    refused(type, "overlaps w, 144", () -> kernels.convolution(S, a, 480, a, 144, a, 0));
    refused(type, "dx, 240 elements", () -> kernels.convolutionData(S, a, 0, a, 1000, a, 479));
    refused(type, "overlaps dy, 480", () -> kernels.convolutionFilter(S, a, 1000, a, 0, a, 0));
    kernels.convolution(S, a, 480, a, 720, a, 0);
    assertEquals(0, a[0]);
  }

  @Test
  void closedKernels() {
    kernels.close();
    float[] x = new float[1];
    var s = new ConvolutionShape(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    refused(IllegalStateException.class, "closed", () -> kernels.convolution(s, x, 0, x, 0, x, 0));
    refused(
        IllegalStateException.class, "closed", () -> kernels.convolutionData(s, x, 0, x, 0, x, 0));
    refused(
        IllegalStateException.class,
        "closed",
        () -> kernels.convolutionFilter(s, x, 0, x, 0, x, 0));
  }
}
