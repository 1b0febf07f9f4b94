package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class CudaStreamTest extends CudaTestCase {

  @Test
  void whatIsCopiedThereComesBack() {
    float[] values = values(1021, 1);
    try (DeviceMemory a = upload(values);
        DeviceMemory b = pool.allocate(a.bytes())) {
      stream.copyOnDevice(a.address(), b.address(), a.bytes());
      assertArrayEquals(values, download(b));
    }
  }

  @Test
  void memoryIsFilledByBytes() {
    try (DeviceMemory a = upload(1, 2, 3)) {
      stream.fillBytes(a.address(), 0, 2L * Float.BYTES);
      assertArrayEquals(new float[] {0, 0, 3}, download(a));
    }
  }

  @Test
  void memoryThatIsNotPinnedCanBeCopiedToo() {
    try (Arena arena = Arena.ofConfined();
        DeviceMemory a = pool.allocate(8)) {
      MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_LONG, 42);
      stream.copyToDevice(host, a.address(), 8);
      MemorySegment back = arena.allocate(8, 8);
      stream.copyToHost(a.address(), back, 8);
      stream.synchronize();
      assertEquals(42, back.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  @Test
  void workIsDoneWhenTheStreamSaysSo() {
    try (DeviceMemory a = pool.allocate(1024)) {
      stream.fillBytes(a.address(), 7, 1024);
      while (!stream.isIdle()) {
        Thread.onSpinWait();
      }
      assertTrue(stream.isIdle());
    }
  }

  @Test
  void oneStreamWaitsForAnother() {
    try (CudaStream other = CudaStream.create(device);
        DeviceMemory a = upload(values(64, 1));
        DeviceMemory b = pool.allocate(a.bytes());
        CudaEvent written = CudaEvent.create(device, CudaEvent.Timing.OFF)) {
      stream.copyOnDevice(a.address(), b.address(), a.bytes());
      written.record(stream);
      other.waitFor(written);
      try (PinnedBuffer back = PinnedBuffer.allocate(device, b.bytes())) {
        other.copyToHost(b.address(), back.segment(), b.bytes());
        other.synchronize();
        assertArrayEquals(values(64, 1), back.segment().toArray(ValueLayout.JAVA_FLOAT));
      }
    }
  }

  @Test
  void onlyNativeMemoryOfThatSizeIsCopied() {
    MemorySegment heap = MemorySegment.ofArray(new byte[8]);
    assertThrows(IllegalArgumentException.class, () -> stream.copyToDevice(heap, 1, 8));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment host = arena.allocate(8);
      assertThrows(IllegalArgumentException.class, () -> stream.copyToDevice(host, 1, 9));
      assertThrows(IllegalArgumentException.class, () -> stream.copyToHost(1, host, -1));
      assertThrows(
          IllegalArgumentException.class, () -> stream.copyToHost(1, host.asReadOnly(), 8));
    }
  }

  @Test
  void nothingToCopyIsNoCall() {
    long before = CudaDouble.calls();
    stream.copyOnDevice(0, 0, 0);
    stream.fillBytes(0, 0, 0);
    stream.copyToDevice(MemorySegment.NULL, 0, 0);
    assertEquals(before, CudaDouble.calls());
  }

  @Test
  void aWrongAddressIsNamed() {
    CudaDouble.requireDouble();
    expectViolation("cudaMemsetAsync");
    CudaException e = assertThrows(CudaException.class, () -> stream.fillBytes(0x1234, 5, 16));
    assertEquals("cudaMemsetAsync", e.call());
    assertEquals("cudaErrorInvalidValue", e.codeName());
    assertEquals(1, e.code());
    assertEquals("invalid argument", e.text());
    assertTrue(e.arguments().startsWith("to=0x1234, value=5, bytes=16, stream=0x"), e.arguments());
    for (String part : new String[] {e.call(), e.codeName(), "(1)", e.text(), e.arguments()}) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void aClosedStreamIsRefused() {
    CudaStream other = CudaStream.create(device);
    other.close();
    other.close();
    assertThrows(IllegalStateException.class, other::synchronize);
    assertThrows(IllegalStateException.class, other::handle);
    assertThrows(IllegalStateException.class, other::isIdle);
    assertThrows(IllegalStateException.class, () -> other.fillBytes(0, 0, 0));
    assertThrows(IllegalStateException.class, () -> other.copyOnDevice(0, 0, 0));
    assertFalse(stream.isCapturing());
  }
}
