package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellCommandTest {

  @Test
  void theCommandCanBePastedIntoAShell() {
    assertEquals(
        "./hypertape bench peers --filter 'gemm .*|it'\\''s' --threads 1,2",
        ShellCommand.of("bench", List.of("peers", "--filter", "gemm .*|it's", "--threads", "1,2")));
    assertEquals("./hypertape bench", ShellCommand.of("bench", List.of("bench")));
  }
}
