package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.bindings.testing.CudaDouble;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * A device of the double with a stream and a pool; nothing may be left over or have been misused.
 */
@Tag("cuda-double")
abstract class CudaTestCase {

  static {
    CudaDouble.load();
  }

  CudaDevice device;
  CudaStream stream;
  MemoryPool pool;
  private String expected = "";

  @BeforeEach
  final void open() {
    CudaDouble.reset();
    device = CudaDevice.open(0);
    stream = CudaStream.create(device);
    pool = MemoryPool.create(stream);
  }

  @AfterEach
  final void close() {
    pool.close();
    stream.close();
    device.close();
    String violations = String.join("\n", CudaDouble.violations());
    if (expected.isEmpty() || !violations.contains(expected)) {
      assertEquals("", violations);
    }
    assertEquals("", String.join("\n", CudaDouble.live()));
    assertEquals(0, CudaDouble.uncheckedCalls());
  }

  /** The test misuses a library on purpose: its name or a word of what the double says of that. */
  final void expectViolation(String word) {
    expected = word;
  }

  /** Floats on the device; the caller closes them. */
  final DeviceMemory upload(float... values) {
    DeviceMemory memory = pool.allocate(values.length * (long) Float.BYTES);
    try (PinnedBuffer buffer = PinnedBuffer.allocate(device, memory.bytes())) {
      buffer.segment().copyFrom(MemorySegment.ofArray(values));
      stream.copyToDevice(buffer.segment(), memory.address(), memory.bytes());
      stream.synchronize();
    }
    return memory;
  }

  final float[] download(DeviceMemory memory) {
    try (PinnedBuffer buffer = PinnedBuffer.allocate(device, memory.bytes())) {
      stream.copyToHost(memory.address(), buffer.segment(), memory.bytes());
      stream.synchronize();
      return buffer.segment().toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** Values between -1 and 1 that are the same each time. */
  static float[] values(int count, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
