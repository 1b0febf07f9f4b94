package io.hypertape.autodiff.program;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import java.util.List;

/**
 * A computation on a backend, for one caller at a time, on any thread. The first time it is done as
 * it is, and recorded then, where the backend records: for that there must be room for all that its
 * kernels need.
 */
public final class LoadedProgram {

  private final Backend backend;
  private final Storage input;
  private final View output;
  private List<Runnable> work;
  private Runnable replay;

  LoadedProgram(Backend backend, Storage input, List<Runnable> work, View output) {
    this.backend = backend;
    this.input = input;
    this.work = work;
    this.output = output;
    this.replay = this::runFirst;
  }

  /**
   * Computes. Of an input with fewer numbers than there are places the last ones are what they were
   * before.
   *
   * @param in numbers for the input, row-major
   * @param from index of the first
   * @param count how many, at most as many as the input has
   * @param out room for the output
   * @param to index of its first number
   * @param some how many numbers of the output are wanted, at most as many as it has
   */
  public void run(float[] in, int from, int count, float[] out, int to, int some) {
    backend.write(in, from, count, input);
    replay.run();
    backend.read(output, some, out, to);
  }

  private void runFirst() {
    runAll();
    if (!backend.canRecord() || work.isEmpty()) {
      replay = this::runAll;
      return;
    }
    try {
      replay = Recording.of(backend, this::runAll)::replay;
      work = List.of();
    } catch (RecordingException e) {
      // It works without, only slower.
      replay = this::runAll;
    }
  }

  private void runAll() {
    for (Runnable part : work) {
      part.run();
    }
  }
}
