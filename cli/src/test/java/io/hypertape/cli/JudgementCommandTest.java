package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a model is judged, and which is kept: {@code --evaluate-every}, {@code --keep-best}. */
class JudgementCommandTest {

  @TempDir private Path folder;

  private CommandResult run(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command));
    if (command.equals("train")) {
      args.addAll(List.of("--backend", "cpu", "--threads", "1"));
    }
    args.addAll(Arrays.asList(more));
    return CommandResult.of(args.toArray(String[]::new));
  }

  private CommandResult train(String name, String... more) {
    List<String> args = new ArrayList<>(Arrays.asList(more));
    args.addAll(List.of("--limit", "300", "--batch", "64", "--hidden", "12"));
    args.addAll(List.of("--out", folder.resolve(name).toString()));
    return run("train", args.toArray(String[]::new)).assertDone();
  }

  private List<String> table(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name).resolve("epochs.csv"));
  }

  private static List<Double> column(List<String> table, String name) {
    int k = List.of(table.getFirst().split(",")).indexOf(name);
    return table.stream().skip(1).map(row -> Double.valueOf(row.split(",")[k])).toList();
  }

  @Test
  void judgementsAreATable() throws IOException {
    CommandResult result = train("run", "--epochs", "2", "--evaluate-every", "3");
    List<String> table = table("run");
    assertTrue(table.getFirst().startsWith("step,epoch,train_loss,test_loss,test_error,"));
    // 300 images are five batches.
    assertEquals(List.of(3.0, 5.0, 6.0, 9.0, 10.0), column(table, "step"));
    assertEquals(List.of(1.0, 1.0, 2.0, 2.0, 2.0), column(table, "epoch"));
    List<String> lines = result.out().lines().toList();
    assertTrue(lines.get(0).startsWith("step 3  train loss "), result.out());
    assertTrue(lines.get(1).startsWith("epoch 1/2  train loss "), result.out());
    run("verify", folder.resolve("run").toString()).assertDone();
  }

  /** Batches in shards: the number is kept with the run, which goes on with it in its bits. */
  @Test
  void batchesAreDividedIntoShards() throws IOException {
    String[] sharded = {"--epochs", "2", "--shards", "4", "--optimizer", "adam(1e-2)/sgd(1e-4)"};
    train("whole", sharded);
    assertTrue(
        Files.readString(folder.resolve("whole/config.json")).contains("\"shards\" : \"4\""));
    train("part", "--steps", "7", "--epochs", "2", "--shards", "4", "--optimizer", sharded[5]);
    String part = folder.resolve("part").toString();
    CommandResult refused = run("train", "--resume", part, "--shards", "8", "--steps", "10");
    assertTrue(refused.err().contains("--shards is 8, and the run in"), refused.err());
    run("train", "--resume", part, "--epochs", "2").assertDone();
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("whole/model.safetensors"), folder.resolve("part/model.safetensors")));
    assertTrue(run("train", "--shards", "3").err().contains("shards is 3; a power of two"));
    String lone = run("train", "--batch-norm", "joined").err();
    assertTrue(lone.contains("--batch-norm is for batches that --shards divides"), lone);
  }

  @Test
  void theBestModelIsKept() throws IOException {
    CommandResult result =
        train(
            "run",
            "--epochs",
            "10",
            "--optimizer",
            "sgd(3)",
            "--keep-best",
            "test loss",
            "--evaluate-every",
            "2");
    List<Double> losses = column(table("run"), "test_loss");
    double best = losses.stream().mapToDouble(v -> v).min().orElseThrow();
    assertTrue(best < losses.getLast(), losses::toString);
    int at = losses.indexOf(best);
    double error = column(table("run"), "test_error").get(at);
    String shown = String.format(java.util.Locale.ROOT, "test error %.2f%%", 100 * error);
    String done = result.out().lines().toList().getLast();
    assertTrue(done.contains(shown), done);
    CommandResult again = run("evaluate", folder.resolve("run").toString(), "--limit", "300");
    assertTrue(again.assertDone().out().contains(shown.substring(5)), again.out());
  }

  @Test
  void aStoppedRunGoesOnToTheSameEnd() throws IOException {
    String[] options = {
      "--optimizer",
      "sgd(3)",
      "--until",
      "test loss stops improving",
      "--cool-down",
      "0",
      "--patience",
      "4",
      "--evaluate-every",
      "2",
      "--keep-best",
      "test loss",
      "--accumulate",
      "2"
    };
    CommandResult whole = train("whole", options);
    assertTrue(whole.err().contains(": test loss has not improved for 4 evaluations"), whole.err());
    List<String> all = new ArrayList<>(Arrays.asList(options));
    all.addAll(List.of("--steps", "4"));
    train("run", all.toArray(String[]::new));
    run("train", "--resume", folder.resolve("run").toString(), "--steps", "1000").assertDone();
    for (String file :
        List.of("model.safetensors", "state.safetensors", "metrics.csv", "epochs.csv")) {
      assertEquals(
          -1,
          Files.mismatch(
              folder.resolve("run").resolve(file), folder.resolve("whole").resolve(file)),
          file);
    }
  }

  /** What is judged because a run ends within an epoch is not what a state goes on from. */
  @Test
  void aRunThatFailsAsItGoesOnCanGoOn() throws IOException {
    train("run", "--steps", "8", "--optimizer", "sgd(0.1)");
    Path run = folder.resolve("run");
    byte[] state = Files.readAllBytes(run.resolve("state.safetensors"));
    assertEquals(List.of(5.0, 8.0), column(table("run"), "step"));
    run("train", "--resume", run.toString(), "--steps", "9").assertDone();
    assertEquals(List.of(5.0, 9.0), column(table("run"), "step"));
    // As if it had failed before its first state was written.
    Files.write(run.resolve("state.safetensors"), state);
    run("train", "--resume", run.toString(), "--steps", "10").assertDone();
    assertEquals(List.of(5.0, 10.0), column(table("run"), "step"));
    run("verify", run.toString()).assertDone();
  }

  @Test
  void whatDoesNotFitIsTold() {
    run("train", "--evaluate-every", "0").assertFails(2, "--evaluate-every is 0; at least 1");
    run("train", "--accumulate", "0").assertFails(2, "--accumulate is 0; at least 1");
    run("train", "--keep-best", "error").assertFails(2, "'error' is no metric; there are train");
    run("train", "--keep-best", "valid perplexity")
        .assertFails(2, "--keep-best: such a model has no valid perplexity; it has train loss");
    run("train", "--cool-down", "0").assertFails(2, "or 0 with --until to have none");
  }
}
