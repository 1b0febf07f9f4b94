package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ladder, in virtual machines of its own where flags decide. */
class KernelProviderTest {
  private record Result(int exit, String text) {}

  private static Result java(List<String> flags, String mode)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    String classes =
        location(Kernels.class)
            + System.getProperty("path.separator")
            + location(SelectionMain.class);
    command.addAll(List.of("-cp", classes, SelectionMain.class.getName(), mode));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child did not end");
    return new Result(process.exitValue(), text);
  }

  private static String location(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  @Test
  void withoutTheModuleItFallsBackAndNamesTheFlag() throws Exception {
    Result auto = java(List.of(), "AUTO");
    assertEquals(0, auto.exit(), auto.text());
    assertTrue(auto.text().contains("vectorized=false"), auto.text());
    assertTrue(auto.text().contains("--add-modules jdk.incubator.vector"), auto.text());
    assertTrue(auto.text().contains("dot=14.0"), auto.text());
    Result forced = java(List.of(), "VECTOR");
    assertEquals(1, forced.exit(), forced.text());
    assertTrue(forced.text().contains("--add-modules jdk.incubator.vector"), forced.text());
  }

  @Test
  void withTheModuleItIsVectorized() throws Exception {
    Result auto = java(List.of("--add-modules", "jdk.incubator.vector"), "AUTO");
    assertTrue(auto.text().contains("vectorized=true"), auto.text());
    assertTrue(auto.text().contains("dot=14.0"), auto.text());
  }

  @Test
  void interpreterAndC1FallBack() throws Exception {
    Result interpreted = java(List.of("-Xint", "--add-modules", "jdk.incubator.vector"), "AUTO");
    assertTrue(interpreted.text().contains("vectorized=false"), interpreted.text());
    assertTrue(interpreted.text().contains("-Xint"), interpreted.text());
    Result c1 =
        java(List.of("-XX:TieredStopAtLevel=1", "--add-modules", "jdk.incubator.vector"), "VECTOR");
    assertEquals(1, c1.exit(), c1.text());
    assertTrue(c1.text().contains("TieredStopAtLevel"), c1.text());
  }

  @Test
  void narrowerVectorsWorkToo() throws Exception {
    for (int bytes : new int[] {16, 32}) {
      Result narrow =
          java(
              List.of("-XX:MaxVectorSize=" + bytes, "--add-modules", "jdk.incubator.vector"),
              "VECTOR");
      assertTrue(narrow.text().contains("laneBits=" + 8 * bytes), narrow.text());
      assertTrue(narrow.text().contains("dot=14.0"), narrow.text());
    }
  }

  @Test
  void hereItIsVectorized() {
    try (Kernels kernels = Kernels.open(KernelMode.AUTO, 2)) {
      KernelSelection selection = kernels.selection();
      assertTrue(selection.vectorized(), selection.reason());
      assertEquals(2, selection.threads());
      assertEquals("vector kernels, " + selection.laneBits() + " bits", selection.reason());
    }
    try (Kernels kernels = Kernels.open(KernelMode.SCALAR, 1)) {
      assertEquals("scalar kernels, as asked", kernels.selection().reason());
      assertEquals(32, kernels.selection().laneBits());
    }
  }
}
