package io.hypertape.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {

  @TempDir private Path folder;

  @Test
  void whatCannotBeWrittenIsStillAnError() {
    IOException full = new IOException("full");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                Pictures.draw(
                    folder.resolve("a.png"),
                    () -> {
                      throw full;
                    }));
    assertEquals(full, e);
  }

  /** As in the folder for machines with a GPU. */
  @Test
  void aRunWithoutJavaDesktopIsWholeButForItsPicture() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--limit-modules=java.base,java.logging,java.management,jdk.incubator.vector,jdk.management,jdk.unsupported",
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            "io.hypertape.cli.Main",
            "train",
            "--backend",
            "cpu",
            "--limit",
            "200",
            "--steps",
            "3",
            "--batch",
            "16",
            "--hidden",
            "8",
            "--out",
            "run");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    assertTrue(text.contains("plot.png is not drawn"), text);
    assertTrue(text.contains("pictures need Java's module java.desktop"), text);
    Path run = folder.resolve("run");
    assertTrue(Files.size(run.resolve("metrics.csv")) > 0);
    assertTrue(Files.size(run.resolve("model.safetensors")) > 0);
    assertFalse(Files.exists(run.resolve("plot.png")));
  }
}
