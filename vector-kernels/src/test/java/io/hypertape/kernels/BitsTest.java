package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Interpreted, half compiled and compiled code give the same bits: so do two runs of a program. */
class BitsTest {

  @Test
  void compilationDoesNotChangeResults() throws Exception {
    List<String> compiled = bits("VECTOR");
    assertEquals(compiled, bits("VECTOR", "-XX:+UseSerialGC", "-XX:CICompilerCount=2"));
    assertEquals(compiled, bits("VECTOR", "-XX:CompileThreshold=20000", "-XX:-TieredCompilation"));
    assertEquals(compiled, bits("VECTOR", "-Xbatch"));
  }

  private static List<String> bits(String mode, String... flags) throws Exception {
    return Processors.run(BitsMain.class, List.of(flags), mode);
  }
}
