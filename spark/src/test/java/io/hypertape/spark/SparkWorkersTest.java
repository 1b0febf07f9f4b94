package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What needs no Spark that runs. */
class SparkWorkersTest {

  @Test
  void processorsAreNamed() {
    assertEquals(
        "Some CPU @ 2 GHz",
        ProcessorModel.of(
            List.of("processor\t: 0", "model name\t: Some CPU @ 2 GHz", "model name\t: x")));
    assertEquals(
        "0x41 0xd0c", ProcessorModel.of(List.of("CPU implementer\t: 0x41", "CPU part\t: 0xd0c")));
    assertEquals("unknown", ProcessorModel.of(List.of()));
  }

  @Test
  void aSessionIsNeeded() {
    assertEquals(
        "spark workers: spark is null",
        assertThrows(NullPointerException.class, () -> SparkWorkers.on(null)).getMessage());
  }
}
