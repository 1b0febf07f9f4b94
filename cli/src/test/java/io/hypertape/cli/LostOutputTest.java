package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.RunState;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody can read ends a command: its pipe is closed, or its device is full. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full is Linux'")
class LostOutputTest {

  private static final Path FULL = Path.of("/dev/full");
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path folder;

  /** Runs a command here, its output going to a full device. */
  private static String intoFull(String... args) throws IOException {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    try (PrintStream full = new PrintStream(new FileOutputStream(FULL.toFile()))) {
      System.setOut(full);
      System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
      assertEquals(1, Main.execute(args), () -> told.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return told.toString(StandardCharsets.UTF_8);
  }

  private Path languageModel() throws IOException {
    Path file = folder.resolve("lstm.safetensors");
    Vocabulary vocabulary = Vocabulary.of("abcdefgh\n".codePoints());
    try (Session session = Session.open(Device.CPU)) {
      CharLstm model = CharLstm.create(session, new CharLstmSpec(vocabulary.size(), 4, 4, 1, 0), 1);
      Checkpoint.write(file, model, Checkpoint.notes(vocabulary));
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "--help", "train --help", "doctor"})
  void itEndsWhatPrints(String command) throws IOException {
    String told = intoFull(command.split(" "));
    assertEquals(
        "hypertape: standard output cannot be written: it is closed, or its device is full",
        told.strip());
  }

  @Test
  void itEndsAnEvaluation() throws IOException {
    Path file = folder.resolve("mlp.safetensors");
    try (Session session = Session.open(Device.CPU)) {
      Checkpoint.write(file, Mlp.create(session, MlpSpec.tanh(784, 10), 1), Map.of());
    }
    String told = intoFull("evaluate", file.toString(), "--limit", "20");
    assertTrue(told.contains("standard output cannot be written"), told);
  }

  @Test
  void itEndsATraceBeforeItsFirstCase() throws IOException {
    Files.writeString(folder.resolve("none.json"), "{}");
    String told = intoFull("trace", folder.toString());
    assertTrue(told.contains("standard output cannot be written"), told);
  }

  @Test
  void itEndsARunThatIsSavedFirst() throws IOException {
    Path run = folder.resolve("run");
    String told =
        intoFull(
            "train",
            "--limit",
            "300",
            "--hidden",
            "4",
            "--epochs",
            "1000000",
            "--threads",
            "1",
            "--out",
            run.toString());
    assertTrue(
        told.contains("the run was stopped, saved in " + run + ", and goes on with --resume"),
        told);
    assertEquals(2, RunState.read(run.resolve("state.safetensors")).epoch());
    try (Session session = Session.open(Device.CPU)) {
      assertEquals(
          "mlp", Checkpoint.read(session, run.resolve("model.safetensors")).model().family());
    }
  }

  private ProcessBuilder generate(int length) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(Arrays.asList("generate", languageModel().toString(), "--backend", "cpu"));
    command.addAll(List.of("--length", Integer.toString(length)));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
  }

  private void assertEndsWith(Process process, String reason)
      throws IOException, InterruptedException {
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String told = Files.readString(folder.resolve("err"));
    assertTrue(ended, "it runs on");
    assertEquals(1, process.exitValue(), told);
    assertTrue(
        told.endsWith("hypertape: standard output cannot be written: " + reason + "\n"), told);
  }

  @Test
  void aReaderThatHasEnoughEndsATextWithoutEnd() throws Exception {
    Process process = generate(Integer.MAX_VALUE).start();
    assertEquals(30, process.getInputStream().readNBytes(30).length);
    process.getInputStream().close();
    assertEndsWith(process, "Broken pipe");
  }

  @Test
  void aFullDeviceEndsAText() throws Exception {
    assertEndsWith(generate(1000).redirectOutput(FULL.toFile()).start(), "No space left on device");
  }
}
