package io.hypertape.autodiff.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.Recurrence.Cell;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences against plain loops, gradients against their differences, in double precision. */
class CpuRecurrenceTest {
  private static final double TINY = 1e-5;

  /** Operands and results of both calls, each at an odd offset of a buffer that is longer. */
  private static final class Call implements AutoCloseable {
    final Recurrence form;
    final CpuBackend backend;
    final List<View> in = new ArrayList<>();
    final List<View> out = new ArrayList<>();
    final List<View> cotangents = new ArrayList<>();
    final List<View> gradients = new ArrayList<>();
    private final Random random = new Random(7);

    Call(Recurrence form, Simd mode, int threads) {
      this.form = form;
      this.backend = new CpuBackend(mode, threads);
      int gates = form.cell().gates() * form.hidden();
      int[] states = {form.layers(), form.batch(), form.hidden()};
      int kinds = form.cell().hasCellState() ? 2 : 1;
      in.add(view(form.steps(), form.batch(), form.inputs()));
      out.add(view(form.steps(), form.batch(), form.hidden()));
      cotangents.add(view(form.steps(), form.batch(), form.hidden()));
      for (int k = 0; k < kinds; k++) {
        in.add(view(states));
        out.add(view(states));
        cotangents.add(view(states));
      }
      for (int layer = 0; layer < form.layers(); layer++) {
        in.add(view(gates, form.inputsOf(layer)));
        in.add(view(gates, form.hidden()));
        in.add(view(gates));
        in.add(view(gates));
      }
      out.add(view(backend.recurrentReserve(form)));
      for (View operand : in) {
        gradients.add(view(operand.shape()));
      }
    }

    private View view(int... shape) {
      View dense = View.contiguous(backend.allocate(DType.F32, 0), shape);
      View view =
          new View(backend.allocate(DType.F32, dense.size() + 5), 3, shape, dense.strides());
      // Weights are so small that sums, and rounding errors with them, do not grow with features.
      double scale = shape.length == 2 ? 1 / Math.sqrt(shape[1]) : 0.5;
      for (int i = 0; i < view.size(); i++) {
        CpuBackend.floats(view)[3 + i] = (float) (scale * random.nextGaussian());
      }
      return view;
    }

    void forward() {
      backend.recurrent(form, in.toArray(View[]::new), out.toArray(View[]::new));
    }

    void backward() {
      List<View> all = new ArrayList<>(cotangents);
      all.addAll(in);
      all.add(out.get(0));
      all.add(out.get(out.size() - 1));
      backend.recurrentGrad(form, all.toArray(View[]::new), gradients.toArray(View[]::new));
    }

    /** All results, for comparisons to the bit. */
    float[] results() {
      List<View> all = new ArrayList<>(out);
      all.addAll(gradients);
      float[] results = new float[all.stream().mapToInt(View::size).sum()];
      int at = 0;
      for (View view : all) {
        System.arraycopy(CpuBackend.floats(view), view.offset(), results, at, view.size());
        at += view.size();
      }
      return results;
    }

