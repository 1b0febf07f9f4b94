package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.MemoryPool;
import io.hypertape.bindings.cuda.ResourceLedger;
import io.hypertape.bindings.testing.CudaDouble;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is still open at the end is told, with the place that opened it, if somebody wants to know.
 */
@Tag("cuda-double")
class LeaksTest {

  static {
    CudaDouble.load();
  }

  private final List<LogRecord> records = new ArrayList<>();
  private final Logger logger = Logger.getLogger(ResourceLedger.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    CudaDouble.reset();
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void listenNoMore() {
    System.clearProperty("hypertape.debug.leaks");
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  private static void assertTold(LogRecord record, String start) {
    assertTrue(record.getMessage().startsWith(start), record.getMessage());
    assertTrue(record.getMessage().contains("LeaksTest.java"), record.getMessage());
    assertEquals("opened here", record.getThrown().getMessage());
  }

  @Test
  void aDeviceTellsWhatIsStillOpen() {
    System.setProperty("hypertape.debug.leaks", "true");
    CudaDevice device = CudaDevice.open(0);
    CudaStream stream = CudaStream.create(device);
    assertEquals(2, ResourceLedger.open().size(), ResourceLedger.open().toString());
    device.close();
    stream.close();
    assertEquals(1, records.size());
    assertTold(records.getFirst(), "CudaStream 0x");
    assertEquals(List.of(), ResourceLedger.open());
  }

  @Test
  void aPoolTellsWhatItHasToFree() {
    System.setProperty("hypertape.debug.leaks", "true");
    try (CudaDevice device = CudaDevice.open(0);
        CudaStream stream = CudaStream.create(device)) {
      MemoryPool pool = MemoryPool.create(stream);
      pool.allocate(100);
      pool.close();
    }
    assertEquals(1, records.size());
    assertTold(records.getFirst(), "DeviceMemory of 100 bytes at 0x");
    assertEquals(List.of(), CudaDouble.live());
  }

  @Test
  void nobodyIsToldUnasked() {
    CudaDevice device = CudaDevice.open(0);
    CudaStream stream = CudaStream.create(device);
    device.close();
    stream.close();
    assertEquals(List.of(), records);
  }
}
