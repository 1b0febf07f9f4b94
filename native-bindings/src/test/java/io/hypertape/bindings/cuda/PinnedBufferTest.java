package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.bindings.testing.CudaDouble;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class PinnedBufferTest extends CudaTestCase {

  @Test
  void useAfterCloseIsAnErrorAndNoCrash() {
    PinnedBuffer buffer = PinnedBuffer.allocate(device, 64);
    MemorySegment segment = buffer.segment();
    assertEquals(64, segment.byteSize());
    segment.set(ValueLayout.JAVA_INT, 60, 5);
    assertEquals(5, segment.get(ValueLayout.JAVA_INT, 60));
    buffer.close();
    buffer.close();
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_INT, 0));
    assertThrows(IllegalStateException.class, buffer::segment);
  }

  @Test
  void nothingIsAskedForNothing() {
    long before = CudaDouble.calls("cudaHostAlloc");
    try (PinnedBuffer none = PinnedBuffer.allocate(device, 0)) {
      assertEquals(0, none.segment().byteSize());
    }
    assertEquals(before, CudaDouble.calls("cudaHostAlloc"));
    assertThrows(IllegalArgumentException.class, () -> PinnedBuffer.allocate(device, -1));
  }
}
