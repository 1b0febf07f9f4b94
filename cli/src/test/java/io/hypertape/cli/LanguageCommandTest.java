package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Language models as their users train, test and ask them. */
@Execution(ExecutionMode.CONCURRENT)
class LanguageCommandTest extends CommandProcesses {

  private Path text(String name, String line) throws IOException {
    Path text = folder.resolve(name);
    Files.writeString(text, line.repeat(100));
    return text;
  }

  private CommandResult trainOnText(Path text, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("train", "--data", "text", "--data-file"));
    args.add(text.toString());
    args.addAll(List.of("--hidden", "16", "--layers", "1", "--batch", "4", "--unroll", "20"));
    args.addAll(Arrays.asList(more));
    return run(args.toArray(String[]::new));
  }

  @Test
  void aLanguageModelIsTrainedTestedAndWrites() throws Exception {
    Path run = folder.resolve("run");
    Path text = text("text.txt", "Größe ist käuflich, 3 € das Stück.\n");
    String[] options = {
      "--steps",
      "150",
      "--optimizer",
      "adam(1e-2)/sgd(1e-5)",
      "--clip",
      "5",
      "--schedule",
      "warmup(10, cosine)",
      "--dropout",
      "0.1",
      "--out",
      run.toString()
    };
    CommandResult result = trainOnText(text, options).assertDone();
    List<String> lines = result.out().lines().toList();
    // 2800 characters in 4 streams of 699: 34 steps an epoch.
    assertEquals(6, lines.size(), result.out());
    assertTrue(
        lines
            .get(4)
            .matches(
                "epoch 5/5  train loss \\S+  valid perplexity \\S+  test perplexity \\S+  L1.*"),
        result.out());
    assertTrue(lines.get(5).startsWith("done in "), result.out());
    assertEquals(151, Files.readAllLines(run.resolve("metrics.csv")).size());
    JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());
    assertTrue(config.path("optimizer").asText().contains("clip=5"), config.toString());
    assertTrue(config.path("optimizer").asText().contains("warmup(10, cosine(140))"));
    assertEquals(150, config.path("steps").asInt());
    assertEquals(2800, config.path("train_characters").asInt());

    CommandResult again =
        run("evaluate", run.toString(), "--data-file", text.toString()).assertDone();
    String perplexity = lines.get(5).replaceAll(".*(test perplexity [0-9.]+).*", "$1");
    assertTrue(again.out().contains(perplexity), again.out() + perplexity);
    assertTrue(Double.parseDouble(perplexity.split(" ")[2]) < 4, perplexity);

    String[] generate = {"generate", run.toString(), "--length", "60", "--prompt", "Größe"};
    String written = run(generate).assertDone().out();
    assertTrue(written.startsWith("Größe"), written);
    assertEquals(66, written.length(), written);
    assertEquals(written, run(generate).out());
    run("generate", run.toString(), "--prompt", "Größe!")
        .assertFails(1, "the prompt has '!' (U+0021)");
    assertEquals(31, run("generate", run.toString(), "--length", "30").out().length());
    run("evaluate", run.toString(), "--data", "mnist")
        .assertFails(2, "char-lstm is a model of text; --data mnist are images");
  }

  @Test
  void textsThatCannotBeLearned() throws Exception {
    Path text = text("text.txt", "words and words\n");
    Files.write(text, new byte[] {'a', '\n', (byte) 0xFF, 'b'});
    trainOnText(text, "--out", folder.resolve("a").toString())
        .assertFails(1, text + ": not UTF-8: byte 0xff at offset 2 (line 2)");
    trainOnText(text("short", "x"), "--out", folder.resolve("b").toString())
        .assertFails(1, "the training part has 80 characters", "need at least 81");
    trainOnText(folder.resolve("none"), "--out", folder.resolve("c").toString())
        .assertFails(1, "none: there is no such file");
  }
}
