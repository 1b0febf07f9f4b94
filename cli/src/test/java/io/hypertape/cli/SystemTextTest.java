package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Java started directly where the locale has no encoding, as in containers. */
class SystemTextTest {

  @TempDir private Path folder;

  private record Ran(int status, String text) {}

  private SystemText text(String encoding, String place) {
    return new SystemText(name -> name.equals("user.dir") ? place : encoding);
  }

  @Test
  void whatWasLostIsNamed() {
    SystemText ascii = text("ANSI_X3.4-1968", folder.toString());
    assertEquals(Optional.empty(), ascii.loss(List.of("train", "Who?"), Map.of("A", "\uFFFD")));
    for (Optional<String> loss :
        List.of(
            ascii.loss(List.of("train", "--out", "\uFFFD\uFFFD"), Map.of()),
            ascii.loss(List.of("doctor"), Map.of("HYPERTAPE_CUDA_PATH", "/\uFFFD")),
            text("US-ASCII", "/\uFFFD").loss(List.of("train"), Map.of()))) {
      assertTrue(loss.orElseThrow().contains("LC_ALL=C.UTF-8"), loss.toString());
    }
    assertEquals(Optional.empty(), ascii.loss(List.of("--help", "\uFFFD"), Map.of()));
    assertTrue(ascii.reason(new InvalidPathException("?", "Malformed")).contains("LC_ALL=C.UTF-8"));
  }

  /** There the character is one like any other, and vocabularies have it. */
  @Test
  void underUtf8OnlyAFolderThatIsNoneIsRefused() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("\uFFFD"));
    assertEquals(
        Optional.empty(),
        text("UTF-8", odd.toString()).loss(List.of("--prompt", "\uFFFD"), Map.of()));
    String missing = odd.resolve("\uFFFD").toString();
    assertTrue(text("UTF-8", missing).loss(List.of(), Map.of()).orElseThrow().contains("rename"));
  }

  private Ran java(Path place, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Dhypertape.cuda.path=none", "-Duser.language=tr", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names have an encoding of their own")
  void inTheCLocaleNothingIsMangledQuietly() throws Exception {
    Ran prompt = java(folder, "generate", "run", "--prompt", "Άλφα");
    assertEquals(2, prompt.status(), prompt.text());
    assertTrue(prompt.text().contains("hypertape: argument 4 has"), prompt.text());
    Path here = Files.createDirectory(folder.resolve("φάκελος"));
    Files.writeString(here.resolve("text"), "some text");
    Ran place = java(here, "train", "--data", "text", "--data-file", "text");
    assertEquals(2, place.status(), place.text());
    assertTrue(place.text().contains("the name of the current folder has"), place.text());
  }

  /** Neither encoding nor cases of letters are the locale's: this one sorts i after every z. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names have an encoding of their own")
  void helpIsTheSameInTheCLocaleAndInTurkish() throws Exception {
    Ran help = java(folder, "train", "--help");
    assertEquals(0, help.status(), help.text());
    assertTrue(help.text().contains("N×N"), help.text());
    int order = help.text().indexOf("      --image-size=N");
    assertTrue(order > 0 && order < help.text().indexOf("      --layers=N"), help.text());
    assertFalse(help.text().contains("\uFFFD"), help.text());
  }
}
