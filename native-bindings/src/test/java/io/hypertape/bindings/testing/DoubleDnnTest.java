package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The double's cuDNN: softmax, and what it says of descriptors and memory. */
class DoubleDnnTest extends RawCuda {

  private static final int LOG = 2;
  private static final int ACCURATE = 1;
  private static final int CHANNEL = 1;
  private static final int BAD_PARAM = 2000;

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

  private long descriptor(int n, int c) {
    long descriptor = made("cudnnCreateTensorDescriptor");
    ok("cudnnSetTensor4dDescriptor", descriptor, 0, 0, n, c, 1, 1);
    return descriptor;
  }

  private Object[] forward(int algorithm, long xd, long x, long yd, long y) {
    return new Object[] {handle, algorithm, CHANNEL, one, xd, x, zero, yd, y};
  }

  @Test
  void softmaxAndItsGradient() {
    float[] x = {1, 2, 3, 1000, 1000, 1000};
    long d = descriptor(2, 3);
    long in = device(stream, x);
    long y = device(24, stream);
    ok("cudnnSoftmaxForward", forward(LOG, d, in, d, y));
    float third = (float) -Math.log(3);
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    float[] expected = new float[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = i < 3 ? (float) (x[i] - Math.log(sum)) : third;
    }
    assertArrayEquals(expected, values(y, 6, stream), 1e-6f);

    long dy = device(stream, 0, 0, 1, 1, 0, 0);
    long dx = device(24, stream);
    ok("cudnnSoftmaxBackward", new Object[] {handle, LOG, CHANNEL, one, d, y, d, dy, zero, d, dx});
    float[] gradient = new float[6];
    for (int i = 0; i < 6; i++) {
      gradient[i] = (i == 2 || i == 3 ? 1 : 0) - (float) Math.exp(expected[i]);
    }
    assertArrayEquals(gradient, values(dx, 6, stream), 1e-6f);

    ok("cudnnSoftmaxForward", forward(ACCURATE, d, in, d, in));
    assertEquals(1f / 3, values(in, 6, stream)[4], 1e-6f);
    clean();
  }

  @Test
  void descriptorsAreSetAndAlikeBeforeTheyAreUsed() {
    long d = descriptor(2, 3);
    long x = device(24, stream);
    long y = device(24, stream);
    long unset = made("cudnnCreateTensorDescriptor");
    wrong(BAD_PARAM, "never set", "cudnnSoftmaxForward", forward(LOG, unset, x, d, y));
    long other = descriptor(3, 2);
    wrong(BAD_PARAM, "differ", "cudnnSoftmaxForward", forward(LOG, d, x, other, y));
    ok("cudnnDestroyTensorDescriptor", other);
    ok("cudnnDestroyTensorDescriptor", 0L);
    wrong(BAD_PARAM, "is destroyed", "cudnnSoftmaxForward", forward(LOG, d, x, other, y));
    wrong(BAD_PARAM, "is destroyed", "cudnnDestroyTensorDescriptor", other);
    wrong(BAD_PARAM, "positive", "cudnnSetTensor4dDescriptor", d, 0, 0, 0, 3, 1, 1);
    wrong(BAD_PARAM, "none of", "cudnnSetTensor4dDescriptor", d, 7, 0, 1, 3, 1, 1);
    wrong(3000, "elements", "cudnnSetTensor4dDescriptor", d, 0, 0, 65536, 65536, 1, 1);
    MemorySegment text = arena.allocate(100);
    call0("cudnnGetLastErrorString", text, 100L);
    assertEquals("more than 2^31 - 1 elements", text.getString(0));
  }

  private void call0(String function, Object... arguments) {
    invoke(JAVA_LONG, function, arguments);
  }

  @Test
  void memoryAndScalarsAreChecked() {
    long d = descriptor(2, 3);
    long x = device(24, stream);
    long y = device(20, stream);
    wrong(BAD_PARAM, "reaches out", "cudnnSoftmaxForward", forward(LOG, d, x, d, y));
    wrong(BAD_PARAM, "is NULL", "cudnnSoftmaxForward", forward(LOG, d, 0L, d, x));
    wrong(BAD_PARAM, "overlap", "cudnnSoftmaxForward", forward(LOG, d, x, d, x + 4));
    one = MemorySegment.NULL;
    wrong(2002, "alpha", "cudnnSoftmaxForward", forward(LOG, d, x, d, x));
  }

  @Test
  void handlesAndStreamsAreChecked() {
    long d = descriptor(1, 1);
    long x = device(stream, 1f);
    wrong(BAD_PARAM, "is no handle", "cudnnSetStream", handle, 9L);
    ok("cudaStreamDestroy", stream);
    wrong(5000, "stream is destroyed", "cudnnSoftmaxForward", forward(LOG, d, x, d, x));
    ok("cudnnDestroy", handle);
    wrong(1001, "is destroyed", "cudnnSoftmaxForward", forward(LOG, d, x, d, x));
    wrong(1001, "is destroyed", "cudnnDestroy", handle);
  }
}
