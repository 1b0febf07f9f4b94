package io.hypertape.predict;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.program.Computation;
import io.hypertape.autodiff.program.LoadedProgram;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What computes one call at a time, on the thread of whoever holds it. */
final class Lane implements AutoCloseable {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final int number;
  private final Session session;
  private final Backend backend;
  private final ExampleForm form;
  private final Computation computation;
  // By the index of their sizes; made when they are needed.
  private final LoadedProgram[] programs;
  // Between segments and the backend; made when they are needed.
  private float[] examples = {};
  private float[] results = {};

  Lane(int number, Session session, ExampleForm form, Computation computation) {
    this.number = number;
    this.session = session;
    this.backend = INTERNALS.backend(session);
    this.form = form;
    this.computation = computation;
    this.programs = new LoadedProgram[form.batches().length];
  }

  /** Its place among all lanes. */
  int number() {
    return number;
  }

  /** Predicts for n examples, the first of which begins at an index. */
  void run(float[] in, int from, int n, float[] out, int to) {
    int inputs = form.inputs();
    int outputs = form.outputs();
    for (int done = 0; done < n; ) {
      int which = form.batchFor(n - done);
      int some = Math.min(form.batches()[which], n - done);
      program(which)
          .run(in, from + done * inputs, some * inputs, out, to + done * outputs, some * outputs);
      done += some;
    }
  }

  /** The same from and to segments, whose lengths fit. */
  void run(MemorySegment in, int n, MemorySegment out) {
    int inputs = form.inputs();
    int outputs = form.outputs();
    if (examples.length == 0) {
      int largest = form.batches()[form.batches().length - 1];
      examples = new float[largest * inputs];
      results = new float[largest * outputs];
    }
    for (int done = 0; done < n; ) {
      int which = form.batchFor(n - done);
      int some = Math.min(form.batches()[which], n - done);
      MemorySegment.copy(in, FLOAT, 4L * done * inputs, examples, 0, some * inputs);
      program(which).run(examples, 0, some * inputs, results, 0, some * outputs);
      MemorySegment.copy(results, 0, out, FLOAT, 4L * done * outputs, some * outputs);
      done += some;
    }
  }

  private LoadedProgram program(int which) {
    LoadedProgram known = programs[which];
    if (known == null) {
      known = computation.load(which, backend);
      programs[which] = known;
    }
    return known;
  }

  @Override
  public void close() {
    session.close();
  }
}
