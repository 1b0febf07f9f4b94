package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the double says of wrong programs, modules, launches and kernels. */
class DoubleLaunchTest extends KernelCase {

  private static final String STORE =
      "KERNEL store(float* x, int i) { x[i + (int) threadIdx.x] = 1.0f; }\n";
  private static final String DIVERGING =
      """
      KERNEL early(float* x) {
        if (threadIdx.x < 5) {
          return;
        }
        __syncthreads();
        x[threadIdx.x] = 1.0f;
      }
      KERNEL halves(float* x) {
        float v = x[0];
        if (threadIdx.x < 16) {
          v = __shfl_xor_sync(0xffffffffu, v, 1);
        }
        x[0] = v;
      }
      KERNEL masked(float* x) { x[0] = __shfl_xor_sync(0x0000ffffu, x[0], 1); }
      """;

  private void saysAfterRunning(String words) {
    int status = call("cudaStreamSynchronize", stream);
    assertTrue(
        CudaDouble.violations().stream().anyMatch(v -> v.contains(words)),
        () -> status + " " + CudaDouble.violations());
  }

  @Test
  void aCompileErrorIsQuotedWithItsLine() {
    long program =
        program("KERNEL fine(float* x) { x[0] = 1; }\nKERNEL bad(float* x) { x[0] = y; }");
    assertEquals(6, compile(program, "--gpu-architecture=sm_90"));
    String log = log(program);
    assertTrue(log.contains("test.cu:2:") && log.contains("undeclared"), log);
    clean();
    MemorySegment cubin = arena.allocate(8);
    wrong0("no CUBIN", "nvrtcGetCUBIN", program, cubin);
  }

  /** As {@link #wrong} where the library itself takes no offence. */
  private void wrong0(String words, String function, Object... arguments) {
    wrong(0, words, function, arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x[0] = INFINITY;",
        "int new = 1; x[0] = (float) new;",
        "int* p = x; x[0] = (float) p[0];",
        "void* v = x; float* p = v; x[0] = p[1];",
        "x[0] = undeclared(x[1]);"
      })
  void whatCudaWouldRefuseIsRefused(String body) {
    long program = program("KERNEL k(float* x) { " + body + " }");
    assertEquals(6, compile(program, "--gpu-architecture=sm_90"), body);
    assertTrue(log(program).contains("error"), body);
  }

  @Test
  void aKernelTakesPointersNumbersAndStructs() {
    long program = program("KERNEL k(float x[4]) { x[0] = 1; }");
    assertEquals(6, compile(program, "--gpu-architecture=sm_90"));
    assertTrue(log(program).contains("a parameter of kernel k"), log(program));
  }

  @Test
  void optionsAreThoseOfNvrtc() {
    long program = program(STORE);
    assertEquals(5, compile(program, "--nonsense"));
    assertEquals("nvrtc: error: unrecognized option --nonsense found\n", log(program));
    assertEquals(5, compile(program, "--gpu-architecture=sm_12"));
    assertTrue(log(program).contains("invalid value for --gpu-architecture"));
    clean();
    compile(program, "--use_fast_math");
    assertTrue(CudaDouble.violations().get(0).contains("fast math"));
  }

  @Test
  void theOrderOfCallsIsChecked() {
    long program = program(STORE);
    MemorySegment cell = arena.allocate(JAVA_LONG);
    wrong0("before nvrtcCompileProgram", "nvrtcGetCUBINSize", program, cell);
    wrong0("before nvrtcCompileProgram", "nvrtcGetCUBIN", program, cell);
    wrong0("before nvrtcCompileProgram", "nvrtcGetPTXSize", program, cell);
    wrong0("before nvrtcCompileProgram", "nvrtcGetProgramLogSize", program, cell);
    cell.set(JAVA_LONG, 0, program);
    ok("nvrtcDestroyProgram", cell);
    cell.set(JAVA_LONG, 0, program);
    wrong(4, "is destroyed", "nvrtcDestroyProgram", cell);
    wrong(4, "is destroyed", "nvrtcCompileProgram", program, 0, 0L);
  }

  @Test
  void aDamagedOrForeignImageIsRefused() {
    long program = program(STORE);
    assertEquals(0, compile(program, "--gpu-architecture=sm_90"));
    MemorySegment cubin = bytes(program, "nvrtcGetCUBIN");
    MemorySegment cell = arena.allocate(JAVA_LONG);
    CudaDouble.setComputeCapability(80);
    assertEquals(209, call("cuModuleLoadData", cell, cubin));
    CudaDouble.setComputeCapability(90);
    byte old = cubin.get(JAVA_BYTE, 5000);
    cubin.set(JAVA_BYTE, 5000, (byte) ~old);
    wrong(200, "damaged", "cuModuleLoadData", cell, cubin);
    wrong(200, "neither", "cuModuleLoadData", cell, arena.allocateFrom("no image at all"));
    wrong(INVALID_VALUE, "image is NULL", "cuModuleLoadData", cell, 0L);
    cubin.set(JAVA_BYTE, 5000, old);
    ok("cuModuleLoadData", cell, cubin);
    long module = cell.get(JAVA_LONG, 0);
    wrong(500, "no kernel x", "cuModuleGetFunction", cell, module, arena.allocateFrom("x"));
  }

  @Test
  void aModuleIsNotUnloadedUnderItsKernels() {
    long module = module(STORE);
    long kernel = kernel(module, "store");
    assertEquals(0, launch(kernel, 1, 1, device(4, stream), 0));
    call("cuModuleUnload", module);
    assertTrue(CudaDouble.violations().get(0).contains("still queued"));
    assertEquals(INVALID_HANDLE, launch(kernel, 1, 1, device(4, stream), 0));
    wrong(INVALID_HANDLE, "is destroyed", "cuModuleUnload", module);
  }