    void spoil() {
      out.forEach(view -> Arrays.fill(CpuBackend.floats(view), Float.NaN));
      gradients.forEach(view -> Arrays.fill(CpuBackend.floats(view), Float.NaN));
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  private static double[][] doubles(List<View> views) {
    double[][] doubles = new double[views.size()][];
    for (int k = 0; k < doubles.length; k++) {
      View view = views.get(k);
      doubles[k] = new double[view.size()];
      for (int i = 0; i < doubles[k].length; i++) {
        doubles[k][i] = CpuBackend.floats(view)[view.offset() + i];
      }
    }
    return doubles;
  }

  static Stream<Recurrence> forms() {
    return Stream.of(Cell.values())
        .flatMap(
            cell ->
                Stream.of(
                    new Recurrence(cell, 1, 1, 1, 1, 1),
                    new Recurrence(cell, 1, 3, 2, 3, 4),
                    new Recurrence(cell, 2, 5, 3, 2, 5),
                    new Recurrence(cell, 3, 4, 2, 5, 3),
                    new Recurrence(cell, 2, 9, 7, 19, 17),
                    // Rows of 512 or 1536 gates, which are kept further apart.
                    cell == Cell.LSTM
                        ? new Recurrence(cell, 2, 5, 3, 33, 128)
                        : new Recurrence(cell, 1, 4, 2, 33, 512)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void agreesWithPlainLoops(Recurrence form) {
    for (Simd mode : new Simd[] {Simd.SCALAR, Simd.VECTOR}) {
      try (Call call = new Call(form, mode, 1)) {
        double[][] expected = new DoubleRecurrence(form).run(doubles(call.in));
        call.spoil();
        call.forward();
        double[][] actual = doubles(call.out);
        for (int k = 0; k < expected.length; k++) {
          assertArrayEquals(expected[k], actual[k], 5e-6, mode + " result " + k);
        }
      }
    }
  }

  /** Checks some elements of every operand's gradient, all of small ones. */
  @ParameterizedTest
  @MethodSource("forms")
  void gradientsAgreeWithDifferences(Recurrence form) {
    try (Call scalar = new Call(form, Simd.SCALAR, 1);
        Call vector = new Call(form, Simd.VECTOR, 1)) {
      double[][] scalars = gradients(scalar);
      double[][] vectors = gradients(vector);
      double[][] in = doubles(vector.in);
      double[][] cotangents = doubles(vector.cotangents);
      for (int k = 0; k < in.length; k++) {
        int stride = Math.max(1, in[k].length * form.hidden() / 400);
        for (int i = in[k].length - 1; i >= 0; i -= stride) {
          double expected = difference(form, in, cotangents, k, i);
          double tolerance = 2e-5 * (1 + Math.abs(expected));
          String where = " operand " + k + ", element " + i;
          assertEquals(expected, scalars[k][i], tolerance, "scalar" + where);
          assertEquals(expected, vectors[k][i], tolerance, "vector" + where);
        }
      }
    }
  }

  private static double[][] gradients(Call call) {
    call.spoil();
    call.forward();
    call.backward();
    return doubles(call.gradients);
  }

  private static double difference(
      Recurrence form, double[][] in, double[][] cotangents, int k, int i) {
    double before = in[k][i];
    in[k][i] = before + TINY;
    double more = inner(cotangents, new DoubleRecurrence(form).run(in));
    in[k][i] = before - TINY;
    double less = inner(cotangents, new DoubleRecurrence(form).run(in));
    in[k][i] = before;
    return (more - less) / (2 * TINY);
  }

  private static double inner(double[][] cotangents, double[][] results) {
    double sum = 0;
    for (int k = 0; k < results.length; k++) {
      for (int i = 0; i < results[k].length; i++) {
        sum += cotangents[k][i] * results[k][i];
      }
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void threadsDoNotChangeBits(Cell cell) {
    var form = new Recurrence(cell, 2, 7, 67, 90, 96);
    float[] expected = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Call call = new Call(form, Simd.VECTOR, threads)) {
        call.forward();
        call.backward();
        if (expected == null) {
          expected = call.results();
        }
        assertArrayEquals(expected, call.results());
      }
    }
  }

  /** Steps have equal parts in a bias's gradient, which round alike each time. */
  @ParameterizedTest
  @EnumSource(Cell.class)
  void biasesOfLongSequences(Cell cell) {
    var form = new Recurrence(cell, 1, 60_000, 1, 1, 2);
    for (Simd mode : new Simd[] {Simd.SCALAR, Simd.VECTOR}) {
      try (Call call = new Call(form, mode, 1)) {
        // Without weights all steps are alike.
        call.in.forEach(view -> fill(view, 0));
        fill(call.cotangents.get(0), 0.1f);
        double[][] expected = referenceGradients(call);
        double[][] actual = gradients(call);
        for (int k = actual.length - 2; k < actual.length; k++) {
          for (int i = 0; i < actual[k].length; i++) {
            double tolerance = 2e-6 * Math.abs(expected[k][i]) + 1e-9;
            assertEquals(expected[k][i], actual[k][i], tolerance, mode + ", bias " + k + ", " + i);
          }
        }
      }
    }
  }

  private static void fill(View view, float value) {
    int from = view.offset();
    Arrays.fill(CpuBackend.floats(view), from, from + view.size(), value);
  }

  /** The same in double precision. */
  private static double[][] referenceGradients(Call call) {
    try (var reference = new ReferenceBackend(DType.F64)) {
      View[] in = copies(reference, call.in);
      View[] out = copies(reference, call.out);
      out[out.length - 1] = zeros(reference, reference.recurrentReserve(call.form));
      reference.recurrent(call.form, in, out);
      List<View> all = new ArrayList<>(List.of(copies(reference, call.cotangents)));
      all.addAll(List.of(in));
      all.add(out[0]);
      all.add(out[out.length - 1]);
      View[] gradients = copies(reference, call.gradients);
      reference.recurrentGrad(call.form, all.toArray(View[]::new), gradients);
      double[][] results = new double[gradients.length][];
      for (int k = 0; k < results.length; k++) {
        results[k] = new double[gradients[k].size()];
        reference.read(gradients[k], MemorySegment.ofArray(results[k]));
      }
      return results;
    }
  }

  private static View[] copies(ReferenceBackend reference, List<View> views) {
    double[][] values = doubles(views);
    View[] copies = new View[values.length];
    for (int k = 0; k < copies.length; k++) {
      View whole = zeros(reference, values[k].length);
      reference.write(MemorySegment.ofArray(values[k]), whole.storage());
      copies[k] = View.contiguous(whole.storage(), views.get(k).shape());
    }
    return copies;
  }

  private static View zeros(ReferenceBackend reference, int size) {
    return View.contiguous(reference.allocate(DType.F64, size), size);
  }

  @ParameterizedTest
  @EnumSource(Cell.class)
  void aReplayDoesTheSame(Cell cell) {
    var form = new Recurrence(cell, 2, 5, 3, 4, 6);
    var larger = new Recurrence(cell, 3, 11, 5, 7, 9);
    try (Call call = new Call(form, Simd.VECTOR, 1);
        Call other = new Call(larger, Simd.VECTOR, 1)) {
      call.forward();
      call.backward();
      float[] expected = call.results();
      call.spoil();
      call.backend.beginRecording();
      call.forward();
      call.backward();
      try (Recording recording = call.backend.endRecording()) {
        assertEquals(2, recording.operations());
        assertTrue(Float.isNaN(call.results()[0]), "recording computes nothing");
        // Another form in between, which takes other scratch.
        call.backend.recurrent(
            larger, other.in.toArray(View[]::new), other.out.toArray(View[]::new));
        recording.replay();
        assertArrayEquals(expected, call.results());
      }
    }
  }

  @Test
  void aSymbolThatIsNoRowIsNamedByItsPlaceInTheSequence() {
    try (Session session = Session.over(new CpuBackend(Simd.VECTOR, 1));
        Scope scope = session.scratch()) {
      Tensor state = session.zeros(1, 2, 3);
      List<Tensor> weights =
          List.of(session.zeros(12, 4), session.zeros(12, 3), session.zeros(12), session.zeros(12));
      Tensor index = session.indices(0, 1, 1, 0, 2, 0);
      var e =
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> NeuralOps.embeddedLstm(session.ones(2, 4), index, state, state, weights));
      assertEquals("index[4] is 2, allowed are 0 to 1", e.getMessage());
    }
  }

  @Test
  void tooLongASequenceIsRefused() {
    try (CpuBackend backend = new CpuBackend(Simd.VECTOR, 1)) {
      var form = new Recurrence(Cell.LSTM, 4, 100_000, 1000, 8, 1000);
      var e = assertThrows(IllegalArgumentException.class, () -> backend.recurrentReserve(form));
      assertTrue(e.getMessage().contains("more than an array holds"), e.getMessage());
    }
  }
}
