package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Work that is recorded and replayed. */
interface RecordingConformance extends LayerSuite {

  @Test
  default void recordedWorkIsReplayedOnWhatItsStorageHolds() {
    Backend backend = bench().subject;
    if (!backend.canRecord()) {
      assertThrows(UnsupportedOperationException.class, backend::beginRecording);
      backend.abortRecording();
      return;
    }
    Pair a = bench().normal(5, 7);
    Pair b = bench().normal(7, 3);
    Pair product = bench().out(5, 3);
    Pair activated = bench().out(5, 3);
    Pair sums = bench().out(1, 3);
    backend.beginRecording();
    work(backend, List.of(a, b, product, activated, sums).stream().map(Pair::subject).toList());
    assertThrows(RecordingException.class, () -> backend.allocate(DType.F32, 1));
    assertThrows(RecordingException.class, () -> Bench.read(backend, sums.subject()));
    assertThrows(RecordingException.class, backend::synchronize);
    Recording recording;
    try {
      recording = backend.endRecording();
    } catch (RecordingException e) {
      throw new AssertionError("a refused call spoiled the recording", e);
    }
    assertTrue(recording.operations() >= 3, recording.operations() + " operations");
    for (double sum : Bench.read(backend, sums.subject())) {
      assertTrue(Double.isNaN(sum), "recording is not running");
    }
    for (int round = 0; round < 3; round++) {
      bench().overwrite(a);
      recording.replay();
      work(
          bench().oracle,
          List.of(a, b, product, activated, sums).stream().map(Pair::oracle).toList());
      for (Pair result : List.of(product, activated, sums)) {
        bench().compare("replay " + round, 1e-4, result);
      }
    }
    recording.close();
    recording.close();
  }

  private static void work(Backend backend, List<View> v) {
    backend.gemm(v.get(0), v.get(1), 0, v.get(2));
    backend.unary(UnaryOp.TANH, v.get(2), v.get(3));
    backend.reduce(ReduceOp.SUM, v.get(3), v.get(4));
  }

  @Test
  default void abortedRecordingLeavesNoTrace() {
    Backend backend = bench().subject;
    if (!backend.canRecord()) {
      return;
    }
    Pair x = bench().normal(17);
    Pair y = bench().out(17);
    backend.beginRecording();
    backend.unary(UnaryOp.EXP, x.subject(), y.subject());
    backend.abortRecording();
    backend.abortRecording();
    for (double value : Bench.read(backend, y.subject())) {
      assertTrue(Double.isNaN(value));
    }
    Pair out = bench().out(17);
    bench()
        .check(
            "exp after it", 4e-6, List.of(x, out), (b, v) -> b.unary(UnaryOp.EXP, v[0], v[1]), out);
  }
}
