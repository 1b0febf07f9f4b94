package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.bindings.cuda.CudaUnavailableException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries are looked for once a process, so each case has a process of its own. */
class NativeLibrariesTest {

  @TempDir private Path empty;

  /** What the processes run. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      try {
        CudaDevice.open(0).close();
        System.out.println("opened");
      } catch (CudaUnavailableException e) {
        System.out.println(e.reason());
      }
      System.out.println("obstacle " + NativeLibraries.obstacle());
      System.out.println("reports " + NativeLibraries.report().size());
      System.out.println("cuDNN " + NativeLibraries.isAvailable(NativeLibrary.CUDNN));
      try {
        NativeLibraries.find(NativeLibrary.CUBLAS, "cublasCreate_v2");
      } catch (UnsatisfiedLinkError e) {
        System.out.println("link " + e.getMessage());
      }
    }
  }

  private static Path classes(Class<?> of) {
    try {
      return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> run(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add(Main.class.getName());
    Path output = Files.createTempFile(empty, "output", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
    builder.environment().put("PATH", empty.toString());
    Process process = builder.redirectOutput(output.toFile()).start();
    assertEquals(0, process.waitFor(), () -> read(output));
    return read(output).lines().toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  static String classPath() {
    return classes(NativeLibraries.class) + File.pathSeparator + classes(Main.class);
  }

  private static String[] modular(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--module-path",
                classes(NativeLibraries.class).toString(),
                "--add-modules",
                "io.hypertape.bindings",
                "--patch-module",
                "io.hypertape.bindings=" + classes(Main.class)));
    flags.addAll(List.of(more));
    flags.add("-m");
    flags.add("io.hypertape.bindings/" + Main.class.getName());
    return flags.toArray(String[]::new);
  }

  private static void assumeDeniable() {
    assumeTrue(
        Runtime.version().feature() >= 24, "--illegal-native-access=deny is of Java 24 and later");
  }

  @Test
  void switchedOffIsTheReason() throws Exception {
    List<String> said = run("-Dhypertape.cuda.path=none", "-cp", classPath());
    String reason = "CUDA is switched off by -Dhypertape.cuda.path=none";
    assertEquals(
        List.of(
            reason,
            "obstacle " + Optional.of(reason),
            "reports 0",
            "cuDNN false",
            "link " + reason),
        said);
  }

  /** The option that names a folder with what may be a driver. */
  private String driver() throws IOException {
    Files.writeString(empty.resolve("libcuda.so.1"), "no library");
    return "-Dhypertape.cuda.path=" + empty;
  }

  /** Its first native call is what a program is warned of, or denied. */
  @Test
  void whereThereIsNoDriverNothingNativeIsCalled() throws Exception {
    assumeDeniable();
    assumeTrue(
        new LoaderPath(SearchEnvironment.ofProcess()).candidates("libcuda.so.1").isEmpty(),
        "a driver is installed here");
    List<String> said = run("--illegal-native-access=deny", "-cp", classPath());
    assertTrue(said.getFirst().startsWith("NVIDIA driver not found"), said.toString());
    assertTrue(said.contains("obstacle " + Optional.empty()), said.toString());
  }

  @Test
  void deniedOnTheClassPathTheFlagForThatIsNamed() throws Exception {
    assumeDeniable();
    List<String> said = run("--illegal-native-access=deny", driver(), "-cp", classPath());
    assertTrue(said.getFirst().contains("io.hypertape.bindings"), said.toString());
    assertTrue(said.getFirst().endsWith("--enable-native-access=ALL-UNNAMED"), said.toString());
    assertTrue(said.getLast().endsWith("--enable-native-access=ALL-UNNAMED"), said.toString());
    assertTrue(said.contains("reports 0"), said.toString());
  }

  @Test
  void deniedOnTheModulePathTheFlagForThatIsNamed() throws Exception {
    assumeDeniable();
    List<String> said = run(modular("--illegal-native-access=deny", driver()));
    String first = said.stream().filter(line -> line.contains("denied")).findFirst().orElseThrow();
    assertTrue(first.contains("module io.hypertape.bindings"), said.toString());
    assertTrue(first.endsWith("--enable-native-access=io.hypertape.bindings"), said.toString());
  }

  @Test
  void permittedOnTheModulePathLibrariesAreLookedFor() throws Exception {
    List<String> said = run(modular("--enable-native-access=io.hypertape.bindings"));
    assertTrue(said.contains("obstacle " + Optional.empty()), said.toString());
    assertTrue(said.contains("reports " + NativeLibrary.values().length), said.toString());
  }

  @Test
  void inThisProcessCudaIsSwitchedOff() {
    assumeTrue("none".equals(System.getProperty("hypertape.cuda.path")), "run outside the build");
    assertTrue(NativeLibraries.problem().isPresent());
    assertTrue(NativeLibraries.advice().isEmpty());
    assertFalse(NativeLibraries.isAvailable(NativeLibrary.CUDNN));
    assertThrows(
        UnsatisfiedLinkError.class, () -> NativeLibraries.lookup(NativeLibrary.CUDA_DRIVER));
    assertThrows(CudaUnavailableException.class, () -> CudaDevice.open(0));
  }
}
