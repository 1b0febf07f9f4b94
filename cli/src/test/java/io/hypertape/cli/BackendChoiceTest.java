package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hypertape.bindings.testing.CudaWheels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Which backend and kernels a command takes, and what it says of those that it cannot. */
@Execution(ExecutionMode.CONCURRENT)
class BackendChoiceTest extends CommandProcesses {

  private CommandResult trainOn(String backend, String... flags)
      throws IOException, InterruptedException {
    return result(
        process(
                List.of(flags),
                "train",
                "--data",
                "mnist",
                "--data-dir",
                mnist.toString(),
                "--hidden",
                "4",
                "--epochs",
                "1",
                "--backend",
                backend,
                "--out",
                folder.resolve(backend).toString())
            .start());
  }

  /** One line that says why; the automatic choice says the same and trains on the CPU. */
  private void assertCudaIsRefused(String reason, String... flags) throws Exception {
    trainOn("cuda", flags).assertFails(1, "hypertape: cuda backend: ", reason);
    CommandResult auto = trainOn("auto", flags).assertDone();
    assertTrue(auto.err().contains("cpu backend: float32"), auto.err());
    assertTrue(auto.err().contains("cuda not used: "), auto.err());
    assertTrue(auto.err().contains(reason), auto.err());
  }

  @Test
  void cudaThatIsSwitchedOffIsRefused() throws Exception {
    assertCudaIsRefused("hypertape.cuda.path", NO_CUDA);
  }

  /** The real libraries, as pip brings them, on a machine without a driver. */
  @Test
  void librariesWithoutADriverAreRefused() throws Exception {
    Path wheels = CudaWheels.require();
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "this machine has a driver");
    assertCudaIsRefused(
        "driver",
        "-Dhypertape.cuda.path="
            + wheels.resolve("cu13/lib")
            + File.pathSeparator
            + wheels.resolve("cudnn/lib"));
  }

  /** Where there is what may be a driver: else nothing native is called that could be denied. */
  @Test
  @EnabledForJreRange(min = JRE.JAVA_24, disabledReason = "the JVM has no such option yet")
  void deniedNativeAccessNamesItsFlag() throws Exception {
    Path drivers = Files.createDirectories(folder.resolve("drivers"));
    Files.writeString(drivers.resolve("libcuda.so.1"), "no library");
    assertCudaIsRefused(
        "--enable-native-access=ALL-UNNAMED",
        "--illegal-native-access=deny",
        "-Dhypertape.cuda.path=" + drivers);
  }

  @Test
  void scalarKernelsStandInWithoutTheModule() throws Exception {
    CommandResult result = withoutTheModule("auto").assertDone();
    assertTrue(result.err().contains("--add-modules jdk.incubator.vector"), result.err());
    assertEquals(
        1, result.err().lines().filter(line -> line.startsWith("WARNING")).count(), result.err());
  }

  @Test
  void whoInsistsOnVectorKernelsIsToldWhatIsMissing() throws Exception {
    withoutTheModule("vector")
        .assertFails(1, "no vector kernels: ", "--add-modules jdk.incubator.vector");
    CommandResult scalar = withoutTheModule("scalar").assertDone();
    assertTrue(scalar.err().contains("scalar kernels, as asked"), scalar.err());
    assertFalse(scalar.err().contains("WARNING"), scalar.err());
  }

  private CommandResult withoutTheModule(String simd) throws Exception {
    List<String> args = new ArrayList<>(List.of("train", "--data", "mnist", "--data-dir"));
    args.addAll(List.of(mnist.toString(), "--hidden", "4", "--epochs", "1", "--backend", "cpu"));
    args.addAll(List.of("--simd", simd));
    ProcessBuilder builder = process(List.of(), args.toArray(String[]::new));
    builder.command().removeAll(List.of("--add-modules", "jdk.incubator.vector"));
    return result(builder.start());
  }
}
