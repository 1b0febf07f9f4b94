package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.LayerLoops.Convolution;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The double's convolutions: what they compute, and what they say of wrong descriptors. */
class DoubleConvolutionTest extends RawCuda {

  private static final int BAD_PARAM = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int FMA = 3;

  private final Random random = new Random(5);
  private long stream;
  private long handle;
  private MemorySegment one;
  private MemorySegment zero;

  @BeforeEach
  void create() {
    stream = stream();
    handle = made("cudnnCreate");
    ok("cudnnSetStream", handle, stream);
    one = arena.allocateFrom(JAVA_FLOAT, 1f);
    zero = arena.allocateFrom(JAVA_FLOAT, 0f);
  }

  static List<Convolution> cases() {
    return List.of(
        new Convolution(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1),
        new Convolution(2, 3, 7, 6, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new Convolution(2, 4, 8, 9, 6, 3, 2, 2, 3, 1, 0, 1, 1, 2),
        new Convolution(1, 2, 9, 8, 2, 3, 3, 1, 1, 2, 3, 2, 2, 1),
        new Convolution(3, 2, 2, 2, 3, 1, 1, 1, 1, 2, 2, 1, 1, 1),
        new Convolution(1, 3, 11, 5, 3, 5, 3, 3, 1, 2, 1, 1, 2, 3));
  }

  private float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private long tensor(int n, int c, int h, int w) {
    long descriptor = made("cudnnCreateTensorDescriptor");
    ok("cudnnSetTensor4dDescriptor", descriptor, 0, 0, n, c, h, w);
    return descriptor;
  }

  private long filter(int k, int c, int r, int s) {
    long descriptor = made("cudnnCreateFilterDescriptor");
    ok("cudnnSetFilter4dDescriptor", descriptor, 0, 0, k, c, r, s);
    return descriptor;
  }

  private long form(Convolution c, int math) {
    long form = made("cudnnCreateConvolutionDescriptor");
    ok(
        "cudnnSetConvolution2dDescriptor",
        form,
        c.padH(),
        c.padW(),
        c.strideH(),
        c.strideW(),
        c.dilationH(),
        c.dilationW(),
        1,
        0);
    ok("cudnnSetConvolutionGroupCount", form, c.groups());
    ok("cudnnSetConvolutionMathType", form, math);
    return form;
  }

  /** The four descriptors x, w, form and y. */
  private long[] descriptors(Convolution c, int math) {
    return new long[] {
      tensor(c.n(), c.c(), c.h(), c.w()),
      filter(c.k(), c.c() / c.groups(), c.r(), c.s()),
      form(c, math),
      tensor(c.n(), c.k(), c.p(), c.q())
    };
  }

  private Object[] forward(
      long[] d, long x, long w, long y, int algorithm, long workspace, long bytes) {
    return new Object[] {
      handle, one, d[0], x, d[1], w, d[2], algorithm, workspace, bytes, zero, d[3], y
    };
  }

  private long workspaceBytes(String direction, long first, long second, long form, long third) {
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    ok(
        "cudnnGetConvolution" + direction + "WorkspaceSize",
        handle,
        first,
        second,
        form,
        third,
        1,
        bytes);
    return bytes.get(JAVA_LONG, 0);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theThreeProducts(Convolution c) {
    long[] d = descriptors(c, FMA);
    float[] x = values(c.inputs());
    float[] w = values(c.filters());
    float[] dy = values(c.outputs());
    long xAt = device(stream, x);
    long wAt = device(stream, w);
    long dyAt = device(stream, dy);
    long yAt = device(4L * c.outputs(), stream);
    long bytes = workspaceBytes("Forward", d[0], d[1], d[2], d[3]);
    long space = device(bytes, stream);
    for (int algorithm : new int[] {0, 1}) {
      ok(
          "cudnnConvolutionForward",
          forward(
              d, xAt, wAt, yAt, algorithm, algorithm == 0 ? 0 : space, algorithm == 0 ? 0 : bytes));
      assertArrayEquals(c.forward(x, w), values(yAt, c.outputs(), stream), 1e-5f);
    }
    long dxAt = device(4L * c.inputs(), stream);
    assertEquals(bytes, workspaceBytes("BackwardData", d[1], d[3], d[2], d[0]));
    Object[] data = {handle, one, d[1], wAt, d[3], dyAt, d[2], 1, space, bytes, zero, d[0], dxAt};
    ok("cudnnConvolutionBackwardData", data);
    assertArrayEquals(c.data(dy, w), values(dxAt, c.inputs(), stream), 1e-5f);
    long dwAt = device(4L * c.filters(), stream);
    Object[] filter = {handle, one, d[0], xAt, d[3], dyAt, d[2], 0, 0L, 0L, zero, d[1], dwAt};
    ok("cudnnConvolutionBackwardFilter", filter);
    assertArrayEquals(c.filter(x, dy), values(dwAt, c.filters(), stream), 1e-5f * c.outputs());
    clean();
  }

  @Test
  void factorsBlendWithWhatWasThere() {
    Convolution c = cases().get(1);
    long[] d = descriptors(c, FMA);
    float[] x = values(c.inputs());
    float[] w = values(c.filters());
    float[] old = values(c.outputs());
    long y = device(stream, old);
    one.set(JAVA_FLOAT, 0, 2f);
    zero.set(JAVA_FLOAT, 0, 0.5f);
    ok("cudnnConvolutionForward", forward(d, device(stream, x), device(stream, w), y, 0, 0, 0));
    float[] expected = c.forward(x, w);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = 2 * expected[i] + 0.5f * old[i];
    }
    assertArrayEquals(expected, values(y, c.outputs(), stream), 1e-5f);
    clean();
  }

  @Test
  void onlyFmaKeepsAllDigits() {
    Convolution c = cases().get(0);
    float fine = 1 + 1f / 4096;
    long x = device(stream, fine);
    long w = device(stream, 1f);
    long y = device(4, stream);
    ok("cudnnConvolutionForward", forward(descriptors(c, FMA), x, w, y, 0, 0, 0));
    assertEquals(fine, values(y, 1, stream)[0]);
    ok("cudnnConvolutionForward", forward(descriptors(c, 0), x, w, y, 0, 0, 0));
    assertEquals(1f, values(y, 1, stream)[0]);
    clean();
  }

  private List<int[]> heuristics(String direction, long[] d, int requested) {
    boolean forward = direction.equals("Forward");
    boolean data = direction.equals("BackwardData");
    MemorySegment count = arena.allocate(JAVA_INT);
    MemorySegment results = arena.allocate(48L * requested, 8);
    ok(
        "cudnnGetConvolution" + direction + "Algorithm_v7",
        handle,
        data ? d[1] : d[0],
        forward ? d[1] : d[3],
        d[2],
        forward ? d[3] : data ? d[0] : d[1],
        requested,
        count,
        results);
    List<int[]> found = new ArrayList<>();
    for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
      MemorySegment result = results.asSlice(48L * i, 48);
      found.add(
          new int[] {
            result.get(JAVA_INT, 0),
            result.get(JAVA_INT, 4),
            (int) result.get(JAVA_LONG, 16),
            result.get(JAVA_INT, 24),
            result.get(JAVA_INT, 28)
          });
    }
    return found;
  }

