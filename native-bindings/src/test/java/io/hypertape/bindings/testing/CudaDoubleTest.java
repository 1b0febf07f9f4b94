package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the double pretends, how it counts, and how it is made to fail. */
class CudaDoubleTest extends RawCuda {

  private int number(String function, Object... rest) {
    return (int) made(function, rest);
  }

  @Test
  void callsAreCounted() {
    assertEquals(1, CudaDouble.calls());
    stream();
    stream();
    assertEquals(2, CudaDouble.calls("cudaStreamCreateWithFlags"));
    assertEquals(0, CudaDouble.calls("cudaStreamDestroy"));
    assertEquals(3, CudaDouble.calls());
    assertEquals(
        List.of("cudaSetDevice", "cudaStreamCreateWithFlags"),
        CudaDouble.calledFunctions().stream().sorted().toList());
    assertEquals(0, CudaDouble.uncheckedCalls());
  }

  @Test
  void whatLivesIsListedUntilItIsDestroyed() {
    long stream = stream();
    long event = made("cudaEventCreateWithFlags", 0);
    long memory = device(12, stream);
    long host = made("cudaHostAlloc", 8L, 0);
    assertEquals(4, CudaDouble.live().size());
    assertTrue(CudaDouble.live().stream().anyMatch(s -> s.startsWith("device memory")));
    assertTrue(CudaDouble.live().stream().anyMatch(s -> s.startsWith("host memory")));
    ok("cudaFreeAsync", memory, stream);
    ok("cudaFreeHost", host);
    ok("cudaEventDestroy", event);
    ok("cudaStreamDestroy", stream);
    assertEquals(List.of(), CudaDouble.live());
    clean();
  }

  @Test
  void theNthCallFailsAndDoesNothing() {
    CudaDouble.fail(2, 0);
    stream();
    assertEquals(Optional.empty(), CudaDouble.failed());
    MemorySegment cell = arena.allocate(JAVA_LONG);
    assertEquals(999, call("cudaStreamCreateWithFlags", cell, 1));
    assertEquals(0, cell.get(JAVA_LONG, 0));
    assertEquals(Optional.of("cudaStreamCreateWithFlags"), CudaDouble.failed());
    assertEquals(999, call("cudaGetLastError"));
    assertEquals(0, call("cudaGetLastError"));
    stream();
    clean();
  }

  @Test
  void oneFunctionCanBeMadeToFailWithAnyStatus() {
    CudaDouble.fail(2, OUT_OF_MEMORY, "cudaMallocAsync");
    long stream = stream();
    device(4, stream);
    assertEquals(OUT_OF_MEMORY, call("cudaMallocAsync", arena.allocate(JAVA_LONG), 4L, stream));
    assertEquals(Optional.of("cudaMallocAsync"), CudaDouble.failed());
    CudaDouble.fail(1, 0, "cublasCreate_v2");
    assertEquals(14, call("cublasCreate_v2", arena.allocate(JAVA_LONG)));
    CudaDouble.fail(1, 0, "cudnnCreate");
    assertEquals(4000, call("cudnnCreate", arena.allocate(JAVA_LONG)));
    CudaDouble.fail(1, 0, "nvrtcVersion");
    assertEquals(11, call("nvrtcVersion", arena.allocate(JAVA_INT), arena.allocate(JAVA_INT)));
    clean();
  }

  @Test
  void textsAreThoseOfTheLibraries() {
    assertEquals("cudaErrorMemoryAllocation", text("cudaGetErrorName", 2));
    assertEquals("out of memory", text("cudaGetErrorString", 2));
    assertEquals("unrecognized error code", text("cudaGetErrorName", 12345));
    assertEquals("CUBLAS_STATUS_INVALID_VALUE", text("cublasGetStatusName", 7));
    assertEquals("the library was not initialized", text("cublasGetStatusString", 1));
    assertEquals("CUDNN_STATUS_BAD_PARAM", text("cudnnGetErrorString", 2000));
    assertEquals("NVRTC_ERROR_COMPILATION", text("nvrtcGetErrorString", 6));
    MemorySegment cell = arena.allocate(ADDRESS);
    ok("cuGetErrorName", 700, cell);
    assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", at(cell));
    ok("cuGetErrorString", 700, cell);
    assertEquals("an illegal memory access was encountered", at(cell));
    assertEquals(INVALID_VALUE, call("cuGetErrorName", 12345, cell));
  }

