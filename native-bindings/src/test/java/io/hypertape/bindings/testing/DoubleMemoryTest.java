package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Memory of the double: extents, late uses, copies, and the pool's books. */
class DoubleMemoryTest extends RawCuda {

  @Test
  void freshMemoryIsNotANumber() {
    long stream = stream();
    float[] values = values(device(12, stream), 3, stream);
    assertTrue(Float.isNaN(values[0]) && Float.isNaN(values[2]));
    clean();
  }

  @Test
  void copiesMustStayWithinTheirMemory() {
    long stream = stream();
    long memory = device(40, stream);
    MemorySegment host = arena.allocate(64);
    ok("cudaMemcpyAsync", memory, host, 40L, TO_DEVICE, stream);
    ok("cudaMemcpyAsync", memory + 36, host, 4L, TO_DEVICE, stream);
    ok("cudaMemcpyAsync", memory, host, 0L, TO_DEVICE, stream);
    wrong(INVALID_VALUE, "reaches out", "cudaMemcpyAsync", memory, host, 41L, TO_DEVICE, stream);
    wrong(INVALID_VALUE, "reaches out", "cudaMemcpyAsync", memory + 8, host, 36L, 1, stream);
    wrong(INVALID_VALUE, "reaches out", "cudaMemsetAsync", memory - 4, 0, 8L, stream);
    wrong(INVALID_VALUE, "is NULL", "cudaMemcpyAsync", 0L, host, 4L, TO_DEVICE, stream);
    wrong(INVALID_VALUE, "is NULL", "cudaMemsetAsync", 0L, 0, 4L, stream);
    wrong(INVALID_VALUE, "is no address", "cudaMemsetAsync", host.address(), 0, 4L, stream);
    wrong(INVALID_VALUE, "is no byte", "cudaMemsetAsync", memory, 256, 4L, stream);
    wrong(21, "kind 7", "cudaMemcpyAsync", memory, host, 4L, 7, stream);
  }

  @Test
  void theKindMustFitBothSides() {
    long stream = stream();
    long memory = device(40, stream);
    MemorySegment host = pinned(40);
    wrong(INVALID_VALUE, "does not fit", "cudaMemcpyAsync", memory, host, 40L, TO_HOST, stream);
    wrong(INVALID_VALUE, "does not fit", "cudaMemcpyAsync", host, memory, 40L, TO_DEVICE, stream);
    wrong(INVALID_VALUE, "does not fit", "cudaMemcpyAsync", memory, host, 40L, ON_DEVICE, stream);
    wrong(INVALID_VALUE, "overlap", "cudaMemcpyAsync", memory, memory + 4, 8L, ON_DEVICE, stream);
    ok("cudaMemcpyAsync", memory, memory + 8, 8L, ON_DEVICE, stream);
    ok("cudaMemcpyAsync", host, memory, 40L, 4, stream);
  }

  @Test
  void aLateUseIsSaidToBeOne() {
    long stream = stream();
    long memory = device(40, stream);
    ok("cudaFreeAsync", memory, stream);
    wrong(INVALID_VALUE, "freed memory", "cudaMemsetAsync", memory + 8, 0, 4L, stream);
    wrong(INVALID_VALUE, "is freed already", "cudaFreeAsync", memory, stream);
    ok("cudaStreamSynchronize", stream);
    wrong(INVALID_VALUE, "freed memory", "cudaMemsetAsync", memory, 0, 4L, stream);
    wrong(INVALID_VALUE, "is freed already", "cudaFreeAsync", memory, stream);
    MemorySegment host = pinned(8);
    ok("cudaFreeHost", host);
    wrong(INVALID_VALUE, "is freed already", "cudaFreeHost", host);
    wrong(INVALID_VALUE, "freed memory", "cudaMemcpyAsync", device(8, stream), host, 8L, 1, stream);
  }

  @Test
  void onlyWhatWasAllocatedIsFreed() {
    long stream = stream();
    long memory = device(40, stream);
    MemorySegment host = pinned(8);
    wrong(INVALID_VALUE, "not the begin", "cudaFreeAsync", memory + 4, stream);
    wrong(INVALID_VALUE, "no address", "cudaFreeAsync", 0x1000L, stream);
    wrong(INVALID_VALUE, "NULL", "cudaFreeAsync", 0L, stream);
    wrong(INVALID_VALUE, "pinned host", "cudaFreeAsync", host, stream);
    wrong(INVALID_VALUE, "is device", "cudaFreeHost", memory);
    wrong(INVALID_VALUE, "0 bytes", "cudaMallocAsync", arena.allocate(JAVA_LONG), 0L, stream);
    wrong(INVALID_VALUE, "is NULL", "cudaMallocAsync", 0L, 8L, stream);
    wrong(INVALID_VALUE, "flags", "cudaHostAlloc", arena.allocate(JAVA_LONG), 8L, 64);
  }