  @Test
  void gridsAndBlocksHaveLimits() {
    long kernel = kernel(module(STORE), "store");
    long x = device(4 * 1024, stream);
    assertEquals(0, launch(kernel, 1, 1024, x, 0));
    assertEquals(INVALID_VALUE, launch(kernel, 1, 1025, x, 0));
    assertEquals(INVALID_VALUE, launch(kernel, 0, 32, x, 0));
    assertEquals(INVALID_VALUE, launch(kernel, 1, 0, x, 0));
    assertEquals(INVALID_VALUE, launch(kernel, new int[] {1, 2, 1, 32, 1, 1, 0}, x, 0));
    assertEquals(INVALID_VALUE, launch(kernel, new int[] {1, 1, 1, 32, 1, 1, 64}, x, 0));
    assertEquals(5, CudaDouble.violations().size());
    ok("cudaStreamSynchronize", stream);
  }

  @Test
  void pointersOfAKernelAreChecked() {
    long kernel = kernel(module(STORE), "store");
    long x = device(40, stream);
    assertEquals(ILLEGAL_ADDRESS, launch(kernel, 1, 1, x + 40, 0));
    assertEquals(ILLEGAL_ADDRESS, launch(kernel, 1, 1, arena.allocate(40).address(), 0));
    assertEquals(INVALID_VALUE, launch(kernel, 1, 1, x, MemorySegment.NULL));
    ok("cudaFreeAsync", x, stream);
    assertEquals(ILLEGAL_ADDRESS, launch(kernel, 1, 1, x + 8, 0));
    assertEquals(4, CudaDouble.violations().size());
    assertTrue(CudaDouble.violations().get(3).contains("freed memory"));
  }

  @Test
  void restrictIsTakenAtItsWord() {
    long kernel =
        kernel(
            module(
                "KERNEL copy(const float* __restrict__ x, float* __restrict__ y) { y[0] = x[0]; }"),
            "copy");
    long x = device(40, stream);
    assertEquals(0, launch(kernel, 1, 1, x, x + 4));
    assertEquals(INVALID_VALUE, launch(kernel, 1, 1, x, x));
    assertTrue(CudaDouble.violations().get(0).contains("__restrict__"));
  }

  @Test
  void aStoreBeyondTheEndIsFoundAndSaysWhichKernel() {
    long kernel = kernel(module(STORE), "store");
    assertEquals(0, launch(kernel, 1, 8, device(40, stream), 3));
    saysAfterRunning("beyond the end of the 40 bytes");
    saysAfterRunning("it was kernel store <<<1, 8>>>");
  }

  @Test
  void aWildStoreDoesNotEndTheProcess() {
    long kernel = kernel(module(STORE), "store");
    long x = device(40, stream);
    assertEquals(0, launch(kernel, 1, 1, 0L, 0));
    saysAfterRunning("kernel store touched");
    assertEquals(ILLEGAL_ADDRESS, call("cudaMemsetAsync", x, 0, 4L, stream));
    assertEquals(ILLEGAL_ADDRESS, call("cudaStreamSynchronize", stream));
    CudaDouble.reset();
    stream = stream();
    assertEquals(0, values(device(stream, 0f), 1, stream)[0]);
    String absent = null;
    assertEquals(NullPointerException.class, thrownBy(() -> absent.length()));
  }

  private static Class<?> thrownBy(Runnable action) {
    try {
      action.run();
      return null;
    } catch (RuntimeException e) {
      return e.getClass();
    }
  }

  @Test
  void aWildStoreBetweenBarriersLeavesTheFibersUsable() {
    String source =
        """
        KERNEL wild(float* x, int n) {
          __syncthreads();
          x[threadIdx.x == 70 ? (1 << 30) * (long long) n : (int) threadIdx.x] = 1.0f;
          __syncthreads();
        }
        """;
    long x = device(4 * 128, stream);
    assertEquals(0, launch(kernel(module(source), "wild"), 1, 128, x, 1 << 10));
    saysAfterRunning("kernel wild touched");
    CudaDouble.reset();
    stream = stream();
    x = device(4 * 128, stream);
    assertEquals(0, launch(kernel(module(source), "wild"), 3, 128, x, 0));
    assertEquals(1f, values(x, 128, stream)[127]);
    clean();
  }

  @Test
  void allThreadsMustComeToABarrier() {
    long module = module(DIVERGING);
    assertEquals(0, launch(kernel(module, "early"), 1, 64, device(256, stream)));
    saysAfterRunning("59 threads wait at __syncthreads, which 5 have passed by");
    assertEquals(719, call("cudaStreamSynchronize", stream));
  }

  @ParameterizedTest
  @ValueSource(strings = {"halves", "masked"})
  void allThreadsOfAWarpMustComeToAShuffle(String name) {
    assertEquals(0, launch(kernel(module(DIVERGING), name), 1, 32, device(stream, 1f)));
    saysAfterRunning(name.equals("halves") ? "16 of the 32 threads" : "mask 0xffff");
  }

  @Test
  void aShuffleDoesNotReachBeyondTheBlock() {
    long kernel =
        kernel(
            module("KERNEL last(float* x) { x[0] = __shfl_down_sync(0xffffffffu, x[0], 1); }"),
            "last");
    assertEquals(0, launch(kernel, 1, 20, device(stream, 1f)));
    saysAfterRunning("which a block of 20 threads has not");
  }
}
