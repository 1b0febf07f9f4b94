package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.backend.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records a tower's steps. */
final class StepRecorder {

  private final TowerRunner runner;

  StepRecorder(TowerRunner runner) {
    this.runner = runner;
  }

  /** The pass and the update, each by itself: between them a step may be refused. */
  RecordedStep record(TowerState before, StepBuffers buffers, PassWork.Kind kind, PassWork work) {
    TowerStorage storage = runner.storage();
    Session session = runner.session();
    storage.pin(before.tape());
    storage.pin(before.previous());
    try {
      List<Gradients> pass = new ArrayList<>();
      Recording first = INTERNALS.record(session, () -> pass.add(runner.recorded(buffers, work)));
      Gradients gradients = pass.getFirst();
      if (!kind.isUpdate()) {
        return new RecordedStep(first, null, gradients, null);
      }
      List<TowerState> after = new ArrayList<>();
      try {
        Recording second =
            INTERNALS.record(
                session,
                () ->
                    after.add(
                        gradients
                            .pass()
                            .further()
                            .during(
                                () ->
                                    runner.advanced(
                                        before, buffers, gradients.tensors(), Map.of()))));
        storage.pin(after.getFirst().tape());
        return new RecordedStep(first, second, gradients, after.getFirst());
      } catch (RuntimeException | Error e) {
        after.forEach(one -> one.tape().close());
        closeAfter(e, first);
        throw e;
      }
    } finally {
      // Nothing has been computed yet.
      runner.standstill().forget();
      INTERNALS.rewind(before.tape());
    }
  }

  private static void closeAfter(Throwable e, Recording recording) {
    try {
      recording.close();
    } catch (RuntimeException again) {
      e.addSuppressed(again);
    }
  }
}
