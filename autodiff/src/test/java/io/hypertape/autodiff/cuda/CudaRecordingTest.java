package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.RecordingException;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaRecordingTest {

  private CudaBackend backend;
  private View x;
  private View sum;

  @BeforeEach
  void open() {
    backend = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.BEST);
    x = view(1, 2, 3);
    sum = view(0);
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private View view(float... values) {
    Storage buffer = backend.allocate(DType.F32, values.length);
    backend.write(MemorySegment.ofArray(values), buffer);
    return View.contiguous(buffer, values.length);
  }

  private float[] read(View view) {
    float[] values = new float[view.size()];
    backend.read(view, MemorySegment.ofArray(values));
    return values;
  }

  private Recording recordSum() {
    backend.beginRecording();
    backend.reduce(ReduceOp.SUM, x, sum);
    return backend.endRecording();
  }

  @Test
  void recordedWorkRunsWhenItIsReplayed() {
    assertTrue(backend.canRecord());
    try (Recording recording = recordSum()) {
      assertEquals(1, recording.operations());
      assertArrayEquals(new float[] {0}, read(sum));
      recording.replay();
      assertArrayEquals(new float[] {6}, read(sum));
      backend.write(MemorySegment.ofArray(new float[] {10, 20, 30}), x.storage());
      recording.replay();
      assertArrayEquals(new float[] {60}, read(sum));
    }
  }

  @Test
  void aWholeProductAndUpdateIsRecorded() {
    View a = new View(x.storage(), 0, new int[] {1, 3}, new int[] {3, 1});
    View b = new View(x.storage(), 0, new int[] {3, 1}, new int[] {1, 1});
    View c = new View(sum.storage(), 0, new int[] {1, 1}, new int[] {1, 1});
    View accumulated = view(0);
    View next = view(0);
    backend.beginRecording();
    backend.gemm(a, b, 0, c);
    backend.binary(BinaryOp.ADD, accumulated, sum, next);
    backend.copy(next, accumulated);
    try (Recording recording = backend.endRecording()) {
      // cuBLAS may take more than one to compute a product.
      assertTrue(recording.operations() >= 3, recording.operations() + " operations");
      recording.replay();
      recording.replay();
      assertArrayEquals(new float[] {28}, read(accumulated));
    }
  }

  @Test
  void whatTheHostTakesPartInIsRefused() {
    backend.beginRecording();
    refused("allocate", () -> backend.allocate(DType.F32, 1));
    refused("read", () -> read(sum));
    refused("write", () -> backend.write(MemorySegment.ofArray(new float[1]), sum.storage()));
    refused("synchronize", backend::synchronize);
    assertThrows(IllegalStateException.class, backend::beginRecording);
    // A refusal comes before CUDA hears of the call: the recording is as good as before.
    backend.reduce(ReduceOp.SUM, x, sum);
    try (Recording recording = backend.endRecording()) {
      recording.replay();
      assertArrayEquals(new float[] {6}, read(sum));
    }
    assertThrows(IllegalStateException.class, backend::endRecording);
  }

  private static void refused(String call, Runnable work) {
    Exception e = assertThrows(RecordingException.class, work::run);
    assertTrue(e.getMessage().startsWith(call + ": "), e.getMessage());
  }

  @Test
  void freedMemoryLivesToTheEndOfTheRecording() {
    View extra = view(4, 5, 6);
    backend.beginRecording();
    backend.reduce(ReduceOp.SUM, x, sum);
    backend.free(extra.storage());
    assertThrows(IllegalStateException.class, () -> backend.reduce(ReduceOp.SUM, extra, sum));
    try (Recording recording = backend.endRecording()) {
      assertEquals(1, recording.operations());
      recording.replay();
      assertArrayEquals(new float[] {6}, read(sum));
    }
  }

  @Test
  void anAbortedRecordingLeavesNothing() {
    backend.abortRecording();
    backend.beginRecording();
    backend.reduce(ReduceOp.SUM, x, sum);
    backend.abortRecording();
    backend.abortRecording();
    assertArrayEquals(new float[] {0}, read(sum));
    backend.reduce(ReduceOp.SUM, x, sum);
    assertArrayEquals(new float[] {6}, read(sum));
  }

  @Test
  void closingEndsWhatIsUnderWayAndWhatIsLeft() {
    Recording recording = recordSum();
    recording.replay();
    backend.beginRecording();
    backend.reduce(ReduceOp.SUM, x, sum);
    backend.close();
    recording.close();
  }

  @Test
  void scratchMemoryIsReservedBefore() {
    View a = new View(x.storage(), 0, new int[] {200, 200}, new int[] {0, 0});
    View c = View.contiguous(backend.allocate(DType.F32, 200 * 200), 200, 200);
    backend.beginRecording();
    Exception e = assertThrows(RecordingException.class, () -> backend.gemm(a, a, 0, c));
    assertTrue(e.getMessage().contains("run the same work once before"), e.getMessage());
    backend.abortRecording();
    backend.gemm(a, a, 0, c);
    backend.beginRecording();
    backend.gemm(a, a, 0, c);
    try (Recording recording = backend.endRecording()) {
      // What grows now must not take away what the recording uses.
      View wide = new View(x.storage(), 0, new int[] {400, 400}, new int[] {0, 0});
      View large = View.contiguous(backend.allocate(DType.F32, 400 * 400), 400, 400);
      backend.gemm(wide, wide, 0, large);
      backend.fill(-1, c);
      recording.replay();
      assertEquals(200, read(c)[39_999]);
      assertEquals(400, read(large)[0]);
    }
  }

  @Test
  void aReplayFindsBadIndicesToo() {
    View matrix = new View(x.storage(), 0, new int[] {1, 3}, new int[] {3, 1});
    Storage index = backend.allocate(DType.I32, 1);
    backend.write(MemorySegment.ofArray(new int[] {2}), index);
    backend.beginRecording();
    backend.pick(matrix, View.contiguous(index, 1), sum);
    try (Recording recording = backend.endRecording()) {
      recording.replay();
      assertArrayEquals(new float[] {3}, read(sum));
      backend.write(MemorySegment.ofArray(new int[] {3}), index);
      recording.replay();
      Exception e = assertThrows(IndexOutOfBoundsException.class, backend::synchronize);
      assertTrue(e.getMessage().contains("index[0] is 3"), e.getMessage());
      backend.synchronize();
    }
  }
}
