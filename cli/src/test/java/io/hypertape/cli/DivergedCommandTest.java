package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.FiniteCheck;
import io.hypertape.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that ends in NaN is not done, and what it had that was good stays. */
class DivergedCommandTest {

  @TempDir private Path folder;
  private String told = "";

  private int run(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(List.of("--backend", "cpu", "--threads", "1"));
    CommandResult result = CommandResult.of(all.toArray(String[]::new));
    told = result.out() + result.err();
    return result.status();
  }

  private void assertFails(int status, String... parts) {
    assertEquals(1, status, told);
    assertFalse(told.contains("done in"), told);
    for (String part : parts) {
      assertTrue(told.contains(part), told);
    }
  }

  /** All losses are numbers; the last of four updates is too much for single precision. */
  @Test
  void theLastGoodModelStays() throws IOException {
    Path run = folder.resolve("run");
    String[] train = {
      "train",
      "--limit",
      "200",
      "--batch",
      "100",
      "--hidden",
      "8",
      "--out",
      run.toString(),
      "--optimizer",
      "sgd(2)",
      "--schedule",
      "milestones(3, 3e38)",
      "--epochs"
    };
    String[] two = Arrays.copyOf(train, train.length + 1);
    two[train.length] = "2";
    assertFails(
        run(two),
        "epoch 1/2",
        "hypertape: diverged at step 4, in epoch 2: after its update ",
        " of 6370 weights are no finite numbers: layer1.weight (",
        " with L1.sgd.alpha=2.00000",
        "; the model after epoch 1 and the state that --resume goes on from stay in " + run);
    assertEquals(2, RunState.read(run.resolve("state.safetensors")).steps());
    try (Session session = Session.open(Device.CPU)) {
      Checkpoint kept = Checkpoint.read(session, run.resolve("model.safetensors"));
      assertTrue(FiniteCheck.of(kept.model()).passed());
    }
    byte[] model = Files.readAllBytes(run.resolve("model.safetensors"));
    assertFails(
        run("train", "--resume", run.toString()),
        "; the model as it was saved last and the state that --resume goes on from stay in " + run);
    assertArrayEquals(model, Files.readAllBytes(run.resolve("model.safetensors")));
  }

  @Test
  void aRunThatHadNothingGoodSaysSo() throws IOException {
    Path run = folder.resolve("run");
    assertFails(
        run(
            "train",
            "--limit",
            "20",
            "--steps",
            "1",
            "--hidden",
            "8",
            "--out",
            run.toString(),
            "--optimizer",
            "sgd(3e38, decay=1e30)"),
        "hypertape: diverged at step 1, in epoch 1: after its update",
        "; no model was saved in " + run);
    assertFalse(Files.exists(run.resolve("model.safetensors")));
    assertFalse(Files.exists(run.resolve("state.safetensors")));
  }

  @Test
  void aLanguageModelIsNotDoneEither() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "abcd efgh\n".repeat(10));
    Path run = folder.resolve("run");
    assertFails(
        run(
            "train",
            "--data",
            "text",
            "--data-file",
            text.toString(),
            "--hidden",
            "4",
            "--batch",
            "2",
            "--unroll",
            "20",
            "--steps",
            "1",
            "--out",
            run.toString(),
            "--optimizer",
            "sgd(3e38, decay=1e30)"),
        "hypertape: diverged at step 1, in epoch 1: after its update",
        "; no model was saved in " + run);
  }

  @Test
  void aModelThatHasNoNumbersIsNotEvaluated() throws IOException {
    Path file = folder.resolve("nan.safetensors");
    double[] weight = new double[7840];
    Arrays.fill(weight, Double.NaN);
    try (Session session = Session.open(Device.CPU)) {
      Mlp model =
          Mlp.of(
              session,
              MlpSpec.tanh(784, 10),
              Map.of("layer1.weight", weight, "layer1.bias", new double[10]));
      Checkpoint.write(file, model, Map.of(), Checkpoint.NonFinite.KEEP);
    }
    assertFails(
        run("evaluate", file.toString(), "--limit", "20"),
        "hypertape: "
            + file
            + ": 7840 of 7850 weights are no finite numbers: layer1.weight (7840 of 7840)");
  }

  /** Weights that are finite, and products that are not. */
  @Test
  void aModelThatComputesNoNumberFails() throws IOException {
    Path file = folder.resolve("large.safetensors");
    double[] weight = new double[7840];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = i % 3 == 0 ? 3e38 : -3e38;
    }
    try (Session session = Session.open(Device.CPU)) {
      Mlp model =
          Mlp.of(
              session,
              MlpSpec.tanh(784, 10).with(Activation.NONE),
              Map.of("layer1.weight", weight, "layer1.bias", new double[10]));
      Checkpoint.write(file, model, Map.of());
    }
    assertFails(
        run("evaluate", file.toString(), "--limit", "20"),
        "hypertape: " + file + ": the loss on strokes test is NaN");
  }

  @Test
  void aModelThatHasNoNumbersDoesNotWrite() throws IOException {
    Path file = folder.resolve("lstm.safetensors");
    Vocabulary vocabulary = Vocabulary.of("abcdefgh\n".codePoints());
    try (Session session = Session.open(Device.CPU)) {
      CharLstm model = CharLstm.create(session, new CharLstmSpec(vocabulary.size(), 4, 4, 1, 0), 1);
      float[] bias = model.parameters().getLast().value().toFloats();
      bias[3] = Float.NEGATIVE_INFINITY;
      model.parameters().getLast().set(bias);
      Checkpoint.write(file, model, Checkpoint.notes(vocabulary), Checkpoint.NonFinite.KEEP);
    }
    assertFails(
        run("generate", file.toString(), "--length", "5"),
        "hypertape: " + file + ": 1 of ",
        " is no finite number: ");
  }
}
