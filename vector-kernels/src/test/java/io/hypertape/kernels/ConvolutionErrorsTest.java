package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.lanes.Floats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConvolutionErrorsTest {
  private static final ConvolutionShape S =
      new ConvolutionShape(2, 4, 5, 6, 8, 3, 3, 1, 1, 1, 1, 1, 1, 2);

  private final Kernels kernels = Kernels.open(KernelMode.VECTOR, 1);

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

  /** So many floats, from an offset on. */
  private static Floats some(float[] array, int offset, int n) {
    return new Floats(array, offset, n);
  }

  @Test
  void operandsThatAreTooShort() {
    float[] a = new float[1000];
    Floats x = some(a, 0, 240);
    Floats w = some(a, 240, 144);
    Floats y = some(a, 400, 480);
    Convolutions room = kernels.convolutions();
    Class<IndexOutOfBoundsException> type = IndexOutOfBoundsException.class;
    refused(type, "floats", () -> some(new float[240], 1, 240));
    refused(type, "floats", () -> some(new float[480], -1, 480));
    Class<IllegalArgumentException> fits = IllegalArgumentException.class;
    refused(fits, "x [2, 4, 5, 6] has 240", () -> room.forward(S, some(a, 0, 239), w, y));
    refused(fits, "w [8, 2, 3, 3] has 144", () -> room.forward(S, x, some(a, 240, 143), y));
    refused(fits, "y [2, 8, 5, 6] has 480", () -> room.forward(S, x, w, some(a, 400, 481)));
    refused(fits, "dy [2, 8, 5, 6]", () -> room.data(S, x, w, x));
    refused(fits, "w [8, 2, 3, 3]", () -> room.data(S, y, x, x));
    refused(fits, "dx [2, 4, 5, 6]", () -> room.data(S, y, w, w));
    refused(fits, "x [2, 4, 5, 6]", () -> room.filter(S, y, y, w));
    refused(fits, "dw [8, 2, 3, 3]", () -> room.filter(S, x, y, some(a, 240, 142)));
    refused(fits, "480 elements, the operand 240", () -> room.filter(S, x, x, w));
    int large = 1 << 20;
    var huge = new ConvolutionShape(large, large, large, large, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    refused(fits, "x [1048576, ", () -> room.forward(huge, x, w, y));
  }

  @Test
  void outputsOverInputs() {
    float[] a = new float[2000];
    Convolutions room = kernels.convolutions();
    Floats x = some(a, 480, 240);
    Floats y = some(a, 0, 480);
    Floats w = some(a, 1000, 144);
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    refused(type, "y, 480 elements", () -> room.forward(S, some(a, 479, 240), w, y));
    refused(type, "overlaps w, 144", () -> room.forward(S, x, some(a, 144, 144), y));
    refused(type, "dx, 240 elements", () -> room.data(S, y, w, some(a, 479, 240)));
    refused(type, "overlaps w, 144", () -> room.data(S, y, w, some(a, 1143, 240)));
    refused(type, "overlaps x, 240", () -> room.filter(S, x, y, some(a, 500, 144)));
    refused(type, "overlaps dy, 480", () -> room.filter(S, some(a, 1000, 240), y, some(a, 0, 144)));
    room.forward(S, x, some(a, 720, 144), y).run();
    assertEquals(0, a[0]);
  }

  /** Neither by a room that is asked for then, nor are there other ways in. */
  @Test
  void closedKernels() {
    kernels.close();
    refused(IllegalStateException.class, "closed", kernels::convolutions);
  }
}