  @Test
  void theFirstAdviceIsNotAlwaysOneToTake() {
    long[] d = descriptors(cases().get(1), FMA);
    List<int[]> forward = heuristics("Forward", d, 8);
    assertEquals(NOT_SUPPORTED, forward.get(0)[1]);
    assertArrayEquals(new int[] {1, 0}, java.util.Arrays.copyOf(forward.get(1), 2));
    assertTrue(forward.get(1)[2] > 0, "a workspace");
    assertEquals(FMA, forward.get(1)[4]);
    assertEquals(2, heuristics("Forward", d, 2).size());
    for (String direction : new String[] {"BackwardData", "BackwardFilter"}) {
      List<int[]> backward = heuristics(direction, d, 8);
      assertEquals(0, backward.get(0)[3], "not deterministic");
      assertEquals(1, backward.get(backward.size() - 1)[3]);
    }
    long[] dilated = descriptors(new Convolution(1, 2, 9, 9, 2, 3, 3, 1, 1, 0, 0, 2, 2, 2), FMA);
    List<int[]> none = heuristics("BackwardFilter", dilated, 8);
    assertTrue(none.stream().noneMatch(result -> result[1] == 0 && result[3] == 1));
    clean();
  }

  @Test
  void descriptorsMustBeSetAndFit() {
    Convolution c = cases().get(1);
    long[] d = descriptors(c, FMA);
    long x = device(4L * c.inputs(), stream);
    long w = device(4L * c.filters(), stream);
    long y = device(4L * c.outputs(), stream);
    long[] wrong = d.clone();
    wrong[2] = made("cudnnCreateConvolutionDescriptor");
    wrong(BAD_PARAM, "never set", "cudnnConvolutionForward", forward(wrong, x, w, y, 0, 0, 0));
    wrong = d.clone();
    wrong[1] = made("cudnnCreateFilterDescriptor");
    wrong(BAD_PARAM, "never set", "cudnnConvolutionForward", forward(wrong, x, w, y, 0, 0, 0));
    wrong[1] = filter(4, 2, 3, 3);
    wrong(BAD_PARAM, "channels", "cudnnConvolutionForward", forward(wrong, x, w, y, 0, 0, 0));
    wrong = d.clone();
    wrong[3] = tensor(2, 4, 7, 7);
    wrong(BAD_PARAM, "shape", "cudnnConvolutionForward", forward(wrong, x, w, y, 0, 0, 0));
    wrong[3] = d[0];
    wrong(BAD_PARAM, "shape", "cudnnConvolutionForward", forward(wrong, x, w, y, 0, 0, 0));
    ok("cudnnSetConvolutionGroupCount", d[2], 3);
    wrong(BAD_PARAM, "channels", "cudnnConvolutionForward", forward(d, x, w, y, 0, 0, 0));
    wrong(BAD_PARAM, "positive", "cudnnSetConvolutionGroupCount", d[2], 0);
    wrong(BAD_PARAM, "mathType", "cudnnSetConvolutionMathType", d[2], 4);
    wrong(BAD_PARAM, "negative", "cudnnSetConvolution2dDescriptor", d[2], -1, 0, 1, 1, 1, 1, 1, 0);
    wrong(BAD_PARAM, "positive", "cudnnSetConvolution2dDescriptor", d[2], 0, 0, 1, 0, 1, 1, 1, 0);
    wrong(BAD_PARAM, "positive", "cudnnSetFilter4dDescriptor", d[1], 0, 0, 1, 0, 1, 1);
    ok("cudnnDestroyConvolutionDescriptor", d[2]);
    ok("cudnnDestroyConvolutionDescriptor", 0L);
    wrong(BAD_PARAM, "is destroyed", "cudnnDestroyConvolutionDescriptor", d[2]);
    ok("cudnnDestroyFilterDescriptor", d[1]);
    wrong(BAD_PARAM, "is destroyed", "cudnnConvolutionForward", forward(d, x, w, y, 0, 0, 0));
  }

