package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.KernelSelection;
import io.hypertape.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ladder, in virtual machines of its own where flags decide. */
@Execution(ExecutionMode.CONCURRENT)
class KernelLadderTest {
  private static final List<String> MODULE = List.of("--add-modules", "jdk.incubator.vector");

  /** Options that only x86 has are ignored elsewhere, and then change nothing. */
  private static final boolean X86 =
      List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

  private record Result(int exit, String text) {
    void assertHas(String part) {
      assertTrue(text.contains(part), text);
    }

    /** Lines that System.Logger wrote. */
    long warnings() {
      return text.lines().filter(line -> line.contains("many times slower")).count();
    }
  }

  private static Result java(List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    return java("", flags, arguments);
  }

  private static Result java(String variable, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    String classes =
        Stream.of(Kernels.class, KernelLadder.class, SelectionMain.class)
            .map(KernelLadderTest::location)
            .collect(Collectors.joining(System.getProperty("path.separator")));
    command.addAll(List.of("-cp", classes, SelectionMain.class.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("J.*_OPTIONS|_JAVA_OPTIONS"));
    builder.environment().put("JAVA_TOOL_OPTIONS", variable);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child did not end");
    return new Result(process.exitValue(), text);
  }

  private static Result vectorJava(String flag, String... arguments) throws Exception {
    var flags = new ArrayList<>(MODULE);
    flags.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockExperimentalVMOptions"));
    flags.addAll(List.of(flag.split(" ")));
    return java(flags, arguments);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:-UseFMA",
        "-XX:TieredStopAtLevel=3",
        "-XX:-UseCompiler",
        "-XX:-EnableVectorSupport"
      })
  void whereScalarKernelsAreFasterTheyAreChosenAndAnErrorNamesTheFlag(String flag)
      throws Exception {
    Result auto = vectorJava(flag, "AUTO");
    auto.assertHas("vectorized=false");
    auto.assertHas("start java without " + flag);
    auto.assertHas("dot=14.0");
    assertEquals(1, auto.warnings(), auto.text());
    // And where the flag stands in a variable.
    Result forced = java("-XX:+UnlockExperimentalVMOptions " + flag, MODULE, "VECTOR");
    assertEquals(1, forced.exit(), forced.text());
    forced.assertHas("no vector kernels: ");
    forced.assertHas("start java without " + flag);
    assertEquals(0, forced.warnings(), forced.text());
  }

  @Test
  void sseHasNoFusedMultiplyAddsButAvxHas() throws Exception {
    Result sse = vectorJava("-XX:UseAVX=0", "AUTO");
    sse.assertHas("vectorized=" + !X86);
    assertEquals(X86, sse.text().contains("start java without -XX:UseAVX=0"), sse.text());
    for (String flag : List.of("-XX:UseAVX=1", "-XX:UseAVX=2")) {
      Result avx = vectorJava(flag, "AUTO");
      avx.assertHas("vectorized=true");
      assertEquals(0, avx.warnings(), avx.text());
    }
  }

  /** As in a small runtime image: no flag can be read there. */
  @Test
  void withoutJdkManagementTheLadderChoosesTheSame() throws Exception {
    String small = "--limit-modules=java.base,jdk.incubator.vector";
    vectorJava(small, "AUTO").assertHas("vectorized=true");
    Result software = vectorJava(small + " -XX:-UseFMA", "AUTO");
    software.assertHas("vectorized=false");
    software.assertHas("fused multiply-adds are computed in software");
    assertEquals(1, software.warnings(), software.text());
  }

  /** BigDecimal in Math.fma, and vectors that are objects, allocate megabytes; our arrays 20 kB. */
  @ParameterizedTest
  @ValueSource(strings = {"-XX:-UseFMA", "-XX:TieredStopAtLevel=1"})
  void whatIsChosenComputesWithoutObjects(String flag) throws Exception {
    Result result = vectorJava(flag, "AUTO", "work");
    Matcher allocated = Pattern.compile("allocated=(\\d+)").matcher(result.text());
    assertTrue(allocated.find(), result.text());
    assertTrue(Long.parseLong(allocated.group(1)) < 100_000, result.text());
  }

  @Test
  void aVirtualMachineWarnsOnce() throws Exception {
    Result often = java(List.of(), "AUTO", "3");
    assertEquals(1, often.warnings(), often.text());
    often.assertHas("WARNING");
    Result asked = java(List.of(), "SCALAR", "3");
    assertEquals(0, asked.warnings(), asked.text());
    Result vector = java(MODULE, "AUTO", "3");
    assertEquals(0, vector.warnings(), vector.text());
  }

  @Test
  void aPropertySaysWhatAutoStandsFor() throws Exception {
    Result vector = java(List.of("-Dhypertape.simd=vector"), "AUTO");
    assertEquals(1, vector.exit(), vector.text());
    vector.assertHas("no vector kernels, asked for by -Dhypertape.simd=vector: module");
    Result scalar = vectorJava("-Dhypertape.simd=scalar", "AUTO");
    scalar.assertHas("scalar kernels, as asked by -Dhypertape.simd=scalar");
    assertEquals(0, scalar.warnings(), scalar.text());
    vectorJava("-Dhypertape.simd=scalar", "VECTOR").assertHas("vectorized=true");
    vectorJava("-Dhypertape.simd=fast", "AUTO")
        .assertHas("-Dhypertape.simd=fast; auto, vector and scalar fit");
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
    try (Kernels kernels = KernelLadder.open(Simd.AUTO, 2)) {
      KernelSelection selection = kernels.selection();
      assertTrue(selection.vectorized(), selection.reason());
      assertEquals(2, selection.threads());
      assertEquals("vector kernels, " + selection.laneBits() + " bits", selection.reason());
    }
    try (Kernels kernels = KernelLadder.open(Simd.SCALAR, 1)) {
      assertEquals("scalar kernels, as asked", kernels.selection().reason());
      assertEquals(32, kernels.selection().laneBits());
    }
  }
}
