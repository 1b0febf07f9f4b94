package io.hypertape.trace;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.nio.file.Path;

/** Reference traces. */
class TraceFuzzTest {

  @FuzzTest
  void trace(byte[] input) {
    Path file = InputFile.of("trace.json", input);
    Promise.of(TraceFormatException.class).keep(input, () -> TraceReader.read(file));
  }
}
