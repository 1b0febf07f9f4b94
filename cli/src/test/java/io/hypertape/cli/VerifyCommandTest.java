package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.io.FloatArray;
import io.hypertape.io.Safetensors;
import io.hypertape.io.guard.ChecksumList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify}: what runs leave is whole, and any change to it is found. */
class VerifyCommandTest {

  @TempDir private Path folder;
  private String told;

  private int run(String... args) {
    CommandResult result = CommandResult.of(args);
    told = result.out() + result.err();
    return result.status();
  }

  private int verify(Path place) {
    return run("verify", place.toString());
  }

  private Path train(String name, String... more) {
    Path run = folder.resolve(name);
    Stream<String> args =
        Stream.concat(
            Stream.of("train", "--backend", "cpu", "--limit", "300", "--batch", "100"),
            Stream.concat(
                Stream.of("--hidden", "4", "--epochs", "1", "--out", run.toString()),
                Stream.of(more)));
    assertEquals(0, run(args.toArray(String[]::new)), () -> told);
    return run;
  }

  private void assertSays(String verdict, Path file, String text) {
    assertTrue(
        told.lines()
            .anyMatch(
                line ->
                    line.startsWith(verdict) && line.contains(file + ": ") && line.contains(text)),
        () -> verdict + " " + file + " " + text + " in " + told);
  }

  @Test
  void aWholeRunIs() throws IOException {
    Path run = train("run", "--optimizer", "adam(1e-3)/sgd(1e-5)");
    assertEquals(0, verify(run), () -> told);
    assertEquals(6, told.lines().filter(line -> line.startsWith("whole ")).count(), told);
    assertSays("whole", run.resolve("config.json"), "its checksum fits");
    assertSays("whole", run.resolve("model.safetensors"), "a model, mlp; its checksum fits");
    assertSays(
        "whole", run.resolve("state.safetensors"), "after 3 steps, with adam(0.001)/sgd(1e-5)");
    assertSays("whole", run.resolve("metrics.csv"), "3 rows");
    assertSays("whole", run.resolve("epochs.csv"), "1 row; the run's state has their checksum");
    assertSays("whole", run.resolve("plot.png"), "a picture of");
    Path part = Files.writeString(run.resolve("x.0123456789abcdef.part"), "");
    Path lock =
        Files.writeString(run.resolve("run.lock"), "process 999999999\nstarted unknown\nhost x\n");
    Path own = Files.writeString(run.resolve("notes.txt"), "of the user");
    assertEquals(0, verify(run), () -> told);
    assertSays("leftover", part, "left by a run that was killed");
    assertSays("whole", lock, "a run is at work here (process 999999999 on x");
    assertSays("unknown", own, "no file of a run");
  }

  @Test
  void anyChangeIsFound() throws IOException {
    Path run = train("run");
    Random random = new Random(5);
    List<Path> files;
    try (Stream<Path> listed = Files.list(run)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 12; i++) {
        byte[] changed = whole.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, changed);
        assertEquals(1, verify(run), () -> file + " " + told);
        assertSays("damaged", file, "");
        assertEquals(1, told.lines().filter(line -> line.startsWith("damaged ")).count(), told);
      }
      Files.write(file, List.of());
      assertEquals(1, verify(file), () -> file + " " + told);
      Files.write(file, whole);
    }
    assertEquals(0, verify(run), () -> told);
  }

  @Test
  void numbersThatAreNoneAreFound() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    FloatArray values = new FloatArray(new int[] {3}, new float[] {1, Float.NaN, 2});
    new Safetensors(Map.of("w", values), Map.of()).write(file);
    assertEquals(1, verify(file));
    assertSays("damaged", file, "tensor w: 1 of its 3 numbers are not finite");
  }

  @Test
  void aDemonstrationAndEarlierFiles() throws IOException {
    Path run = train("demo", "--demo");
    assertEquals(0, verify(run), () -> told);
    assertSays("whole", run.resolve("demo.csv"), "its SHA-256 is that of demo.sha256");
    Files.writeString(run.resolve("demo.csv"), "height\n1\n");
    assertEquals(1, verify(run), () -> told);
    assertSays("damaged", run.resolve("demo.csv"), "its SHA-256 is not that of demo.sha256");
    Files.delete(run.resolve("demo.csv"));
    assertEquals(1, verify(run), () -> told);
    assertSays("damaged", run.resolve("demo.csv"), "is not there");
    Path config = run.resolve("config.json");
    Files.writeString(config, "{\"command\": \"train\"}");
    assertEquals(0, verify(config), () -> told);
    assertSays("unchecked", config, "it has no checksum");
  }

  @Test
  void whereThereIsNothing() throws IOException {
    assertEquals(1, verify(folder.resolve("none")));
    assertTrue(told.contains("there is no such file or folder"), told);
    assertEquals(1, verify(Files.createDirectory(folder.resolve("empty"))));
    assertTrue(told.contains("an empty folder"), told);
    assertEquals(2, run("verify"));
  }

  @Test
  void aListOfChecksumsIsThatOfSha256sum() throws IOException {
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    Path list = folder.resolve("list.sha256");
    ChecksumList.write(list, List.of(file, folder.resolve("none")));
    // FIPS 180-4, the example of one block.
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n",
        Files.readString(list));
    assertEquals(Map.of("abc", ChecksumList.sha256(file)), ChecksumList.read(list));
  }
}
