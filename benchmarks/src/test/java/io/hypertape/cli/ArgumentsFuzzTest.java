package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hypertape.fuzz.InputFile;
import io.hypertape.fuzz.Promise;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is typed after {@code hypertape}, a word a line. No training begins: the run's folder is a
 * file.
 */
class ArgumentsFuzzTest {

  /** They take their time, or never end, whatever else is said. */
  private static final Set<String> LONG = Set.of("doctor", "board", "bench", "paper", "study");

  private static final Set<Integer> STATUSES = Set.of(0, 1, 2);

  private static final Pattern INTERNAL =
      Pattern.compile(
          "(NullPointer|OutOfBounds|ClassCast|IllegalState|NegativeArray|Arithmetic|StackOverflow"
              + "|Reflect\\w*|NoSuchElement|Unsupported\\w*)(Exception|Error)|\tat io\\.");

  @FuzzTest
  void arguments(byte[] input) {
    List<String> words = new ArrayList<>(List.of(Promise.text(input).split("\n")));
    if (words.stream().anyMatch(LONG::contains)) {
      return;
    }
    int train = words.indexOf("train");
    if (train >= 0) {
      Path file = InputFile.of("no-folder", new byte[0]);
      words.addAll(train + 1, List.of("--out", file.toString(), "--threads", "1"));
    }
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
    int status;
    try {
      System.setOut(both);
      System.setErr(both);
      status = Main.execute(words.toArray(String[]::new));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(STATUSES.contains(status), () -> "status " + status + " of " + words);
    // A message may say what was given.
    boolean internal = INTERNAL.matcher(text).results().anyMatch(m -> !typed(words, m.group()));
    assertFalse(internal, () -> words + " gave " + text);
    boolean told = text.contains("hypertape: ") || text.contains("ERROR ");
    assertTrue(status == 0 || told, () -> words + " gave " + text);
  }

  private static boolean typed(List<String> words, String part) {
    return words.stream().anyMatch(word -> word.contains(part));
  }
}
