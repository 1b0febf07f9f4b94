package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The same storage on a backend and on the float64 oracle, to run one call on both and compare. */
final class Bench implements AutoCloseable {

  final Backend subject;
  final Backend oracle = new ReferenceBackend(DType.F64);
  private final Random random;
  private final List<Storage> held = new ArrayList<>();

  /** A view on the subject, and its twin on the oracle. */
  record Pair(View subject, View oracle) {}

  /** One backend call; the views are the subject's or the oracle's. */
  interface Call {
    void on(Backend backend, View[] views);
  }

  Bench(Backend subject, long seed) {
    this.subject = subject;
    this.random = new Random(seed);
  }

  /** Standard normal values, dense. */
  Pair normal(int... shape) {
    return of(values(size(shape)), shape);
  }

  /** Values in [0.5, 2.5): safe for logarithms, roots and powers. */
  Pair positive(int... shape) {
    double[] values = values(size(shape));
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5 + 2 * random.nextFloat();
    }
    return of(values, shape);
  }

  private double[] values(int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  Pair of(double[] values, int... shape) {
    return new Pair(
        View.contiguous(upload(subject, values), shape),
        View.contiguous(upload(oracle, values), shape));
  }

  Pair scalar(double value) {
    return of(new double[] {(float) value});
  }

  Pair labels(int rows, int classes) {
    return indices(random.ints(rows, 0, Math.max(classes, 1)).toArray(), rows);
  }

  /** Integers, dense. */
  Pair indices(int[] values, int... shape) {
    Storage a = hold(subject, subject.allocate(DType.I32, values.length));
    Storage b = oracle.allocate(DType.I32, values.length);
    subject.write(MemorySegment.ofArray(values), a);
    oracle.write(MemorySegment.ofArray(values), b);
    return new Pair(View.contiguous(a, shape), View.contiguous(b, shape));
  }

  /** Where integers go, −1 before. */
  Pair outIndices(int... shape) {
    int[] values = new int[size(shape)];
    Arrays.fill(values, -1);
    return indices(values, shape);
  }

  /** Normal values of another deviation, dense. */
  Pair scaled(double deviation, int... shape) {
    double[] values = values(size(shape));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * deviation);
    }
    return of(values, shape);
  }

  /** Dense values behind the beginning of their storage, as a slice along the first axis has. */
  Pair shifted(Pair dense) {
    double[] values = read(oracle, dense.oracle());
    double[] wider = new double[values.length + 5];
    Arrays.fill(wider, Double.NaN);
    System.arraycopy(values, 0, wider, 3, values.length);
    Pair whole = of(wider, wider.length);
    return new Pair(shifted(whole.subject(), dense), shifted(whole.oracle(), dense));
  }

  private static View shifted(View whole, Pair dense) {
    int[] shape = dense.subject().shape();
    return new View(whole.storage(), 3, shape, View.rowMajorStrides(shape));
  }

  /** All of a pair's storage: what lies around a result must not have changed either. */
  private static Pair whole(Pair pair) {
    return new Pair(whole(pair.subject()), whole(pair.oracle()));
  }

  private static View whole(View view) {
    return View.contiguous(view.storage(), view.storage().size());
  }

  /** The same elements seen with other strides: axes reversed, twice as much storage, an offset. */
  Pair strided(int... shape) {
    int rank = shape.length;
    int[] reversed = new int[rank];
    int[] strides = new int[rank];
    int step = 2;
    for (int axis = 0; axis < rank; axis++) {
      reversed[axis] = shape[axis];
      strides[axis] = step;
      step *= Math.max(shape[axis], 1);
    }
    double[] values = values(step + 3);
    return new Pair(
        new View(upload(subject, values), 3, reversed, strides),
        new View(upload(oracle, values), 3, reversed, strides));
  }

  Pair broadcast(Pair pair, int... shape) {
    return new Pair(broadcast(pair.subject(), shape), broadcast(pair.oracle(), shape));
  }

  private static View broadcast(View v, int... shape) {
    int[] strides = new int[shape.length];
    int lead = shape.length - v.rank();
    for (int axis = 0; axis < v.rank(); axis++) {
      strides[lead + axis] = v.shape()[axis] == 1 ? 0 : v.strides()[axis];
    }
    return new View(v.storage(), v.offset(), shape, strides);
  }

  Pair transposed(Pair pair) {
    return new Pair(transposed(pair.subject()), transposed(pair.oracle()));
  }

  private static View transposed(View v) {
    return new View(
        v.storage(),
        v.offset(),
        new int[] {v.shape()[1], v.shape()[0]},
        new int[] {v.strides()[1], v.strides()[0]});
  }

  /** Where results go, full of NaN before. */
  Pair out(int... shape) {
    double[] values = new double[size(shape)];
    Arrays.fill(values, Double.NaN);
    return of(values, shape);
  }

  /** Runs the call on both and compares the named results. */
  void check(String what, double tolerance, List<Pair> operands, Call call, Pair... results) {
    call.on(subject, operands.stream().map(Pair::subject).toArray(View[]::new));
    call.on(oracle, operands.stream().map(Pair::oracle).toArray(View[]::new));
    for (Pair result : results) {
      compare(what, tolerance, result);
    }
  }

  /**
   * Like {@link #check}, with nothing written around the results, and once more by way of a
   * recording where the backend records.
   */
  void checkLayer(String what, double tolerance, List<Pair> operands, Call call, Pair... results) {
    check(what, tolerance, operands, call);
    compareWhole(what, tolerance, results);
    if (!subject.canRecord()) {
      return;
    }
    for (Pair result : results) {
      forget(result);
    }
    subject.beginRecording();
    call.on(subject, operands.stream().map(Pair::subject).toArray(View[]::new));
    Recording recording = subject.endRecording();
    recording.replay();
    call.on(oracle, operands.stream().map(Pair::oracle).toArray(View[]::new));
    compareWhole(what + ", replayed", tolerance, results);
    recording.close();
  }

  private void compareWhole(String what, double tolerance, Pair... results) {
    for (Pair result : results) {
      if (result.subject().storage().type() == DType.I32) {
        assertArrayEquals(
            readIntegers(oracle, whole(result.oracle())),
            readIntegers(subject, whole(result.subject())),
            subject.description() + ", " + what);
      } else {
        compare(what, tolerance, whole(result));
      }
    }
  }

  /** Overwrites a result on both sides, so that it must be computed anew. */
  private void forget(Pair result) {
    int size = result.subject().storage().size();
    if (result.subject().storage().type() == DType.I32) {
      int[] values = new int[size];
      Arrays.fill(values, -1);
      subject.write(MemorySegment.ofArray(values), result.subject().storage());
      oracle.write(MemorySegment.ofArray(values), result.oracle().storage());
    } else {
      double[] values = new double[size];
      Arrays.fill(values, Double.NaN);
      write(subject, values, result.subject().storage());
      write(oracle, values, result.oracle().storage());
    }
  }

  static int[] readIntegers(Backend backend, View view) {
    int[] result = new int[view.size()];
    backend.read(view, MemorySegment.ofArray(result));
    return result;
  }

  void compare(String what, double tolerance, Pair result) {
    double[] ours = read(subject, result.subject());
    double[] theirs = read(oracle, result.oracle());
    for (int i = 0; i < theirs.length; i++) {
      double scale = Math.max(1, Math.abs(theirs[i]));
      boolean same =
          Double.compare(ours[i], theirs[i]) == 0
              || ours[i] == theirs[i]
              || Math.abs(ours[i] - theirs[i]) <= tolerance * scale;
      int index = i;
      assertTrue(
          same,
          () ->
              subject.description()
                  + ", "
                  + what
                  + ", element "
                  + index
                  + ": "
                  + ours[index]
                  + " instead of "
                  + theirs[index]);
    }
  }

  static double[] read(Backend backend, View view) {
    double[] result = new double[view.size()];
    if (backend.dtype() == DType.F64) {
      backend.read(view, MemorySegment.ofArray(result));
      return result;
    }
    float[] narrow = new float[result.length];
    backend.read(view, MemorySegment.ofArray(narrow));
    for (int i = 0; i < narrow.length; i++) {
      result[i] = narrow[i];
    }
    return result;
  }

  /** Gives a dense pair new values. */
  void overwrite(Pair pair) {
    double[] values = values(pair.subject().size());
    write(subject, values, pair.subject().storage());
    write(oracle, values, pair.oracle().storage());
  }

  private Storage upload(Backend backend, double[] values) {
    return write(backend, values, hold(backend, backend.allocate(backend.dtype(), values.length)));
  }

  private static Storage write(Backend backend, double[] values, Storage buffer) {
    if (backend.dtype() == DType.F64) {
      backend.write(MemorySegment.ofArray(values), buffer);
      return buffer;
    }
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    backend.write(MemorySegment.ofArray(narrow), buffer);
    return buffer;
  }

  private Storage hold(Backend backend, Storage buffer) {
    if (backend == subject) {
      held.add(buffer);
    }
    return buffer;
  }

  static int size(int... shape) {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return size;
  }

  @Override
  public void close() {
    held.forEach(subject::free);
    held.clear();
  }
}
