package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever refuses to be given back, all else is, and everything that refused is told. */
@Tag("cuda-double")
class CudaClosingTest {

  private static final int FOR_EVER = 1_000_000;

  /** Floats that the smallest pinned buffers have no room for. */
  private static final int MANY = 1 << 14;

  private CudaBackend backend;

  @BeforeAll
  static void start() {
    CudaDouble.load();
    CudaDouble.requireDouble();
  }

  @BeforeEach
  void useEverything() {
    CudaDouble.reset();
    backend = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN);
    new LayerWork(backend).run();
    View x = View.contiguous(backend.allocate(DType.F32, 16), 4, 4);
    View y = View.contiguous(backend.allocate(DType.F32, 16), 4, 4);
    backend.fill(1, x);
    backend.logSoftmax(x, y);
    backend.synchronize();
    backend.beginRecording();
    backend.copy(x, y);
    Recording recording = backend.endRecording();
    recording.replay();
  }

  @AfterEach
  void reset() {
    CudaDouble.reset();
  }

  private static void failFrom(int nth, int times, String function) {
    CudaDouble.fail(nth, times, CudaDouble.TYPICAL, function);
  }

  /** What is left, by kinds: a line each, which says what before it says where. */
  private static Set<String> kindsLeft() {
    return CudaDouble.live().stream()
        .map(line -> line.replaceAll(" (0x|\\d).*", ""))
        .collect(Collectors.toSet());
  }

  private static void assertTells(CudaException e, String function) {
    assertTrue(e.getMessage().startsWith(function + "("), e.toString());
    assertTrue(e.getMessage().contains(e.codeName() + " (" + e.code() + ")"), e.toString());
  }

  /** A failure, those that it carries, those that they carry. */
  private static void collect(Throwable e, List<Throwable> all) {
    all.add(e);
    for (Throwable other : e.getSuppressed()) {
      collect(other, all);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cudaFreeHost",
        "cudaFreeAsync",
        "cudaEventDestroy",
        "cudaStreamDestroy",
        "cudaGraphDestroy",
        "cudaGraphExecDestroy",
        "cuModuleUnload",
        "cublasDestroy_v2",
        "cudnnDestroy",
        "cudnnDestroyTensorDescriptor",
        "cudnnDestroyFilterDescriptor",
        "cudnnDestroyConvolutionDescriptor",
        "cudnnDestroyRNNDescriptor",
        "cudnnDestroyRNNDataDescriptor",
        "cudnnDestroyDropoutDescriptor"
      })
  void whatRefusesForEverKeepsNothingElse(String function) {
    failFrom(1, FOR_EVER, function);
    CudaException e = assertThrows(CudaException.class, backend::close);
    assertTells(e, function);
    List<Throwable> told = new ArrayList<>();
    collect(e, told);
    for (Throwable other : told) {
      assertTells(assertInstanceOf(CudaException.class, other), function);
    }
    assertFalse(CudaDouble.live().isEmpty(), "it was refused");
    assertEquals(1, kindsLeft().size(), "left are " + CudaDouble.live());
    assertTrue(
        told.size() >= CudaDouble.live().size(),
        told.size() + " are told, and left are " + CudaDouble.live());
    assertEquals(List.of(), CudaDouble.violations());
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatRefusesForAWhileIsGivenBack(int times) {
    failFrom(1, times, "cudaFreeHost");
    assertTells(assertThrows(CudaException.class, backend::close), "cudaFreeHost");
    assertEquals(List.of(), CudaDouble.live());
  }

  /** CUDA's device is a matter of threads: one that only closes has to name it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void allIsGivenBackFromAnotherThreadToo(int times) throws InterruptedException {
    FutureTask<Boolean> closing =
        new FutureTask<>(
            () -> {
              failFrom(1, times, "cudaSetDevice");
              backend.close();
              return true;
            });
    Thread.ofPlatform().start(closing);
    ExecutionException e = assertThrows(ExecutionException.class, closing::get);
    assertTells(assertInstanceOf(CudaException.class, e.getCause()), "cudaSetDevice");
    assertEquals(List.of(), CudaDouble.live());
  }

  @Test
  void aLargerBufferIsNotLostWhenTheSmallerOneCannotBeFreed() {
    Storage buffer = backend.allocate(DType.F32, MANY);
    float[] values = new float[MANY];
    values[7] = 3;
    failFrom(1, 1, "cudaFreeHost");
    assertTells(
        assertThrows(
            CudaException.class, () -> backend.write(MemorySegment.ofArray(values), buffer)),
        "cudaFreeHost");
    backend.write(MemorySegment.ofArray(values), buffer);
    float[] read = new float[MANY];
    View all = View.contiguous(buffer, MANY);
    failFrom(1, 1, "cudaFreeHost");
    assertTells(
        assertThrows(CudaException.class, () -> backend.read(all, MemorySegment.ofArray(read))),
        "cudaFreeHost");
    backend.read(all, MemorySegment.ofArray(read));
    assertEquals(3, read[7]);
    backend.close();
    assertEquals(List.of(), CudaDouble.live());
    assertEquals(List.of(), CudaDouble.violations());
  }

  @Test
  void aRecordingThatCannotBeEndedLeavesTheStreamOutOfIt() {
    View x = View.contiguous(backend.allocate(DType.F32, 16), 4, 4);
    backend.beginRecording();
    backend.fill(1, x);
    failFrom(1, 2, "cudaStreamIsCapturing");
    assertTells(
        assertThrows(CudaException.class, backend::abortRecording), "cudaStreamIsCapturing");
    backend.fill(2, x);
    float[] read = new float[16];
    backend.read(x, MemorySegment.ofArray(read));
    assertEquals(2, read[3]);
    backend.close();
    assertEquals(List.of(), CudaDouble.live());
  }
}
