package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.Onnx;
import io.hypertape.io.onnx.OnnxModel;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Classifier;
import io.hypertape.models.Mode;
import io.hypertape.run.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export}: a run's model for other runtimes. */
class ExportCommandTest {

  @TempDir private Path folder;

  private Path trained(String... more) {
    Path run = folder.resolve("run");
    String[] args = new String[more.length + 3];
    System.arraycopy(more, 0, args, 1, more.length);
    args[0] = "train";
    args[more.length + 1] = "--out";
    args[more.length + 2] = run.toString();
    CommandResult result = CommandResult.of(args);
    assertEquals(0, result.status(), result.err());
    return run;
  }

  private CommandResult export(Path run, Path out) {
    return CommandResult.of("export", run.toString(), "--out", out.toString());
  }

  @Test
  void aClassifier() throws IOException {
    Path run = trained("--backend", "cpu", "--limit", "300", "--batch", "100", "--hidden", "4");
    Path out = folder.resolve("model.onnx");
    CommandResult result = export(run, out);
    assertEquals(0, result.status(), result.err());
    Path file = run.resolve("model.safetensors");
    assertEquals(
        file
            + ": mlp of 3190 parameters, as ONNX of opset 17 in "
            + out
            + " ("
            + Files.size(out)
            + " bytes)",
        result.out().strip());
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Checkpoint stored = Checkpoint.read(session, file);
      OnnxModel read = Onnx.read(session, out);
      Checkpoint told = new Checkpoint(read, read.metadata());
      assertEquals(stored.normalization(), told.normalization());
      assertEquals(stored.classNames(), told.classNames());
      session.scoped(
          () -> {
            Tensor x = session.uniform(new int[] {7, 784}, 1, 1);
            assertArrayEquals(
                ((Classifier) stored.model()).forward(x, Mode.EVALUATE).toFloats(),
                read.forward(x, Mode.EVALUATE).toFloats(),
                1e-6f);
          });
    }
  }

  @Test
  void aLanguageModel() throws IOException {
    Path text =
        Files.writeString(folder.resolve("text.txt"), "to be or not to be, that. ".repeat(400));
    Path run =
        trained(
            "--backend",
            "cpu",
            "--model",
            "char-lstm",
            "--data-file",
            text.toString(),
            "--steps",
            "2",
            "--hidden",
            "8",
            "--layers",
            "2",
            "--batch",
            "4",
            "--unroll",
            "10");
    Path out = folder.resolve("text.onnx");
    assertEquals(0, export(run, out).status());
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Checkpoint stored = Checkpoint.read(session, run.resolve("model.safetensors"));
      OnnxModel read = Onnx.read(session, out);
      assertEquals(stored.vocabulary(), new Checkpoint(read, read.metadata()).vocabulary());
      assertEquals(List.of("symbols", "hidden", "cell"), List.copyOf(read.inputs().keySet()));
      CharLstm model = (CharLstm) stored.model();
      int[] state = {model.spec().layers(), 1, model.spec().hidden()};
      session.scoped(
          () -> {
            Tensor symbols = session.indices(0, 1, 2, 3);
            Map<String, Tensor> given =
                Map.of(
                    "symbols",
                    symbols.reshape(4, 1),
                    "hidden",
                    session.zeros(state),
                    "cell",
                    session.zeros(state));
            assertArrayEquals(
                model.forward(symbols, 4, 1, Mode.EVALUATE).toFloats(),
                read.forward(given, Mode.EVALUATE).get("log_probabilities").toFloats(),
                1e-6f);
          });
    }
  }

  @Test
  void whatCannotBeIsSaid() throws IOException {
    Path run = trained("--backend", "cpu", "--limit", "300", "--batch", "100", "--hidden", "4");
    Path file = run.resolve("model.safetensors");
    byte[] before = Files.readAllBytes(file);
    export(run, file).assertFails(2, "the model itself; name another file");
    CommandResult.of("export", run.toString()).assertFails(2, "'--out=FILE'");
    Path missing = folder.resolve("none");
    export(run, missing.resolve("model.onnx")).assertFails(1, "there is no folder " + missing);
    export(run, folder).assertFails(1, folder.toString());
    export(missing, folder.resolve("x")).assertFails(1, missing + ": there is no such file");
    assertArrayEquals(before, Files.readAllBytes(file));
    assertTrue(Files.notExists(folder.resolve("x")));
  }
}
