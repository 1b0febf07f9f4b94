package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.optim.Tower;
import io.hypertape.run.RunState;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training as its users see it, and what is done with a model that was trained. */
@Execution(ExecutionMode.CONCURRENT)
class TrainCommandTest extends CommandProcesses {

  @Test
  void trainLeavesEverythingThatARunNeeds() throws Exception {
    Path run = folder.resolve("run");
    CommandResult result = train("--epochs", "3", "--threads", "1", "--out", run.toString());
    result.assertDone();
    List<String> lines = result.out().lines().toList();
    assertEquals(4, lines.size(), result.out());
    assertTrue(
        lines.get(0).matches("epoch 1/3  train loss \\S+  test error \\S+%  L1.adam.alpha=.*"));
    assertTrue(lines.get(2).contains("  L2.sgd.alpha="), result.out());
    assertTrue(lines.get(3).startsWith("done in "), result.out());
    assertTrue(result.err().contains("steps are replayed, "), result.err());
    JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());
    // With all its constants, whatever those of a later version may be.
    assertEquals(
        Tower.parse("auto(adam)").over(3 * 12).toString(), config.path("optimizer").asText());
    assertTrue(config.path("optimizer").asText().contains("restart(2.5, 0.5)"));
    assertEquals(600, config.path("train_images").asInt());
    List<String> table = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(1 + 3 * 12, table.size());
    assertEquals(table.getFirst().split(",").length, table.getLast().split(",").length);
    assertTrue(ImageIO.read(run.resolve("plot.png").toFile()).getWidth() > 600);

    CommandResult again =
        run("evaluate", run.toString(), "--data", "mnist", "--data-dir", mnist.toString());
    again.assertDone();
    String error = lines.get(3).replaceAll(".*test error (\\S+)%.*", "$1");
    assertTrue(again.out().contains("200 images") && again.out().contains(error), again.out());

