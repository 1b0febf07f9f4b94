package io.hypertape.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.report.Machine;
import io.hypertape.cli.spi.Subcommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Execution(ExecutionMode.CONCURRENT)
class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... args) {
    Object command =
        ServiceLoader.load(Subcommand.class).stream()
            .filter(service -> service.type() == BenchSubcommand.class)
            .findFirst()
            .orElseThrow()
            .get()
            .create();
    CommandLine line =
        new CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    return line.execute(args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpus|gpus",
        "--threads 0|--threads is 0; 1 to 1024 fit",
        "--threads 1,x|--threads",
        "--filter (|--filter '('",
        "--filter nothing-is-called-so|is found in no benchmark's name",
        "steps --filter gemm|is found in no benchmark's name",
        "kernels --backend cuda|--backend cuda is for peers",
        "--backend reference|--backend reference; cpu and cuda fit",
        "peers --backend cuda --precision float64|--precision is float32 or tf32, or both",
        "peers --backend cuda --filter gemm|is found in no name of a step on a GPU",
        "--official /no/such/folder|--official /no/such/folder is no folder",
        "--compare /no/such/a.json /no/such/b.json|two bench.json fit, or two folders of jars",
        "--compare /no/such/a.json|--compare",
        "--compare a b --backend cuda|--compare is for the cpu backend",
      })
  void wrongUsageSaysWhatIsWrong(String args, String message) {
    assertEquals(2, bench(args.split(" ")), args);
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void emptyPlacesAreNoneAtAll() {
    for (String option :
        new String[] {"--openblas", "--onednn", "--mkl", "--python", "--official"}) {
      assertEquals(2, bench("peers", option, ""), option);
      assertTrue(err.toString().contains(option + " is empty; "), err.toString());
    }
  }

  @Test
  void missingPeersAreNamedAndNothingElseFails(@TempDir Path folder) throws Exception {
    int status =
        bench(
            "peers",
            "--quick",
            "--filter",
            "gemm 37x41x43",
            "--openblas",
            "none",
            "--onednn",
            "/no/such/lib.so",
            "--mkl",
            "none",
            "--python",
            "none",
            "--out",
            folder.toString());
    assertEquals(0, status, err.toString());
    String text = Files.readString(folder.resolve("bench.md"));
    assertTrue(text.contains("OpenBLAS was left out, as --openblas none says."), text);
    assertTrue(text.contains("MKL was left out, as --mkl none says."), text);
    assertTrue(text.contains("PyTorch was left out, as --python none says."), text);
    assertTrue(text.contains("oneDNN is missing: --onednn is /no/such/lib.so"), text);
    assertTrue(text.contains("| 37x41x43 |"), text);
    assertTrue(text.contains("There was no peer to compare with."), text);
    assertTrue(out.toString().contains("| 37x41x43 |"), out.toString());
    assertTrue(
        (out.toString() + err).chars().allMatch(c -> c == '\n' || c >= ' '), "control characters");
  }

  @Test
  void twoKeptRunsAreShownBesideEachOther(@TempDir Path folder) throws Exception {
    Path old = folder.resolve("old.json");
    Path latest = Files.createDirectory(folder.resolve("new")).resolve("bench.json");
    Files.writeString(
        old,
        """
        {"machine": {"CPU": "some"}, "results": [
          {"suite": "kernels", "benchmark": "gemm a", "threads": 1, "seconds": 3},
          {"suite": "kernels", "benchmark": "gemm gone", "threads": 1, "seconds": 3},
          {"suite": "steps", "benchmark": "step b", "threads": 2, "secondsOfRounds": [1, 2, 9]},
          {"suite": "peers", "benchmark": "gemm a", "threads": 1,
            "secondsOfRounds": {"hypertape": [4, 4], "oneDNN": [1, 1]}}]}
        """);
    Files.writeString(
        latest,
        """
        {"machine": {"CPU": "other"}, "results": [
          {"suite": "kernels", "benchmark": "gemm a", "threads": 1, "seconds": 4},
          {"suite": "kernels", "benchmark": "gemm more", "threads": 1, "seconds": 3},
          {"suite": "steps", "benchmark": "step b", "threads": 2, "secondsOfRounds": [1, 1, 1]},
          {"suite": "peers", "benchmark": "gemm a", "threads": 1,
            "secondsOfRounds": {"hypertape": [1, 3], "oneDNN": [1, 1]}}]}
        """);
    assertEquals(
        0, bench("--compare", old.toString(), latest.getParent().toString()), () -> err.toString());
    String text = out.toString();
    assertTrue(text.contains("| kernels: gemm a | 3.00 s | 4.00 s |      0.75 |"), text);
    assertTrue(text.contains("| peers: gemm a   | 4.00 s | 2.00 s |      2.00 |"), text);
    assertTrue(text.contains("| steps: step b | 2.00 s | 1.00 s |      2.00 |"), text);
    assertTrue(text.contains("Slower by 5 % and more: kernels: gemm a 0.75."), text);
    assertTrue(text.contains("kernels: gemm more was left out: the old version says"), text);
    assertTrue(text.contains("They are of two processors: some, and other."), text);
    assertEquals(2, bench("--compare", old.toString(), old.toString(), "--filter", "none-such"));
    assertTrue(err.toString().contains("have no figure in common"), err.toString());
  }

  @Test
  void foldersWithoutJarsAreRefused(@TempDir Path folder) throws Exception {
    Files.createFile(folder.resolve("hypertape-benchmarks-1.jar"));
    assertEquals(1, bench("--compare", folder.toString(), folder.toString()));
    assertTrue(
        err.toString().contains(folder + " has no jar jmh-core-….jar; a folder"), err.toString());
  }

  @Test
  void longStepsAreChosenByTheirModel(@TempDir Path folder) throws Exception {
    int status =
        bench(
            "peers",
            "--quick",
            "--filter",
            "step char-lstm",
            "--python",
            "/no/such/python",
            "--out",
            folder.toString());
    assertEquals(0, status, err.toString());
    assertTrue(err.toString().startsWith("[1/1] step char-lstm adam(2e-3)"), err.toString());
    String text = Files.readString(folder.resolve("bench.md"));
    assertTrue(text.contains("| char-lstm adam(2e-3) | hypertape |"), text);
    assertTrue(text.contains("/no/such/python (cannot be started)"), text);
    assertTrue(text.contains("Parameters of each side: 287322. Last losses: hypertape "), text);
    assertTrue(text.contains("4 rounds"), text);
    String figures = Files.readString(folder.resolve("bench.json"));
    assertTrue(figures.contains("step char-lstm adam(2e-3)"), figures);
  }

  @Test
  void predictionsAndLayersNeedNoPeer(@TempDir Path folder) throws Exception {
    int status =
        bench(
            "peers",
            "--quick",
            "--threads",
            "1,2",
            "--filter",
            "predict mlp batch 1$|layer convolution data 64>64",
            "--python",
            "/no/such/python",
            "--out",
            folder.toString());
    assertEquals(0, status, err.toString());
    String text = Files.readString(folder.resolve("bench.md"));
    String processor = Machine.processor();
    assertTrue(text.contains("## Predictions and their peers, threads: 1, 2, " + processor), text);
    assertTrue(text.contains("## Layers and oneDNN's primitives, threads: 1, " + processor), text);
    assertTrue(text.contains("| mlp batch 1 | hypertape forward |"), text);
    assertTrue(text.contains("| convolution data 64>64@8,3/1 |   604 |"), text);
    assertTrue(text.contains("hypertape 0.0e+00, hypertape forward 0.0e+00"), text);
    assertTrue(text.contains("PyTorch is missing: looked for a Python with torch;"), text);
    assertTrue(text.contains("pip install onnx onnxruntime) and name it with --python"), text);
    assertTrue(out.toString().contains("results/peers/" + processor + ".md"), out.toString());
    String figures = Files.readString(folder.resolve("bench.json"));
    assertTrue(figures.contains("layer convolution data 64>64@8,3/1"), figures);
  }
}
