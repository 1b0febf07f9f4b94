package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.Conditions;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.StoppedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverheadTest {

  private static final OverheadPart.Length SHORT = OverheadPart.Length.SHORT;

  @TempDir private Path folder;

  /** Of a part that opens no session. */
  private record Elsewhere(boolean stops) implements Conditions {
    @Override
    public Session open() {
      throw new AssertionError("overhead is measured in processes of its own");
    }

    @Override
    public void step() {}
  }

  private static OverheadPart part(String model, int height) {
    return new OverheadPart(model, height, SHORT, Device.CPU, Optional.empty(), "none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "char-lstm"})
  void aTowerBesideOneOfHeight0(String model) throws IOException {
    Part part = part(model, 2);
    Outcome outcome = part.run(new Elsewhere(false));
    double ratio = outcome.figure("hypertape_ratio");
    // Wide bounds: tests run on machines that do other things, too.
    assertTrue(ratio > 0.2 && ratio < 5, outcome.toString());
    assertTrue(outcome.figure("hypertape_ratio_low") <= ratio, outcome.toString());
    assertTrue(outcome.figure("hypertape_ratio_high") >= ratio, outcome.toString());
    assertTrue(outcome.figure("hypertape_seconds") > 1e-5, outcome.toString());
    if (Files.exists(Path.of("/proc/self/status"))) {
      // Forty batches of the MLP alone are 32 MB, and so is a JVM.
      double bytes = outcome.figure("hypertape_bytes");
      assertTrue(bytes > 32e6 && bytes < 2e9, outcome.toString());
    }
    assertTrue(part.told(outcome).contains(" of height 0"), part.told(outcome));
  }

  @Test
  void itStopsBetweenTurns() {
    Part part = part("mlp", 1);
    assertThrows(StoppedException.class, () -> part.run(new Elsewhere(true)));
  }

  @Test
  void longerStepsTakeLonger() {
    OverheadPart whole =
        new OverheadPart("mlp", 1, OverheadPart.Length.WHOLE, Device.CPU, Optional.empty(), "none");
    assertEquals(20_000, whole.steps(), "two processes of 2 s, 5 s and 15 turns of 0.2 s each");
    assertTrue(part("char-lstm", 1).steps() > part("mlp", 1).steps());
    assertTrue(part("resnet20", 1).steps() > part("char-lstm", 1).steps());
  }

  @Test
  void anUnknownModelIsNamedByTheProcess() {
    Part part = part("perceptron", 1);
    Exception e = assertThrows(IOException.class, () -> part.run(new Elsewhere(false)));
    assertTrue(
        e.getMessage()
            .contains("model is 'perceptron'; mlp, resnet20, resnet20-1024, char-lstm fit"),
        e.getMessage());
  }

  private static Outcome invented(Part part) {
    int height = ((OverheadPart) part).height();
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String side : List.of(OverheadPart.OURS, OverheadPart.OFFICIAL)) {
      double level = side.equals(OverheadPart.OURS) ? 0.01 : 0.05;
      figures.put(side + "_base_seconds", 1e-3);
      figures.put(side + "_seconds", 1e-3 * (1 + level * height));
      figures.put(side + "_ratio", 1 + level * height);
      figures.put(side + "_ratio_low", 1 + 0.9 * level * height);
      figures.put(side + "_ratio_high", 1 + 1.1 * level * height);
      figures.put(side + "_base_bytes", 100.0 * (1 << 20));
      figures.put(side + "_bytes", (100.0 + height) * (1 << 20));
    }
    return new Outcome(figures, "");
  }

  @Test
  void tableAndFigureOfBothSides() throws IOException {
    Path module = Files.writeString(folder.resolve("gdtuo.py"), "# none\n");
    Path script = Files.writeString(folder.resolve("script.py"), "# none\n");
    Official official = new Official("python3", module, List.of(script));
    Overhead overhead =
        new Overhead(
            "mlp",
            List.of(1, 10),
            SHORT,
            Device.CPU,
            new Official.Search(Optional.of(official), ""));
    String text = overhead.write(part -> Optional.of(invented(part)), folder, "");
    List<String> lines = text.lines().map(line -> line.replaceAll("\\s+", " ")).toList();
    assertTrue(
        lines.contains(
            "| 10 | hypertape | 1.10 ms | 1.100 (1.090–1.110) | +1.00 % | 110 MiB | +10.0 MiB |"),
        text);
    assertTrue(
        lines.contains(
            "| 10 | official | 1.50 ms | 1.500 (1.450–1.550) | +5.00 % | 110 MiB | +10.0 MiB |"),
        text);
    assertEquals(1 + 4, Files.readAllLines(folder.resolve("overhead-mlp.csv")).size());
    PictureChecks.assertShows(
        folder.resolve("overhead-mlp.png"), PictureChecks.BLUE, PictureChecks.ORANGE);

    String version = official.version();
    Files.writeString(module, "# another version\n");
    assertNotEquals(version, official.version(), "other code is another measurement");
  }

  @Test
  void theOfficialCodeIsLookedFor() throws IOException {
    assertTrue(Official.search("", "").notice().contains("--official"));
    Exception e =
        assertThrows(IOException.class, () -> Official.search(folder.toString(), "python3"));
    assertTrue(e.getMessage().contains("there is no gdtuo.py in it"), e.getMessage());
    Files.createDirectories(folder.resolve("src"));
    Files.writeString(folder.resolve("src/gdtuo.py"), "# none\n");
    Official.Search none = Official.search(folder.toString(), "/no/such/python");
    assertEquals(Optional.empty(), none.found());
    assertTrue(none.notice().contains("/no/such/python (cannot be started)"), none.notice());
    Overhead overhead = new Overhead("resnet20", List.of(1), SHORT, Device.CPU, none);
    String text = overhead.write(part -> Optional.of(invented(part)), folder, "");
    assertTrue(text.contains(none.notice()), text);
    assertTrue(!text.contains("| official "), text);
    assertTrue(text.contains("batch 128 of 3×32×32"), text);
    assertTrue(Files.exists(folder.resolve("overhead-resnet20.png")));
  }

  @Test
  void theOfficialCodesScriptsLieTogetherAndAreCleanedUp() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path script = Files.writeString(own.resolve("script.py"), "import other\n");
    Path other = Files.writeString(own.resolve("other.py"), "# none\n");
    Files.createDirectory(own.resolve("__pycache__"));
    Files.writeString(own.resolve("__pycache__/other.pyc"), "compiled");
    Path module = Files.writeString(folder.resolve("gdtuo.py"), "# none\n");
    Official official = new Official("python3", module, List.of(script, other));
    List<String> command = official.command("char-lstm", 3, Device.CUDA);
    assertEquals(List.of("python3", script.toString()), command.subList(0, 2));
    assertEquals(List.of("--device", "cuda"), command.subList(8, 10));
    String version = official.version();
    Files.writeString(other, "# another version\n");
    assertNotEquals(version, official.version(), "other models are another measurement");
    official.close();
    assertTrue(Files.notExists(own), "its folder is left");
    assertTrue(Files.exists(module), "the user's own file is gone");
  }
}