    train("--out", run.toString()).assertFails(1, "holds a run already");
  }

  private Path pictures(int side) throws IOException {
    Path place = folder.resolve("pictures" + side);
    for (String name : List.of("dark", "light")) {
      Files.createDirectories(place.resolve(name));
      for (int i = 0; i < 20; i++) {
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < side * side; p++) {
          int value = (p * 7 + i * 13) % 100 + (name.equals("dark") ? 0 : 140);
          image.setRGB(p % side, p / side, value << 16 | (value / 2) << 8 | value);
        }
        ImageIO.write(image, "png", place.resolve(name).resolve(i + ".png").toFile());
      }
    }
    return place;
  }

  @ParameterizedTest
  @CsvSource({"cnn,16,0.00", "resnet20,9,"})
  void convolutionalModelsLearnFromAFolder(String model, int side, String error) throws Exception {
    Path run = folder.resolve("run");
    String pictures = pictures(side).toString();
    CommandResult result =
        run(
                "train",
                "--data",
                "images",
                "--data-dir",
                pictures,
                "--image-size",
                "8",
                "--model",
                model,
                "--batch",
                "8",
                "--epochs",
                "3",
                "--optimizer",
                "adam(1e-2)/sgd(1e-6)",
                "--out",
                run.toString())
            .assertDone();
    List<String> lines = result.out().lines().toList();
    assertEquals(4, lines.size(), result.out());
    String shown = lines.get(3).replaceAll(".*test error (\\S+)%.*", "$1");
    assertTrue(error == null || shown.equals(error), result.out());
    CommandResult again =
        run(
                "evaluate",
                run.toString(),
                "--data",
                "images",
                "--data-dir",
                pictures,
                "--image-size",
                "8")
            .assertDone();
    assertTrue(again.out().contains("8 images, test loss "), again.out());
    assertTrue(again.out().contains("test error " + shown + "%"), again.out() + shown);
    run("evaluate", run.toString(), "--data", "mnist", "--data-dir", mnist.toString())
        .assertFails(1, model + " for inputs of [3, ", "mnist has [1, 28, 28]");
    run("generate", run.toString()).assertFails(1, model + " is no language model");
  }

  @Test
  void imagesOfDifferentSizesAreNamed() throws Exception {
    Path place = pictures(6);
    Files.copy(pictures(7).resolve("dark/3.png"), place.resolve("dark/x.png"));
    run("train", "--data", "images", "--data-dir", place.toString(), "--out", "a")
        .assertFails(1, "--image-size N brings all to one size");
  }

  @Test
  void cifarFilesAreNamed() throws Exception {
    Path place = Files.createDirectory(folder.resolve("cifar"));
    run("train", "--data", "cifar10", "--data-dir", place.toString(), "--out", "a")
        .assertFails(1, place + ": CIFAR-10's data_batch_1.bin", "missing");
    for (String name : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4")) {
      Files.write(place.resolve(name + ".bin"), new byte[3073]);
    }
    Files.write(place.resolve("data_batch_5.bin"), new byte[3073]);
    Files.write(place.resolve("test_batch.bin"), new byte[3073]);
    run("train", "--model", "resnet20", "--data-dir", place.toString(), "--out", "b")
        .assertFails(
            1,
            "data_batch_1.bin: cut off: 3073 bytes; 30730000 bytes (10000 images of 3073 bytes)");
  }

  @Test
  void equalSeedsLeaveEqualFiles() throws Exception {
    for (String name : List.of("a", "b")) {
      train("--epochs", "2", "--seed", "9", "--out", folder.resolve(name).toString()).assertDone();
    }
    for (String file : List.of("model.safetensors", "metrics.csv")) {
      assertEquals(
          -1,
          Files.mismatch(folder.resolve("a").resolve(file), folder.resolve("b").resolve(file)),
          file);
    }
  }

  @Test
  void divergenceIsTold() throws Exception {
    Path run = folder.resolve("run");
    train("--optimizer", "sgd(1e30)", "--activation", "relu", "--out", run.toString())
        .assertFails(1, "diverged at step 2: the loss is NaN with L1.sgd.alpha=1.00000e+30");
    assertEquals(2, Files.readAllLines(run.resolve("metrics.csv")).size());
    assertTrue(Files.exists(run.resolve("plot.png")));
  }

  @Test
  void anInterruptedRunLeavesAReadableFolder() throws Exception {
    Path run = folder.resolve("run");
    Process process =
        process(
                List.of(),
                "train",
                "--data",
                "mnist",
                "--data-dir",
                mnist.toString(),
                "--optimizer",
                "adam(1e-3)/sgd(1e-5)",
                "--epochs",
                "1000000",
                "--out",
                run.toString())
            .start();
    await(run.resolve("model.safetensors"), process);
    process.destroy(); // SIGTERM, which ends a JVM as Ctrl-C does
    CommandResult result = result(process);
    assertEquals(143, result.status(), result.err());
    assertTrue(result.out().contains("interrupted in "), result.out() + result.err());
    assertTrue(ImageIO.read(run.resolve("plot.png").toFile()).getWidth() > 600);
    List<String> table = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(table.getFirst().split(",").length, table.getLast().split(",").length);
    run("evaluate", run.toString(), "--data", "mnist", "--data-dir", mnist.toString()).assertDone();

    String taken = table.getLast().split(",")[0];
    String more = Long.toString(Long.parseLong(taken) + 7);
    run("train", "--resume", run.toString(), "--steps", more).assertDone();
    Path whole = folder.resolve("whole");
    run(
            "train",
            "--data",
            "mnist",
            "--data-dir",
            mnist.toString(),
            "--optimizer",
            "adam(1e-3)/sgd(1e-5)",
            "--steps",
            more,
            "--out",
            whole.toString())
        .assertDone();
    assertEquals(
        -1,
        Files.mismatch(whole.resolve("model.safetensors"), run.resolve("model.safetensors")),
        "interrupted after " + taken + " steps");
  }

  private static void interrupt(Process process) throws Exception {
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
  }

  private Process cooling(Path run, String share) throws Exception {
    List<String> args = new ArrayList<>(List.of("train", "--data", "mnist", "--data-dir"));
    args.addAll(List.of(mnist.toString(), "--epochs", "100000000", "--out", run.toString()));
    args.addAll(List.of("--cool-down", share, "--hidden", "16", "--batch", "50"));
    Process process = attentive(List.of(NO_CUDA), args.toArray(String[]::new)).start();
    await(run.resolve("model.safetensors"), process);
    return process;
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no kill")
  void ctrlCFinishesWithACoolDown() throws Exception {
    Path run = folder.resolve("run");
    Process process = cooling(run, "0.2");
    interrupt(process);
    CommandResult result = result(process);
    assertEquals(0, result.status(), result.err());
    assertTrue(
        result.err().contains("hypertape: finishing with a cool-down; Ctrl-C again stops at once"),
        result.err());
    String told = result.err().lines().filter(l -> l.startsWith("cooling down")).findFirst().get();
    assertTrue(told.endsWith(": as was asked for"), told);
    assertTrue(result.out().contains("done in "), result.out());
    long taken = RunState.read(run.resolve("state.safetensors")).steps();
    assertTrue(told.contains(" to step " + taken + ":"), told + " " + taken);
    run("train", "--resume", run.toString()).assertFails(2, "has cooled down after " + taken);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no kill")
  void aSecondCtrlCStopsAtOnceAndTheCoolDownGoesOn() throws Exception {
    Path run = folder.resolve("run");
    // Long enough that it does not end by itself.
    Process process = cooling(run, "2000");
    interrupt(process);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Path err = folder.resolve("err.txt");
    while (!Files.readString(err).contains("cooling down from step")) {
      assertTrue(System.nanoTime() < end && process.isAlive(), Files.readString(err));
      Thread.sleep(20);
    }
    // Within 300 ms it would count as the same Ctrl-C, which shows nowhere.
    Thread.sleep(400);
    interrupt(process);
    CommandResult result = result(process);
    assertEquals(130, result.status(), result.err());
    assertTrue(result.out().contains("interrupted in "), result.out() + result.err());
    RunState state = RunState.read(run.resolve("state.safetensors"));
    assertTrue(state.coolDownEnd().orElseThrow() > state.steps());
    // It goes on with the cool-down, to where it may go.
    String more = Long.toString(state.steps() + 3);
    result = run("train", "--resume", run.toString(), "--steps", more);
    result.assertDone();
    assertFalse(result.err().contains("cooling down from step"), result.err());
    assertEquals(
        state.coolDownEnd(), RunState.read(run.resolve("state.safetensors")).coolDownEnd());
  }

  @Test
  void theDemoDrawsEveryHeight() throws Exception {
    Path run = folder.resolve("run");
    CommandResult result = train("--demo", "--out", run.toString());
    result.assertDone();
    assertEquals(1 + 4 * 8, Files.readAllLines(run.resolve("demo.csv")).size());
    assertTrue(result.out().contains("tower of height 3"), result.out());
    assertTrue(ImageIO.read(run.resolve("demo.png").toFile()).getWidth() > 600);
  }
}
