package io.hypertape.autodiff.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.BackendUnavailableException;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.bindings.testing.CleanDouble;
import io.hypertape.bindings.testing.CudaDouble;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Several devices in one process, used by one thread in turns and by several. */
@Tag("cuda-double")
@ExtendWith(CleanDouble.class)
class CudaDevicesTest {

  @TempDir private Path folder;

  @BeforeEach
  void twoDevices() {
    CudaDouble.requireDouble();
    CudaDouble.setDevices(2);
  }

  @Test
  void aThreadMayUseBothInTurns() {
    try (Session first = Session.open(SessionOptions.of("cuda"));
        Session second = Session.open(SessionOptions.of("cuda:1"))) {
      assertTrue(first.description().contains("double 0, compute"), first.description());
      assertTrue(second.description().contains("double 1 (device 1)"), second.description());
      for (int i = 1; i < 4; i++) {
        assertEquals(10 * i, sum(first, i));
        assertEquals(20 * i, sum(second, 2 * i));
      }
    }
  }

  private static double sum(Session session, double value) {
    try (Scope scope = session.scratch()) {
      return session
          .full(new int[] {2, 5}, value)
          .matmulTransposed(session.ones(1, 5))
          .sum()
          .item();
    }
  }

  @Test
  void whatWasRecordedRunsOnItsOwn() {
    try (CudaBackend first = open(0);
        CudaBackend second = open(1)) {
      View x = View.contiguous(second.allocate(DType.F32, 4), 4);
      View sum = View.contiguous(second.allocate(DType.F32, 1), 1);
      second.fill(3, x);
      second.beginRecording();
      second.reduce(ReduceOp.SUM, x, sum);
      try (Recording recording = second.endRecording()) {
        first.fill(1, View.contiguous(first.allocate(DType.F32, 1), 1));
        recording.replay();
        first.synchronize();
        float[] value = new float[1];
        second.read(sum, MemorySegment.ofArray(value));
        assertArrayEquals(new float[] {12}, value);
        first.synchronize();
      }
      first.synchronize();
    }
  }

  private static CudaBackend open(int device) {
    return CudaBackend.open(
        device, CudaPrecision.FLOAT32, SoftmaxPath.KERNELS, KernelCompiler.create());
  }

  @Test
  void aDeviceThatIsNotThereIsTold() {
    Exception e =
        assertThrows(
            BackendUnavailableException.class, () -> Session.open(SessionOptions.of("cuda:2")));
    assertTrue(e.getMessage().contains("no CUDA device 2: there are 2"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Session.open(SessionOptions.of("reference:1")));
  }

  /** So that no session has to wait for NVRTC. */
  @Test
  void kernelsAreCompiledAhead() {
    List<String> lines = new ArrayList<>();
    CudaSupport.warm(List.of(90), lines::add);
    assertTrue(lines.getFirst().matches("sm_90: \\d+ KiB .*"), lines.toString());
    Exception e =
        assertThrows(IllegalStateException.class, () -> CudaSupport.warm(List.of(35), lines::add));
    assertTrue(e.getMessage().startsWith("kernels for 3.5: NVRTC"), e.getMessage());
    assertEquals(1, lines.size());
  }

  /** While handles are opened; a compilation that is not waited for would outlive the session. */
  @Test
  void kernelsThatAreNewAreCompiledByAThreadOfTheirOwn() throws Exception {
    KernelCompiler compiler = KernelCompiler.create(folder.resolve("kernels"));
    CudaDouble.fail(1, 0, "cublasCreate_v2");
    assertThrows(
        RuntimeException.class,
        () -> CudaBackend.open(1, CudaPrecision.FLOAT32, SoftmaxPath.KERNELS, compiler));
    assertTrue(CudaDouble.calls("nvrtcCompileProgram") == 1, "begun before cuBLAS was asked");
    try (var kept = Files.list(folder.resolve("kernels"))) {
      assertEquals(1, kept.count());
    }
    assertTrue(CompiledKernels.begin(compiler, 90).wereKept());
  }
}