  @Test
  void memoryAndWorkspaceAreChecked() {
    Convolution c = cases().get(1);
    long[] d = descriptors(c, FMA);
    long x = device(4L * c.inputs(), stream);
    long w = device(4L * c.filters(), stream);
    long y = device(4L * c.outputs(), stream);
    long bytes = workspaceBytes("Forward", d[0], d[1], d[2], d[3]);
    long space = device(bytes, stream);
    String run = "cudnnConvolutionForward";
    wrong(BAD_PARAM, "smaller", run, forward(d, x, w, y, 1, space, bytes - 1));
    wrong(BAD_PARAM, "workSpace", run, forward(d, x, w, y, 1, space + 4, bytes));
    wrong(BAD_PARAM, "is NULL", run, forward(d, x, w, y, 1, 0, bytes));
    wrong(BAD_PARAM, "overlap", run, forward(d, x, w, x, 0, 0, 0));
    wrong(BAD_PARAM, "reaches out", run, forward(d, w, w, y, 0, 0, 0));
    wrong(NOT_SUPPORTED, "algorithm", run, forward(d, x, w, y, 6, 0, 0));
    ok("cudnnDestroy", handle);
    wrong(1001, "is destroyed", run, forward(d, x, w, y, 0, 0, 0));
  }
}
