package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.RealBlas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --blas}: what is said of a library that serves, and of one that does not. */
class BlasCommandTest {

  private static final List<String> TRAIN =
      List.of("train", "--backend", "cpu", "--limit", "300", "--batch", "64", "--epochs", "1");

  @TempDir private Path folder;

  private CommandResult train(String... more) {
    List<String> args = new ArrayList<>(TRAIN);
    args.addAll(
        List.of(
            "--hidden",
            "128",
            "--optimizer",
            "adam(1e-3)/sgd(1e-5)",
            "--out",
            folder.resolve("run").toString()));
    args.addAll(Arrays.asList(more));
    return CommandResult.of(args.toArray(String[]::new));
  }

  private CommandResult resume(int epochs, String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--resume", folder.resolve("run").toString()));
    args.addAll(List.of("--epochs", Integer.toString(epochs)));
    args.addAll(Arrays.asList(more));
    return CommandResult.of(args.toArray(String[]::new));
  }

  @Test
  void offIsAsWithout() {
    CommandResult result = train("--blas", "off").assertDone();
    assertFalse(result.err().contains("products by"), result.err());
  }

  @Test
  void aFileThatDoesNotServeIsAnErrorThatSaysWhy() throws IOException {
    Path text = Files.writeString(folder.resolve("libx.so"), "no library");
    train("--blas", text.toString())
        .assertFails(1, "the BLAS that was asked for cannot be used: ", text.toString(), " fits");
    train("--blas", folder.resolve("none.so").toString()).assertFails(1, "none.so is not there");
    train("--blas", "").assertFails(2, "--blas", "off, auto and a library's file fit");
  }

  /** Whichever is installed here, if any. */
  @Test
  void autoSaysWhatItTook() {
    String err = train("--blas", "auto").assertDone().err();
    assertTrue(err.contains(", large products by ") || err.contains("(no BLAS serves: "), err);
  }

  /** A folder may come from anywhere: it must not say which code is loaded. */
  @Test
  void aFolderNamesNoLibrary() throws IOException {
    train("--blas", "off").assertDone();
    Path config = folder.resolve("run").resolve("config.json");
    String text = Files.readString(config).replaceFirst(" *\"checksum\".*\n", "");
    assertFalse(text.contains("--blas"), text);
    Files.writeString(
        config, text.replace("\"--hidden\"", "\"--blas\" : \"/tmp/libx.so\",\n\"--hidden\""));
    CommandResult refused = resume(2);
    assertEquals(1, refused.status(), refused.err());
    assertTrue(refused.err().contains("--blas with \"/tmp/libx.so\" is no option of a run"));
  }

  @Test
  void whoGoesOnWithoutTheLibraryIsTold() throws IOException {
    train().assertDone();
    Path config = folder.resolve("run").resolve("config.json");
    String text = Files.readString(config).replaceFirst(" *\"checksum\".*\n", "");
    String begun = text.replaceFirst(" bits, ", " bits, large products by OpenBLAS in its bits, ");
    assertFalse(begun.equals(text), text);
    Files.writeString(config, begun);
    String err = resume(2).assertDone().err();
    assertTrue(err.contains("large products by OpenBLAS in its bits"), err);
    assertTrue(err.contains("its further bits may differ"), err);
  }

  @Test
  void aRunGoesOnWithARealLibrary() {
    Path file = RealBlas.require().getFirst();
    String err = train("--blas", file.toString()).assertDone().err();
    assertTrue(err.contains(", large products by "), err);
    String same = resume(2, "--blas", file.toString()).assertDone().err();
    assertFalse(same.contains("may differ"), same);
    String other = resume(3).assertDone().err();
    assertTrue(other.contains("may differ"), other);
  }

  @Test
  void theDoctorSaysWhatThereIs() {
    String out = CommandResult.of("doctor").assertDone().out();
    String section = out.substring(out.indexOf("BLAS of this machine"), out.indexOf("CUDA\n"));
    assertTrue(section.contains("GFLOP/s") || section.contains("no BLAS serves"), section);
  }
}
