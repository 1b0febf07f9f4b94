package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Buffer;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.reference.ReferenceBackend;
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
  private final List<Buffer> held = new ArrayList<>();

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
    int[] labels = random.ints(rows, 0, Math.max(classes, 1)).toArray();
    Buffer a = hold(subject, subject.allocate(DType.I32, rows));
    Buffer b = oracle.allocate(DType.I32, rows);
    subject.write(MemorySegment.ofArray(labels), a);
    oracle.write(MemorySegment.ofArray(labels), b);
    return new Pair(View.contiguous(a, rows), View.contiguous(b, rows));
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
    return new View(v.buffer(), v.offset(), shape, strides);
  }

  Pair transposed(Pair pair) {
    return new Pair(transposed(pair.subject()), transposed(pair.oracle()));
  }

  private static View transposed(View v) {
    return new View(
        v.buffer(),
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
    write(subject, values, pair.subject().buffer());
    write(oracle, values, pair.oracle().buffer());
  }

  private Buffer upload(Backend backend, double[] values) {
    return write(backend, values, hold(backend, backend.allocate(backend.dtype(), values.length)));
  }

  private static Buffer write(Backend backend, double[] values, Buffer buffer) {
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

  private Buffer hold(Backend backend, Buffer buffer) {
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
