package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.hypertape.autodiff.backend.DeviceMemoryException;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudaOutOfMemoryException;
import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call of NVIDIA's libraries fails once, one after the other: each time an exception must
 * name the call, and nothing may be left open or be used wrongly on the way out.
 */
@Tag("cuda-double")
class CudaFailuresTest {

  /** More calls than a run makes. */
  private static final int ENOUGH = 2000;

  private CudaBackend backend;

  @BeforeAll
  static void start() {
    CudaDouble.load();
    CudaDouble.requireDouble();
    // The libraries are looked for, and the kernels compiled, once for all.
    CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN).close();
  }

  private void work(KernelCompiler compiler) {
    backend = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN, compiler);
    View[] tensors = new View[4];
    for (int i = 0; i < tensors.length; i++) {
      Storage buffer = backend.allocate(DType.F32, 16);
      backend.write(MemorySegment.ofArray(new float[16]), buffer);
      tensors[i] = View.contiguous(buffer, 4, 4);
    }
    View scalar = View.contiguous(tensors[3].storage());
    backend.fill(0.5, tensors[3]);
    backend.gemm(tensors[0], tensors[1], 0, tensors[2]);
    backend.gemm(broadcast(tensors[0]), tensors[1], 0, tensors[2]);
    backend.logSoftmax(tensors[0], tensors[2]);
    View sum = View.contiguous(backend.allocate(DType.F32, 1), 1, 1);
    backend.reduce(ReduceOp.SUM, tensors[2], sum);
    View[] results = new View[3];
    for (int i = 0; i < results.length; i++) {
      results[i] = View.contiguous(backend.allocate(DType.F32, 16), 4, 4);
    }
    View[] operands = {
      tensors[0], tensors[1], tensors[2], tensors[2], scalar, scalar, scalar, scalar, scalar
    };
    backend.fused(FusedKernel.ADAM, operands, results);
    View index = View.contiguous(backend.allocate(DType.I32, 4), 4);
    backend.fill(0, index);
    backend.pick(
        tensors[0], index, new View(tensors[2].storage(), 0, new int[] {4}, new int[] {1}));
    backend.read(sum, MemorySegment.ofArray(new float[1]));
    backend.beginRecording();
    backend.gemm(tensors[0], tensors[1], 0, tensors[2]);
    backend.free(index.storage());
    Recording recording = backend.endRecording();
    recording.replay();
    backend.synchronize();
    recording.close();
    backend.free(sum.storage());
    backend.close();
  }

  private static View broadcast(View matrix) {
    return new View(matrix.storage(), 0, new int[] {4, 4}, new int[] {0, 0});
  }

  /** What was thrown; then whatever is left is closed, as a caller would. */
  private Optional<RuntimeException> failureOf(KernelCompiler compiler) {
    backend = null;
    try {
      work(compiler);
      return Optional.empty();
    } catch (RuntimeException e) {
      if (backend != null) {
        try {
          backend.close();
        } catch (RuntimeException again) {
          fail("closing after a failure failed too", again);
        }
      }
      return Optional.of(e);
    }
  }

  private void check(Optional<RuntimeException> failure, String function, String where) {
    assertEquals(List.of(), CudaDouble.violations(), where);
    assertEquals(List.of(), CudaDouble.live(), where);
    RuntimeException thrown =
        failure.orElseThrow(() -> new AssertionError(where + ": nothing was thrown"));
    assertTrue(thrown.getMessage().contains(function), where + ": " + thrown);
  }

  /** 1 is an invalid value to most of the libraries, 2 a lack of memory. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everyCallMayFail(int status) {
    KernelCompiler compiler = KernelCompiler.create();
    int nth = 1;
    for (; nth < ENOUGH; nth++) {
      CudaDouble.reset();
      CudaDouble.fail(nth, status);
      Optional<RuntimeException> failure = failureOf(compiler);
      Optional<String> function = CudaDouble.failed();
      if (function.isEmpty()) {
        assertEquals(Optional.empty(), failure);
        break;
      }
      if (status == 2 && function.get().equals("cudaMallocFromPoolAsync")) {
        // What was kept for later made room.
        assertEquals(Optional.empty(), failure);
        continue;
      }
      check(failure, function.get(), "call " + nth + ", " + function.get());
    }
    assertTrue(nth > 150 && nth < ENOUGH, nth + " calls");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvrtcCreateProgram",
        "nvrtcCompileProgram",
        "nvrtcGetCUBINSize",
        "nvrtcGetCUBIN",
        "nvrtcDestroyProgram"
      })
  void compilingMayFail(String function) {
    CudaDouble.reset();
    CudaDouble.fail(1, 1, function);
    Optional<RuntimeException> failure = failureOf(KernelCompiler.withoutCache());
    check(failure, function, function);
  }

  @Test
  void cudnnThatCannotBeUsedIsReplacedAndTheReasonGiven() {
    CudaDouble.reset();
    CudaDouble.fail(1, 1, "cudnnCreate");
    try (CudaBackend best = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.BEST)) {
      assertTrue(best.description().contains("no cuDNN: cudnnCreate"), best.description());
      View x = View.contiguous(best.allocate(DType.F32, 2), 1, 2);
      best.fill(3, x);
      View y = View.contiguous(best.allocate(DType.F32, 2), 1, 2);
      best.logSoftmax(x, y);
      float[] values = new float[2];
      best.read(y, MemorySegment.ofArray(values));
      assertEquals(-Math.log(2), values[1], 1e-6);
    }
    assertEquals(List.of(), CudaDouble.live());
  }

  /** As log-softmax does in the midst, so batch norm and the others did before. */
  @ParameterizedTest
  @ValueSource(ints = {1008, 3000, 3007})
  void aSoftmaxThatCudnnRefusesIsOurs(int status) {
    CudaDouble.reset();
    try (CudaBackend best = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN)) {
      View x = View.contiguous(best.allocate(DType.F32, 2), 1, 2);
      best.fill(3, x);
      View y = View.contiguous(best.allocate(DType.F32, 2), 1, 2);
      View dx = View.contiguous(best.allocate(DType.F32, 2), 1, 2);
      assertEquals(List.of(), best.fallbacks());
      CudaDouble.fail(1, status, "cudnnSoftmaxForward");
      best.logSoftmax(x, y);
      CudaDouble.fail(1, status, "cudnnSoftmaxBackward");
      best.logSoftmaxGrad(x, y, dx);
      float[] values = new float[2];
      best.read(y, MemorySegment.ofArray(values));
      assertEquals(-Math.log(2), values[1], 1e-6);
      best.read(dx, MemorySegment.ofArray(values));
      assertEquals(0, values[1], 1e-6);
      assertEquals(1, best.fallbacks().size());
      String told = best.fallbacks().getFirst();
      assertTrue(told.startsWith("log-softmax by own kernels: cudnnSoftmaxForward"), told);
    }
    assertEquals(List.of(), CudaDouble.live());
    CudaDouble.reset();
  }

  @Test
  void cudnnForAnotherCudaIsNotUsed() {
    CudaDouble.reset();
    CudaDouble.setCudnnCuda(12090);
    try (CudaBackend best = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.BEST)) {
      String told = "no cuDNN: cuDNN was built for CUDA 12, but the CUDA runtime is 13.0";
      assertTrue(best.description().contains(told), best.description());
    }
    assertEquals(List.of(), CudaDouble.live());
    CudaDouble.reset();
  }

  @Test
  void runningOutOfMemorySaysHowMuchWasAsked() {
    CudaDouble.reset();
    try (CudaBackend small = CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.KERNELS)) {
      CudaDouble.setFreeMemory(1 << 20);
      try {
        small.allocate(DType.F32, 1 << 20);
        fail("4 MiB of 1 were given");
      } catch (DeviceMemoryException e) {
        assertEquals(4 << 20, e.bytesAsked());
        assertTrue(e.getMessage().contains("4194304 bytes asked for, "), e.getMessage());
        assertTrue(e.getCause() instanceof CudaOutOfMemoryException, e.toString());
      }
    }
    assertEquals(List.of(), CudaDouble.live());
    CudaDouble.reset();
  }
}
