package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit an option is told with that option's name, and with what would fit. */
class OptionsTest {

  @TempDir private Path folder;

  private String err = "";

  private int run(String... args) {
    CommandResult result = CommandResult.of(args);
    err = result.err();
    return result.status();
  }

  private void assertWrong(String message, String... args) {
    assertEquals(2, run(args), () -> err);
    String line = err.lines().filter(l -> l.startsWith("hypertape: ")).findFirst().orElse(err);
    assertTrue(line.startsWith("hypertape: " + message), line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --steps 2 --batch 0|--batch is 0; at least 1 is needed",
        "train --steps -2|--steps is -2; at least 1 is needed",
        "train --epochs 0 --batch 0|--epochs is 0; at least 1 is needed",
        "train --demo --batch -1|--batch is -1; at least 1 is needed",
        "train --until error|Invalid value for option '--until': 'error'; what fits is METRIC stops",
        "train --patience 2|--patience goes with --until",
        "train --cool-down 0|--cool-down is 0.0; a number above 0 is needed",
        "train --cool-down 0.3 --schedule cosine|--cool-down needs a schedule that waits for it;",
        "train --demo --cool-down 0.3|--demo compares whole epochs; --until and --cool-down do not",
        "train --hidden 0|--hidden: a layer of 0 units; each must have at least 1",
        "train --hidden 5,,5|--hidden: '5,,5' is no list of sizes",
        "train --activation tanh,gelu|--activation: unknown activation 'gelu'",
        "train --activation relu,relu,none|--activation: 3 for 2 layers, the last one included",
        "train --threads -1|--threads is -1; 1 to 1024 fit",
        "trace x --threads 2000|--threads is 2000; 1 to 1024 fit",
        "train --model char-lstm --data-file x --layers 0|--layers is 0; at least 1 is needed",
        "train --model char-lstm --data-file x --unroll -3|--unroll is -3; at least 1 is needed",
        "train --model char-lstm --data-file x --hidden 0|--hidden is 0; at least 1 is needed",
        "train --model char-lstm --data-file x --dropout -0.1|--dropout is -0.1",
        "generate x --length -1|--length is -1; at least 0 is needed",
        "generate x --temperature -0.5|--temperature is -0.5; at least 0 is needed",
        "train --schedule tower|Invalid value for option '--schedule': schedule: unknown schedule",
        "train --optimizer adam(NaN)|Invalid value for option '--optimizer': tower: adam: alpha is NaN",
        "train --optimizer adam(1e-3)schedule=x|Invalid value for option '--optimizer': tower: unknown",
        "train --backend cpu --optimizer sgd(1e308)|level 1, sgd(1e308): alpha is 1e308, and single",
        "train --backend cpu --clip 1e39|clip is 1e39, and single precision"
      })
  void isNamed(String args, String message) {
    assertWrong(message, args.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--epochs|1.5|'1.5' is no whole number",
        "--epochs|2147483648|2147483648 does not fit; numbers from -2147483648 to 2147483647 do",
        "--steps|many|'many' is no whole number",
        "--seed|0x7|'0x7' is no whole number",
        "--seed|9223372036854775808|9223372036854775808 does not fit; numbers from -92233720368547758",
        "--limit|1e3|'1e3' is no whole number",
        "--clip|NaN|'NaN' is no finite number",
        "--clip|Infinity|'Infinity' is no finite number",
        "--clip|1e999|'1e999' is no finite number",
        "--dropout|half|'half' is no number"
      })
  void isNoNumber(String option, String value, String message) {
    assertWrong("Invalid value for option '" + option + "': " + message, "train", option, value);
  }

  /** Before, an empty path was the current folder, where files then were. */
  @Test
  void emptyPathsAreRefused() throws IOException {
    Map<String, List<String>> all = new TreeMap<>();
    all.put("option '--out'", List.of("train", "--out"));
    all.put("option '--data-file'", List.of("train", "--data", "text", "--data-file"));
    all.put("option '--data-dir'", List.of("train", "--data", "mnist", "--data-dir"));
    all.put("option '--resume'", List.of("train", "--resume"));
    all.put("positional parameter at index 0 (MODEL)", List.of("evaluate"));
    all.put("positional parameter at index 0 (FILE|DIR)", List.of("trace"));
    for (Map.Entry<String, List<String>> entry : all.entrySet()) {
      for (String empty : List.of("", " ")) {
        String[] args = new String[entry.getValue().size() + 1];
        entry.getValue().toArray(args);
        args[args.length - 1] = empty;
        assertEquals(2, run(args), () -> err);
        assertTrue(err.startsWith("hypertape: Invalid value for "), err);
        assertTrue(
            err.contains(": the path is empty; name a file or folder (the current folder is .)"),
            err);
        assertTrue(err.contains("'--data") || err.contains(entry.getKey()), err);
      }
    }
  }

  @Test
  void anOptionThatBeginsWithAnAtSignNamesNoFile() throws IOException {
    Path file = Files.writeString(folder.resolve("options"), "--epochs 1");
    assertEquals(2, run("train", "@" + file));
    assertTrue(err.contains("Unmatched argument"), err);
    Path missing = folder.resolve("text");
    assertEquals(1, run("evaluate", "@" + missing));
    assertTrue(err.contains("@" + missing + ": there is no such file"), err);
    assertFalse(Files.exists(Path.of("model.safetensors")));
  }

  @Test
  void aFileOfAnotherKindIsNamed() throws IOException {
    Path file = folder.resolve("pytorch_model.bin");
    byte[] zip = {'P', 'K', 3, 4, 0, 0, 0, 0, 8, 8};
    Files.write(file, zip);
    assertEquals(1, run("evaluate", file.toString()));
    assertTrue(err.contains(file + ": a zip archive; a safetensors file is expected"), err);
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(
        run.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1");
    assertEquals(1, run("generate", run.toString()));
    assertTrue(err.contains("git lfs pull brings the file itself"), err);
  }

  @Test
  void whatARunWaitsForFitsItsModel() {
    assertWrong(
        "--until: such a model has no valid perplexity; it has train loss, test loss, test error",
        "train",
        "--until",
        "valid perplexity stops improving");
    assertWrong(
        "--until: such a model has no test error; it has train loss, valid perplexity, test",
        "train",
        "--model",
        "char-lstm",
        "--data-file",
        "x",
        "--until",
        "test error stops improving");
    assertWrong(
        "Invalid value for option '--until': 'accuracy' is no metric; there are train loss, ",
        "train",
        "--until",
        "accuracy stops improving");
    assertWrong(
        "--patience is 0; at least 1",
        "train",
        "--until",
        "TEST  error stops  improving",
        "--patience",
        "0");
  }
}
