package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loops of long functions are longer than what C2 inlines into a caller (FreqInlineSize, 325
 * bytes), so that each is compiled by itself: with several in one, vectors went through the heap in
 * half of all JVMs, and a recurrent cell took twice as long.
 */
class LongFunctionsTest {

  private static final int INLINED = 325;

  private static final Pattern METHOD =
      Pattern.compile("  .*\\bvoid (\\w+)\\(int, float\\[\\], .*");
  private static final Pattern INSTRUCTION = Pattern.compile(" +(\\p{Nd}+): .*");

  /** Bytes of code by method, but for what the last instruction has behind its first. */
  private static Map<String, Integer> sizes() {
    Path classes = Path.of("target", "classes");
    StringWriter text = new StringWriter();
    int status =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(
                new PrintWriter(text),
                new PrintWriter(text),
                "-c",
                "-p",
                "-cp",
                classes.toString(),
                "io.hypertape.kernels.elementwise.VectorMath");
    assertEquals(0, status, text.toString());
    Map<String, Integer> sizes = new TreeMap<>();
    String method = "";
    for (String line : text.toString().lines().toList()) {
      Matcher head = METHOD.matcher(line);
      Matcher instruction = INSTRUCTION.matcher(line);
      if (head.matches()) {
        method = head.group(1);
      } else if (line.isEmpty()) {
        method = "";
      } else if (instruction.matches() && !method.isEmpty()) {
        sizes.put(method, Integer.parseInt(instruction.group(1)) + 1);
      }
    }
    return sizes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"exp", "expRest", "log", "logRest", "tanh", "tanhRest", "sigmoid", "sigmoidRest"})
  void loopsAreNotInlined(String function) {
    int size = sizes().get(function);
    assertTrue(size > INLINED, function + " has " + size + " bytes");
  }
}