  private String text(String function, int status) {
    return ((MemorySegment) invoke(ADDRESS, function, status)).reinterpret(200).getString(0);
  }

  private static String at(MemorySegment cell) {
    return cell.get(ADDRESS, 0).reinterpret(200).getString(0);
  }

  @Test
  void devicesAndVersionsAreAsTold() {
    assertEquals(1, number("cudaGetDeviceCount"));
    assertEquals(13000, number("cudaRuntimeGetVersion"));
    assertEquals(13000, number("cuDriverGetVersion"));
    assertEquals(9, number("cudaDeviceGetAttribute", 75, 0));
    CudaDouble.setComputeCapability(86);
    assertEquals(8, number("cudaDeviceGetAttribute", 75, 0));
    assertEquals(6, number("cudaDeviceGetAttribute", 76, 0));
    ok("cuInit", 0);
    wrong(101, "device 1 of 1", "cudaSetDevice", 1);
    wrong(101, "device 3 of 1", "cuDeviceGet", arena.allocate(JAVA_INT), 3);
    wrong(INVALID_VALUE, "attribute", "cudaDeviceGetAttribute", arena.allocate(JAVA_INT), 5000, 0);
    CudaDouble.setDevices(2);
    ok("cudaSetDevice", 1);
    assertEquals(1, number("cudaGetDevice"));
    ok("cudaSetDevice", 0);
  }

  @Test
  void withoutDeviceOrDriverNothingWorks() {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    CudaDouble.setDevices(0);
    assertEquals(100, call("cudaGetDeviceCount", cell));
    assertEquals(100, call("cuInit", 0));
    assertEquals(100, call("cudaStreamCreateWithFlags", cell, 1));
    CudaDouble.setDevices(1);
    CudaDouble.setDriverVersion(12080);
    assertEquals(35, call("cudaGetDeviceCount", cell));
    assertEquals(35, call("cudaStreamCreateWithFlags", cell, 1));
    assertEquals(12080, number("cudaDriverGetVersion"));
    assertEquals(1, call("cublasCreate_v2", cell));
    assertEquals(1001, call("cudnnCreate", cell));
    assertTrue(CudaDouble.live().isEmpty());
  }

  @Test
  void aThreadWithoutContextIsRefusedByTheDriver() throws InterruptedException {
    ok("cuInit", 0);
    int[] status = new int[1];
    MemorySegment image = MemorySegment.ofAddress(1);
    Thread other =
        new Thread(() -> status[0] = call("cuModuleLoadData", MemorySegment.ofAddress(1), image));
    other.start();
    other.join();
    assertEquals(201, status[0]);
    assertTrue(CudaDouble.violations().get(0).contains("no context"));
  }

  @Test
  void handlesOfAnotherKindOrNoneAreRecognised() {
    long stream = stream();
    long event = made("cudaEventCreateWithFlags", 0);
    wrong(INVALID_HANDLE, "is a stream", "cudaEventRecord", stream, stream);
    wrong(INVALID_HANDLE, "is a event", "cudaStreamSynchronize", event);
    wrong(INVALID_HANDLE, "is no handle", "cudaStreamSynchronize", 0x1234L);
    wrong(INVALID_HANDLE, "is NULL", "cudaEventQuery", 0L);
    ok("cudaEventDestroy", event);
    wrong(INVALID_HANDLE, "is destroyed", "cudaEventDestroy", event);
    ok("cudaStreamDestroy", stream);
    wrong(INVALID_HANDLE, "is destroyed", "cudaStreamDestroy", stream);
    wrong(INVALID_HANDLE, "is destroyed", "cudaStreamQuery", stream);
    assertFalse(CudaDouble.violations().isEmpty());
  }

  @Test
  void aResetBeginsAnew() {
    long stream = stream();
    device(stream, 1f, 2f);
    wrong(INVALID_HANDLE, "is NULL", "cudaEventQuery", 0L);
    ok("cudaStreamBeginCapture", stream, 1);
    CudaDouble.setFreeMemory(0);
    CudaDouble.reset();
    assertEquals(0, CudaDouble.calls());
    assertEquals(List.of(), CudaDouble.live());
    assertEquals(0, CudaDouble.pending());
    clean();
    device(stream(), 1f);
    wrong(INVALID_HANDLE, "is destroyed", "cudaStreamSynchronize", stream);
  }
}
