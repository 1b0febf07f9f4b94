package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.cli.spi.ProgressBar;
import java.io.ByteArrayOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShownStreamTest {

  private static final String HOSTILE = "a\u001b[2J\u0007\r\u007f\u009b1m\u202e\u2066\u2028z";
  private static final String SHOWN =
      "a\\u001b[2J\\u0007\\u000d\\u007f\\u009b1m\\u202e\\u2066\\u2028z";

  @TempDir private Path folder;

  /** Prints in some way. */
  @FunctionalInterface
  private interface Way {
    void print(ShownStream to);
  }

  private static String printed(Charset charset, Way way) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    way.print(ShownStream.over(new PrintStream(bytes, true, charset)));
    return bytes.toString(charset);
  }

  private static String printed(Way way) {
    return printed(StandardCharsets.UTF_8, way);
  }

  @Test
  void whateverWayATextIsPrintedItSteersNothing() {
    assertEquals(SHOWN, printed(to -> to.print(HOSTILE)));
    assertEquals(SHOWN, printed(to -> to.print((Object) HOSTILE)));
    assertEquals(SHOWN, printed(to -> to.print(HOSTILE.toCharArray())));
    assertEquals(SHOWN, printed(to -> to.append(HOSTILE)));
    assertEquals(SHOWN, printed(to -> HOSTILE.chars().forEach(c -> to.print((char) c))));
    assertEquals(SHOWN, printed(to -> to.printf(Locale.ROOT, "%s", HOSTILE)));
    assertEquals(SHOWN, printed(to -> to.writeBytes(HOSTILE.getBytes(StandardCharsets.UTF_8))));
    String end = System.lineSeparator();
    assertEquals(SHOWN + end + "\tb" + end, printed(to -> printLines(to)));
    // As picocli and the log print.
    assertEquals(
        SHOWN,
        printed(
            to -> {
              PrintWriter out = new PrintWriter(new OutputStreamWriter(to, to.charset()), true);
              out.print(HOSTILE);
              out.flush();
            }));
  }

  private static void printLines(ShownStream to) {
    to.println(HOSTILE);
    to.println("\tb");
  }

  @Test
  void charactersMayComeByteByByteAndInAnyEncoding() {
    String text = HOSTILE + "äΩ€𝄞";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(
        SHOWN + "äΩ€𝄞",
        printed(
            to -> {
              for (int i = 0; i < bytes.length; i++) {
                to.write(bytes, i, 1);
              }
            }));
    assertEquals(
        "ä\\u009b\\u0085", printed(StandardCharsets.ISO_8859_1, to -> to.print("ä\u009b\u0085")));
  }

  @Test
  void ourOwnControlsAndRawBytesPass() {
    String bar =
        printed(
            to -> {
              ProgressBar progress = new ProgressBar(to, true, "bytes", 10);
              progress.update(10, "a\u001b[2J");
              progress.clear();
            });
    assertTrue(bar.startsWith("\r[####") && bar.endsWith("\r"), bar);
    assertTrue(bar.contains("a\\u001b[2J"), bar);
    PrintStream behind = new PrintStream(new ByteArrayOutputStream());
    ShownStream shown = ShownStream.over(behind);
    assertSame(behind, ShownStream.raw(shown));
    assertSame(behind, ShownStream.raw(behind));
    assertSame(shown, ShownStream.over(shown));
  }

  @Test
  void aGeneratedTextIsRawForProgramsAndShownToPeople() {
    for (int c : new int[] {'\u001b', '\r', 0x202E, 0x9B}) {
      assertEquals(Character.toString(c), GenerateCommand.shown(c, false));
      assertEquals(String.format(Locale.ROOT, "\\u%04x", c), GenerateCommand.shown(c, true));
    }
    for (int c : new int[] {'a', '\n', '\t', 0x1D11E}) {
      assertEquals(Character.toString(c), GenerateCommand.shown(c, true));
    }
  }

  private String executed(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      Main.execute(args);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void assertShown(String part, String... args) {
    String told = executed(args);
    assertTrue(told.contains(part), told);
    assertTrue(told.chars().noneMatch(c -> Shown.steers(c) && c != '\n' && c != '\t'), told);
  }

  /** Names of files, of tensors and of cases, and what is typed, on both streams. */
  @Test
  void noCommandLetsANameThrough() throws Exception {
    String name = "x\u001b]0;owned\u0007\u202e\u009b";
    String seen = "x\\u001b]0;owned\\u0007\\u202e\\u009b";
    Path file = folder.resolve(name + ".safetensors");
    assertShown(seen + ".safetensors: there is no such file", "evaluate", file.toString());
    String header = "{\"" + "t\\u001b\\u202e" + "\":{\"dtype\":\"F32\",\"shape\":[1]}}";
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[8 + json.length];
    bytes[0] = (byte) json.length;
    System.arraycopy(json, 0, bytes, 8, json.length);
    Files.write(file, bytes);
    assertShown("tensor 't\\u001b\\u202e'", "evaluate", file.toString());
    Path trace = Files.writeString(folder.resolve(name + ".json"), "{\"model\":7}");
    assertShown(seen + ".json: ", "trace", trace.toString());
    assertShown(seen, "train", "--model", name);
    assertShown(seen, "train", "--" + name);
    assertShown(seen, "train", "--data", "mnist", "--data-dir", folder.resolve(name).toString());
  }
}