  @Test
  void pinnedMemoryIsNotFreedUnderACopy() {
    long stream = stream();
    MemorySegment host = pinned(8);
    ok("cudaMemcpyAsync", device(8, stream), host, 8L, TO_DEVICE, stream);
    call("cudaFreeHost", host);
    assertTrue(CudaDouble.violations().get(0).contains("queued pieces of work"));
  }

  @Test
  void memoryOfAnotherStreamNeedsAnEventBetween() {
    long first = stream();
    long second = stream();
    long memory = device(8, first);
    ok("cudaMemsetAsync", memory, 0, 8L, second);
    assertEquals(ILLEGAL_ADDRESS, call("cudaStreamSynchronize", second));
    assertTrue(CudaDouble.violations().get(0).contains("another stream's"));
    assertEquals(ILLEGAL_ADDRESS, call("cudaStreamSynchronize", first));

    CudaDouble.reset();
    first = stream();
    second = stream();
    memory = device(8, first);
    long event = made("cudaEventCreateWithFlags", 2);
    ok("cudaEventRecord", event, first);
    ok("cudaStreamWaitEvent", second, event, 0);
    ok("cudaMemsetAsync", memory, 0, 8L, second);
    ok("cudaStreamSynchronize", second);
    assertArrayEquals(new float[2], values(memory, 2, second));
    clean();
  }

  @Test
  void aWriteBeyondTheEndIsNoticed() {
    long stream = stream();
    long memory = device(10, stream);
    MemorySegment.ofAddress(memory).reinterpret(11).set(JAVA_BYTE, 10, (byte) 1);
    assertTrue(CudaDouble.violations().get(0).contains("beyond the end of the 10 bytes"));
  }

  @Test
  void aWriteBeforeTheBeginIsNoticed() {
    long memory = device(10, stream());
    MemorySegment.ofAddress(memory - 4).reinterpret(4).set(JAVA_FLOAT, 0, 1f);
    assertTrue(CudaDouble.violations().get(0).contains("before the begin"));
  }

  @Test
  void memoryIsAsShortAsTold() {
    long stream = stream();
    MemorySegment cell = arena.allocate(JAVA_LONG);
    CudaDouble.setFreeMemory(100);
    long memory = device(60, stream);
    assertEquals(OUT_OF_MEMORY, call("cudaMallocAsync", cell, 60L, stream));
    assertEquals(OUT_OF_MEMORY, call("cudaMallocAsync", cell, Long.MAX_VALUE, stream));
    ok("cudaFreeAsync", memory, stream);
    device(100, stream);
    clean();
  }

  @Test
  void thePoolKeepsWhatItsThresholdSays() {
    long stream = stream();
    long pool = made("cudaDeviceGetDefaultMemPool", 0);
    MemorySegment cell = arena.allocate(JAVA_LONG);
    CudaDouble.setFreeMemory(1000);
    cell.set(JAVA_LONG, 0, -1);
    ok("cudaMemPoolSetAttribute", pool, 4, cell);
    ok("cudaFreeAsync", device(400, stream), stream);
    ok("cudaStreamSynchronize", stream);
    assertEquals(400, attribute(pool, 5));
    assertEquals(0, attribute(pool, 7));
    assertEquals(400, attribute(pool, 8));
    MemorySegment total = arena.allocate(JAVA_LONG);
    ok("cudaMemGetInfo", cell, total);
    assertEquals(600, cell.get(JAVA_LONG, 0));
    assertEquals(1000, total.get(JAVA_LONG, 0));
    ok("cudaMemPoolTrimTo", pool, 100L);
    assertEquals(100, attribute(pool, 5));
    cell.set(JAVA_LONG, 0, 0);
    ok("cudaMemPoolSetAttribute", pool, 4, cell);
    ok("cudaStreamSynchronize", stream);
    assertEquals(0, attribute(pool, 5));
    wrong(INVALID_VALUE, "attribute 5", "cudaMemPoolSetAttribute", pool, 5, cell);
    wrong(INVALID_VALUE, "is no handle", "cudaMemPoolTrimTo", 77L, 0L);
  }

  private long attribute(long pool, int attribute) {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    ok("cudaMemPoolGetAttribute", pool, attribute, cell);
    return cell.get(JAVA_LONG, 0);
  }
}
