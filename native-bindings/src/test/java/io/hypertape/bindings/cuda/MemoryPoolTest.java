package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import org.junit.jupiter.api.Test;

class MemoryPoolTest extends CudaTestCase {

  @Test
  void thePoolKeepsItsBooks() {
    DeviceMemory a = pool.allocate(100);
    DeviceMemory b = pool.allocate(200);
    assertNotEquals(0, a.address());
    assertEquals(200, b.bytes());
    a.close();
    a.close();
    DeviceMemory c = pool.allocate(50);
    MemoryPool.Statistics now = pool.statistics();
    assertEquals(3, now.allocations());
    assertEquals(2, now.held());
    assertEquals(250, now.bytesHeld());
    assertEquals(300, now.peakBytes());
    assertTrue(now.reservedByDriver() >= 250, now.toString());
    b.close();
    c.close();
    assertEquals(0, pool.statistics().bytesHeld());
    stream.synchronize();
    pool.trim();
  }

  @Test
  void nothingIsAskedForNothing() {
    long before = CudaDouble.calls("cudaMallocFromPoolAsync");
    try (DeviceMemory none = pool.allocate(0)) {
      assertEquals(0, none.address());
    }
    assertEquals(before, CudaDouble.calls("cudaMallocFromPoolAsync"));
    assertEquals(0, pool.statistics().allocations());
    assertThrows(IllegalArgumentException.class, () -> pool.allocate(-1));
  }

  @Test
  void whatIsStillHeldIsFreedWithThePool() {
    DeviceMemory left;
    try (MemoryPool other = MemoryPool.create(stream)) {
      left = other.allocate(1000);
      other.allocate(2000);
    }
    assertThrows(IllegalStateException.class, left::address);
    left.close();
  }

  @Test
  void ifMemoryRunsOutTheErrorSaysWhoHoldsIt() {
    CudaDouble.requireDouble();
    try (DeviceMemory a = pool.allocate(1000);
        DeviceMemory b = pool.allocate(3000)) {
      CudaDouble.setFreeMemory(1 << 20);
      CudaOutOfMemoryException e =
          assertThrows(CudaOutOfMemoryException.class, () -> pool.allocate(8 << 20));
      assertEquals("cudaMallocFromPoolAsync", e.call());
      assertEquals("cudaErrorMemoryAllocation", e.codeName());
      assertEquals(8 << 20, e.bytesAsked());
      assertEquals(1 << 20, e.bytesFree());
      assertTrue(e.bytesTotal() > e.bytesFree());
      assertEquals(2, e.heldCount());
      assertEquals(a.bytes() + b.bytes(), e.heldBytes());
      assertEquals(3000, e.heldLargest());
      assertTrue(
          e.getMessage()
              .contains(
                  "8388608 bytes asked for, 1048576 of "
                      + e.bytesTotal()
                      + " bytes free; this pool holds 2 allocations of 4000 bytes together, the"
                      + " largest of 3000 bytes"),
          e.getMessage());
      pool.allocate(1000).close();
    }
  }

  @Test
  void ifTheDeviceDoesNotSayWhatIsFreeTheErrorIsStillTold() {
    CudaDouble.requireDouble();
    CudaDouble.setFreeMemory(0);
    CudaDouble.fail(1, 0, "cudaMemGetInfo");
    CudaOutOfMemoryException e =
        assertThrows(CudaOutOfMemoryException.class, () -> pool.allocate(8 << 20));
    assertTrue(e.getMessage().contains("free memory unknown"), e.getMessage());
    assertEquals(-1, e.bytesFree());
    assertEquals(1, e.getSuppressed().length);
  }

  @Test
  void whatIsKeptForLaterIsGivenUpBeforeMemoryRunsOut() {
    CudaDouble.requireDouble();
    CudaDouble.setFreeMemory(1000);
    try (MemoryPool other = MemoryPool.create(stream)) {
      pool.allocate(800).close();
      // What the one keeps fills the device for the other.
      assertEquals(800, pool.statistics().reservedByDriver());
      assertThrows(CudaOutOfMemoryException.class, () -> other.allocate(700));
      other.setRelief(
          () -> {
            stream.synchronize();
            pool.trim();
          });
      other.allocate(700).close();
      // Its own, without being told.
      other.allocate(1000).close();
    }
  }

  @Test
  void theDefaultPoolIsLeftAlone() {
    CudaDouble.requireDouble();
    pool.allocate(8).close();
    assertEquals(0, CudaDouble.calls("cudaDeviceGetDefaultMemPool"));
    MemoryPool.create(stream).close();
    assertEquals(1, CudaDouble.calls("cudaMemPoolDestroy"));
  }
}
