package io.hypertape.autodiff.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single numbers, which have shorter ways than rows: the bits are those of a row's elements. */
class CpuScalarsTest {

  private static final float[] VALUES = {
    0,
    -0f,
    1,
    -2.5f,
    0.1f,
    88.7f,
    -104.3f,
    3e38f,
    -1e-40f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private static View view(Backend backend, float... values) {
    Storage storage = backend.allocate(DType.F32, values.length);
    backend.write(MemorySegment.ofArray(values), storage);
    return View.contiguous(storage, values.length);
  }

  /** Element i by itself, in any of the shapes that hold one number. */
  private static View one(View row, int i) {
    return i % 2 == 0
        ? new View(row.storage(), i, new int[0], new int[0])
        : new View(row.storage(), i, new int[] {1, 1}, new int[] {1, 1});
  }

  private static int[] bits(Backend backend, View view) {
    float[] values = new float[view.size()];
    backend.read(view, MemorySegment.ofArray(values));
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    return bits;
  }

  /** What an operation writes element by element, run at once and replayed, beside a row's. */
  private static void compare(
      String what, Backend backend, View row, Consumer<View> whole, Elements each) {
    whole.accept(row);
    int[] expected = bits(backend, row);
    for (String how : new String[] {"run", "replayed"}) {
      View out = view(backend, new float[expected.length]);
      if (how.equals("replayed")) {
        backend.beginRecording();
      }
      for (int i = 0; i < expected.length; i++) {
        each.run(i, one(out, i));
      }
      if (how.equals("replayed")) {
        try (Recording recording = backend.endRecording()) {
          assertEquals(expected.length, recording.operations());
          recording.replay();
        }
      }
      int[] actual = bits(backend, out);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], what + " " + how + ", element " + i);
      }
    }
  }

  /** An operation on one element. */
  private interface Elements {
    void run(int i, View out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCALAR", "VECTOR"})
  void haveTheBitsOfARow(String mode) {
    int n = VALUES.length * VALUES.length;
    float[] first = new float[n];
    float[] second = new float[n];
    for (int i = 0; i < n; i++) {
      first[i] = VALUES[i / VALUES.length];
      second[i] = VALUES[i % VALUES.length];
    }
    Backend backend = CpuBackends.open(mode, 1);
    View a = view(backend, first);
    View b = view(backend, second);
    View row = view(backend, new float[n]);
    for (BinaryOp op : BinaryOp.values()) {
      compare(
          op.toString(),
          backend,
          row,
          out -> backend.binary(op, a, b, out),
          (i, out) -> backend.binary(op, shaped(a, i, out), shaped(b, i, out), out));
    }
    for (UnaryOp op : UnaryOp.values()) {
      compare(
          op.toString(),
          backend,
          row,
          out -> backend.unary(op, a, out),
          (i, out) -> backend.unary(op, shaped(a, i, out), out));
    }
    compare(
        "copy",
        backend,
        row,
        out -> backend.copy(b, out),
        (i, out) -> backend.copy(shaped(b, i, out), out));
    for (float alpha : new float[] {0.37f, -0f, 0, Float.NaN}) {
      View rate = one(view(backend, alpha), 0);
      compare(
          "sgd by " + alpha,
          backend,
          row,
          out -> backend.fused(FusedKernel.SGD, new View[] {a, b, rate}, new View[] {out}),
          (i, out) ->
              backend.fused(
                  FusedKernel.SGD,
                  new View[] {shaped(a, i, out), shaped(b, i, out), rate},
                  new View[] {out}));
    }
    backend.close();
  }

  /** Repeated rather than one long, as a broadcast operand is. */
  private static View shaped(View row, int i, View out) {
    return new View(row.storage(), i, out.shape(), new int[out.rank()]);
  }
}
