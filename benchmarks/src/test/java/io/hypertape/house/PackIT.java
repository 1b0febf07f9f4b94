package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The folder for machines with a GPU: that it can be carried there, and that its script runs, over
 * the double of CUDA's libraries.
 */
class PackIT {

  /** What is carried there may have 64 MiB; data come on top. */
  private static final long MOST = 54L << 20;

  private static final Pattern SIZE = Pattern.compile(": (\\d+) bytes of 67108864");

  @TempDir private static Path folder;
  private static Path pack;

  private record Ran(int status, String text) {}

  private static Ran run(String cuda, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("bash"));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("HYPERTAPE_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HYPERTAPE_CUDA_PATH", cuda);
    builder.environment().put("HYPERTAPE_CACHE", folder.resolve("cache").toString());
    builder.environment().remove("HYPERTAPE_SHARED");
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes());
    return new Ran(process.waitFor(), text);
  }

  @BeforeAll
  static void make() throws Exception {
    pack = folder.resolve("gpu-check");
    Path traces = Files.createDirectory(folder.resolve("traces"));
    Files.writeString(traces.resolve("broken.json"), "{");
    Ran ran = run("none", "gpu/pack", "--traces", traces.toString(), pack.toString());
    assertEquals(0, ran.status(), ran.text());
    Matcher size = SIZE.matcher(ran.text());
    assertTrue(size.find(), ran.text());
    long bytes = Long.parseLong(size.group(1));
    assertTrue(bytes > 30L << 20 && bytes <= MOST, ran.text());
  }

  private static String cudaDouble() {
    CudaDouble.load();
    return System.getProperty("hypertape.cuda.path");
  }

  @Test
  void stagesAddToOneReport() throws Exception {
    Path report = folder.resolve("report.md");
    String check = pack.resolve("check").toString();
    for (String stages : List.of("machine million", "profile mnist")) {
      List<String> command =
          new ArrayList<>(List.of(check, "--quick", "--report", report.toString()));
      command.addAll(List.of(stages.split(" ")));
      Ran ran = run(cudaDouble(), command.toArray(String[]::new));
      assertEquals(0, ran.status(), ran.text());
    }
    String text = Files.readString(report);
    assertEquals(1, text.lines().filter("# GPU check"::equals).count(), text);
    assertTrue(text.contains("works: cuda backend: Hypertape test double 0"), text);
    assertTrue(text.lines().anyMatch(line -> line.matches(" +400 .*")), "200 + 200 steps: " + text);
    assertTrue(text.contains("log-softmax 256x10") && text.contains("products in TF32"), text);
    assertTrue(text.contains("**mnist was not run: there is no "), text);
    assertTrue(text.contains("Nothing failed in: machine million."), text);
    assertTrue(text.contains("Not run for want of something: mnist."), text);
  }

  @Test
  void whatFailsIsCountedAndTheRestIsRun() throws Exception {
    Path report = folder.resolve("failed.md");
    String check = pack.resolve("check").toString();
    Ran ran =
        run(cudaDouble(), check, "--quick", "--report", report.toString(), "traces", "million");
    assertEquals(1, ran.status(), ran.text());
    assertTrue(ran.text().contains("0 of 1 cases pass"), ran.text());
    assertTrue(ran.text().contains("**failed with status 1**"), ran.text());
    assertTrue(ran.text().contains("\nFailed: traces"), ran.text());
    assertTrue(ran.text().contains("heap bytes a step"), ran.text());
    Ran without = run("none", check, "--quick", "--report", report.toString(), "million");
    assertEquals(1, without.status(), without.text());
    assertTrue(without.text().contains("HYPERTAPE_CUDA_PATH"), without.text());
  }

  @Test
  void aStageEndsAfterAWhile() throws Exception {
    Path report = folder.resolve("late.md");
    String check = pack.resolve("check").toString();
    Ran ran = run(cudaDouble(), check, "--limit", "2", "--report", report.toString(), "million");
    assertEquals(1, ran.status(), ran.text());
    assertTrue(ran.text().contains("failed with status 124: it took longer than 2 s"), ran.text());
  }

  @Test
  void wrongUsageSaysWhatFits() throws Exception {
    Ran stage = run("none", pack.resolve("check").toString(), "gems");
    assertEquals(2, stage.status());
    assertTrue(stage.text().contains("check: gems is no stage"), stage.text());
    assertTrue(stage.text().contains("peers-resnet20"), stage.text());
    Ran option = run("none", "gpu/pack", "--fast");
    assertEquals(2, option.status());
    assertTrue(option.text().contains("--mnist DIR"), option.text());
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.writeString(own.resolve("thesis.txt"), "dear");
    Ran other = run("none", "gpu/pack", own.toString());
    assertEquals(2, other.status());
    assertTrue(other.text().contains("was not made by this script"), other.text());
    assertFalse(Files.notExists(own.resolve("thesis.txt")));
  }
}
