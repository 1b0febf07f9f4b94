package io.hypertape.bindings;

import static io.hypertape.bindings.NativeLibrary.CUBLAS;
import static io.hypertape.bindings.NativeLibrary.CUBLAS_LT;
import static io.hypertape.bindings.NativeLibrary.CUDA_DRIVER;
import static io.hypertape.bindings.NativeLibrary.CUDA_RUNTIME;
import static io.hypertape.bindings.NativeLibrary.CUDNN;
import static io.hypertape.bindings.NativeLibrary.NVRTC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryFinderTest {

  @TempDir private Path root;
  private FakeSystem system;

  @BeforeEach
  void computerWithDriver() {
    system = new FakeSystem(root).onLoaderPath("libcuda.so.1");
  }

  private void assertFoundIn(Path folder, NativeLibrary... libraries) {
    LibraryFinder finder = system.finder();
    for (NativeLibrary library : libraries) {
      LibraryReport report = finder.find(library).report();
      assertTrue(report.isFound(), report.toString());
      assertEquals(folder, Path.of(report.found()).getParent(), report.toString());
    }
  }

  private Path assertToolkitIn(Path folder) {
    assertFoundIn(folder, CUDA_RUNTIME, CUBLAS_LT, CUBLAS, NVRTC);
    return folder;
  }

  @Test
  void anActiveVirtualEnvironmentGivesItsWheels() {
    String site = "venv/lib/python3.11/site-packages/nvidia/";
    Path toolkit = system.installToolkit(site + "cu13/lib", 13);
    Path cudnn = system.install(site + "cudnn/lib", "libcudnn.so.9");
    system.variable("VIRTUAL_ENV", root.resolve("venv"));
    assertToolkitIn(toolkit);
    assertFoundIn(cudnn, CUDNN);
  }

  /** As where the locale's encoding lacks a character of its name. */
  @Test
  void aHomeThatCannotBeNamedIsPassedOver() {
    system.property("user.home", "/home/\0");
    assertToolkitIn(system.installToolkit("opt/cuda/lib64", 13));
  }

  @Test
  void wheelsOfCuda12LieInAFolderEach() {
    String site = "venv/lib/python3.9/site-packages/nvidia/";
    Path runtime = system.install(site + "cuda_runtime/lib", "libcudart.so.12");
    Path cublas = system.install(site + "cublas/lib", "libcublas.so.12", "libcublasLt.so.12");
    Path nvrtc = system.install(site + "cuda_nvrtc/lib", "libnvrtc.so.12");
    system.variable("VIRTUAL_ENV", root.resolve("venv"));
    assertFoundIn(runtime, CUDA_RUNTIME);
    assertFoundIn(cublas, CUBLAS, CUBLAS_LT);
    assertFoundIn(nvrtc, NVRTC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "venv/lib/python3.12/site-packages",
        "usr/lib/python3.12/site-packages",
        "usr/lib/python3/dist-packages",
        "usr/local/lib/python3.12/dist-packages",
        "home/me/.local/lib/python3.12/site-packages"
      })
  void pythonOnThePathGivesItsWheelsWithoutBeingRun(String site) {
    Path python = system.write(root.resolve("usr/bin/python3.12"), "not to be run");
    Path link = system.link("venv/bin/python3", python);
    system.variable("PATH", root.resolve("nothing") + ":" + link.getParent());
    assertToolkitIn(system.installToolkit(site + "/nvidia/cu13/lib", 13));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lib", "targets/x86_64-linux/lib"})
  void condaGivesItsLibraries(String folder) {
    system.variable("CONDA_PREFIX", root.resolve("conda"));
    Path conda = assertToolkitIn(system.installToolkit("conda/" + folder, 12));
    system.install("conda/" + folder, "libcudnn.so.9");
    assertFoundIn(conda, CUDNN);
  }

  @Test
  void theNewestOfSeveralToolkitsIsTaken() {
    system.installToolkit("usr/local/cuda-12.4/lib64", 12);
    system.installToolkit("usr/local/cuda-9.2/lib64", 12);
    assertToolkitIn(system.installToolkit("usr/local/cuda-13.0/lib64", 13));
  }

  @Test
  void withinAMajorVersionTooTheNewestIsTaken() {
    system.installToolkit("usr/local/cuda-12.4/lib64", 12);
    assertToolkitIn(system.installToolkit("usr/local/cuda-12.10/lib64", 12));
  }

  @Test
  void aToolkitThatTheDriverDoesNotKnowIsLeftOut() {
    Path tooNew = system.installToolkit("usr/local/cuda-13.0/lib64", 13);
    system.driver(12040);
    assertToolkitIn(system.installToolkit("usr/local/cuda-12.4/lib64", 12));
    LibraryReport runtime = system.find(CUDA_RUNTIME);
    LibraryReport.Attempt refused = runtime.attempts().getLast();
    assertEquals(tooNew.resolve("libcudart.so.13").toString(), refused.place());
    assertTrue(refused.answer().contains("driver knows CUDA only up to 12.4"), refused.answer());
  }

  @ParameterizedTest
  @ValueSource(strings = {"usr/local/cuda-12.4/lib64", "nowhere"})
  void aDriverThatIsTooOldIsTheReasonWhateverIsInstalled(String folder) {
    system.installToolkit(folder, 12);
    system.driver(11080);
    String reason = system.find(CUDA_RUNTIME).reason();
    assertTrue(reason.contains("driver knows CUDA only up to 11.8"), reason);
    assertTrue(reason.endsWith("a newer driver would do"), reason);
  }

  @Test
  void withoutCudnnTheRestIsComplete() {
    system.installToolkit("usr/local/cuda/lib64", 13);
    LibraryFinder finder = system.finder();
    List<LibraryReport> reports =
        Arrays.stream(NativeLibrary.values()).map(one -> finder.find(one).report()).toList();
    List<LibraryReport> required =
        reports.stream().filter(report -> report.library().isRequired()).toList();
    assertEquals(Optional.empty(), NativeLibraries.problem(required));
    String problem = NativeLibraries.problem(List.of(finder.find(CUDNN).report())).orElseThrow();
    assertTrue(problem.startsWith("cuDNN not found (libcudnn.so.9: cannot open"), problem);
    assertTrue(problem.contains("; install cuDNN 9 for the same CUDA"), problem);
    assertEquals(1, NativeLibraries.advice(reports).size());
  }

  @Test
  void aToolkitThatIsNotCompleteGivesWayToOneThatIs() {
    system.install("usr/local/cuda-13.0/lib64", "libcudart.so.13", "libnvrtc.so.13");
    assertToolkitIn(system.installToolkit("usr/local/cuda-12.4/lib64", 12));
  }

  @Test
  void ifNoToolkitIsCompleteTheFirstOneCounts() {
    Path first = system.install("usr/local/cuda-13.0/lib64", "libcudart.so.13");
    system.install("usr/local/cuda-12.4/lib64", "libcudart.so.12", "libnvrtc.so.12");
    assertFoundIn(first, CUDA_RUNTIME);
    assertFalse(system.find(CUBLAS).isFound());
  }

  @Test
  void whatTheLoaderKnowsComesBeforeFoldersThatNobodyNamed() {
    system.installToolkit("usr/local/cuda-13.0/lib64", 13);
    system.onLoaderPath("libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12");
    system.onLoaderPath("libnvrtc.so.12");
    assertEquals("libcudart.so.12", system.find(CUDA_RUNTIME).found());
    assertEquals("libcublas.so.12", system.find(CUBLAS).found());
  }

  @ParameterizedTest
  @CsvSource({"hypertape.cuda.path,''", "'',HYPERTAPE_CUDA_PATH", "'',CUDA_HOME", "'',CUDA_PATH"})
  void whatTheUserNamesComesFirst(String property, String variable) {
    system.onLoaderPath("libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13");
    system.onLoaderPath("libnvrtc.so.13");
    Path mine = system.installToolkit("mine/lib64", 12);
    String home = root.resolve("mine").toString();
    system = property.isEmpty() ? system.variable(variable, home) : system.property(property, home);
    assertToolkitIn(mine);
  }

  @Test
  void foldersOfLibrariesCanBeListed() {
    Path toolkit = system.installToolkit("a", 13);
    Path cudnn = system.install("b", "libcudnn.so.9");
    system.variable("HYPERTAPE_CUDA_PATH", toolkit + ":" + cudnn);
    assertToolkitIn(toolkit);
    assertFoundIn(cudnn, CUDNN);
  }

  @Test
  void whatIsNotWhereTheUserSaysIsLookedForElsewhere() {
    Path toolkit = system.installToolkit("usr/local/cuda/lib64", 13);
    Path cudnn = system.install("mine", "libcudnn.so.9");
    system.property("hypertape.cuda.path", cudnn.toString());
    assertFoundIn(cudnn, CUDNN);
    assertToolkitIn(toolkit);
    assertTrue(system.find(CUDA_RUNTIME).folders().contains(cudnn.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "none,'',-Dhypertape.cuda.path=none",
    "'',none,HYPERTAPE_CUDA_PATH=none",
    "'',NONE,HYPERTAPE_CUDA_PATH=none",
    "/somewhere,none,''",
    "'','',''"
  })
  void cudaCanBeSwitchedOff(String property, String variable, String said) {
    system.property("hypertape.cuda.path", property).variable("HYPERTAPE_CUDA_PATH", variable);
    String reason = SearchPlaces.switchedOff(system.environment());
    assertEquals(said.isEmpty() ? "" : "CUDA is switched off by " + said, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "usr/lib/x86_64-linux-gnu,amd64",
    "usr/lib/aarch64-linux-gnu,aarch64",
    "usr/lib64,amd64",
    "opt/cuda/lib64,amd64",
    "opt/cuda/targets/x86_64-linux/lib,amd64",
    "opt/cuda/targets/sbsa-linux/lib,aarch64"
  })
  void distributionsHaveTheirFolders(String folder, String machine) {
    system.property("os.arch", machine);
    assertToolkitIn(system.installToolkit(folder, 13));
  }

  @Test
  void librariesForOtherMachinesAreNotTaken() {
    system.installToolkit("usr/local/cuda-13.0/targets/sbsa-linux/lib", 13);
    assertFalse(system.find(CUDA_RUNTIME).isFound());
  }

  @Test
  void theDriverOfWindowsIsSeenFromItsLinux() {
    system = new FakeSystem(root);
    assertFoundIn(system.install("usr/lib/wsl/lib", "libcuda.so.1"), CUDA_DRIVER);
  }

  @Test
  void windowsHasNamesOfItsOwn() {
    system =
        new FakeSystem(root)
            .property("os.name", "Windows 11")
            .property("path.separator", ";")
            .onLoaderPath("nvcuda.dll")
            .variable("CUDA_PATH", root.resolve("v13.0"));
    String[] names = {"cudart64_13.dll", "cublas64_13.dll", "cublasLt64_13.dll"};
    Path bin = system.install("v13.0/bin/x64", names);
    Path builtins =
        system.install("v13.0/bin/x64", "nvrtc64_130_0.dll", "nvrtc-builtins64_130.dll");
    assertToolkitIn(bin);
    assertTrue(system.opened.contains(builtins.resolve("nvrtc-builtins64_130.dll").toString()));
  }

  @Test
  void whatALibraryOpensLaterIsLoadedBefore() {
    Path folder =
        system.install(
            "cudnn",
            "libcudnn_ops.so.9",
            "libcudnn_graph.so.9",
            "libcudnn_engines_precompiled.so.9",
            "libcudnn.so.9",
            "libnvrtc-builtins.so.13.0",
            "libnvrtc-builtins.alt.so.13.0");
    system.installToolkit("cudnn", 13);
    system.property("hypertape.cuda.path", folder.toString());
    system.find(CUDNN);
    List<String> names =
        system.opened.stream().map(file -> Path.of(file).getFileName().toString()).toList();
    assertEquals(
        List.of(
            "libcudnn_graph.so.9",
            "libcudnn_ops.so.9",
            "libcudnn_engines_precompiled.so.9",
            "libcudnn.so.9"),
        names.subList(names.size() - 4, names.size()));
    assertTrue(names.indexOf("libcublasLt.so.13") < names.indexOf("libcublas.so.13"));
    assertTrue(names.indexOf("libnvrtc-builtins.so.13.0") < names.indexOf("libnvrtc.so.13"));
    assertFalse(names.contains("libnvrtc-builtins.alt.so.13.0"));
  }

  /** Its first layer would fail, in the midst of a run. */
  @Test
  void cudnnForAnotherCudaIsClosedAgainAndPassedBy() {
    system.installToolkit("usr/local/cuda-13.0/lib64", 13);
    Path other = system.installCudnn("mine", 12090);
    Path fitting = system.installCudnn("usr/local/cuda-13.0/lib64", 13000);
    system.property("hypertape.cuda.path", other.toString());
    LibraryReport report = system.find(CUDNN);
    assertEquals(fitting.resolve("libcudnn.so.9").toString(), report.found());
    String refused = other.resolve("libcudnn.so.9").toString();
    assertTold(
        report,
        refused,
        "left out: it was built for CUDA 12, but the CUDA that was found is 13; install cuDNN 9 for"
            + " CUDA 13");
    // Under the names of what it opened the fitting one would find the other's.
    assertEquals(List.of(refused, other.resolve("libcudnn_graph.so.9").toString()), system.closed);
  }

  @Test
  void cudnnForAnotherCudaAloneIsNone() {
    system.installToolkit("usr/local/cuda-12.4/lib64", 12);
    system.installCudnn("usr/local/cuda-12.4/lib64", 13000);
    LibraryReport report = system.find(CUDNN);
    assertFalse(report.isFound(), report.toString());
    assertTrue(report.reason().contains("it was built for CUDA 13"), report.reason());
  }

  @Test
  void cudnnsNewerFilesAreLoadedBeforeItOnWindowsToo() {
    system =
        new FakeSystem(root)
            .property("os.name", "Windows 11")
            .property("path.separator", ";")
            .onLoaderPath("nvcuda.dll")
            .variable("CUDA_PATH", root.resolve("v13.0"));
    String[] newer = {"cudnn_engines_tensor_ir64_9.dll", "cudnn_ext64_9.dll"};
    Path bin = system.install("v13.0/bin", "cudnn64_9.dll", newer[0], newer[1]);
    assertTrue(system.find(CUDNN).isFound());
    List<String> all = system.opened;
    for (String name : newer) {
      int at = all.indexOf(bin.resolve(name).toString());
      assertTrue(at >= 0 && at < all.indexOf(bin.resolve("cudnn64_9.dll").toString()), "" + all);
    }
  }

  @Test
  void aDamagedFileIsToldAndPassedBy() {
    Path damaged = system.installToolkit("usr/local/cuda-13.1/lib64", 13).resolve("libnvrtc.so.13");
    system.write(damaged, "this is no library");
    Path whole = system.install("usr/local/cuda-13.0/lib64", "libnvrtc.so.13");
    LibraryReport report = system.find(NVRTC);
    assertEquals(whole.resolve("libnvrtc.so.13").toString(), report.found());
    assertTrue(
        report.attempts().stream()
            .anyMatch(attempt -> attempt.answer().equals(damaged + ": invalid ELF header")),
        report.toString());
  }

  private Path cutOff(Path folder, String name) {
    return system.write(folder.resolve(name), FakeSystem.CUT_OFF);
  }

  private static void assertTold(LibraryReport report, String place, String answer) {
    assertTrue(
        report.attempts().contains(new LibraryReport.Attempt(place, answer)), report.toString());
  }

  @Test
  void aFileThatIsCutOffIsToldAndNeverOpened() {
    Path folder = system.installToolkit("usr/local/cuda-13.1/lib64", 13);
    Path whole = system.installToolkit("usr/local/cuda-13.0/lib64", 13);
    String damaged = cutOff(folder, "libcudart.so.13").toString();
    assertFoundIn(whole, CUDA_RUNTIME);
    assertTold(system.find(CUDA_RUNTIME), damaged, damaged + " is cut off");
  }

  @Test
  void whatOpensAFileThatIsCutOffIsNotOpenedEither() {
    Path folder = system.installToolkit("usr/local/cuda-13.1/lib64", 13);
    Path whole = system.installToolkit("usr/local/cuda-13.0/lib64", 13);
    system.install("usr/local/cuda-13.0/lib64", "libnvrtc-builtins.so.13.0");
    String damaged = cutOff(folder, "libnvrtc-builtins.so.13.1").toString();
    assertFoundIn(whole, NVRTC);
    String nvrtc = folder.resolve("libnvrtc.so.13").toString();
    String reason = "left out: it opens others beside it, and " + damaged + " is cut off";
    assertTold(system.find(NVRTC), nvrtc, reason);
    assertFalse(system.opened.contains(nvrtc));
  }

  @Test
  void thatHoldsForWhatTheLoaderFindsToo() {
    Path folder = system.install("usr/lib64", "libcudnn.so.9", "libcudnn_graph.so.9");
    String damaged = cutOff(folder, "libcudnn_ops.so.9").toString();
    system.onLoaderPath("libcudnn.so.9").loaderFolder(folder);
    LibraryReport report = system.find(CUDNN);
    assertFalse(report.isFound(), report.toString());
    String reason = "left out: it opens others beside it, and " + damaged + " is cut off";
    assertTold(report, "libcudnn.so.9", reason);
    assertTrue(system.opened.stream().noneMatch(one -> one.contains("cudnn")));
  }

  @Test
  void aLinkToNowhereIsTold() {
    Path link = system.link("opt/cuda/lib64/libcudart.so.13", root.resolve("gone"));
    String reason = system.find(CUDA_RUNTIME).reason();
    assertTrue(reason.contains(link + " cannot be read"), reason);
  }

  @ParameterizedTest
  @EnumSource(NativeLibrary.class)
  void whereThereIsNothingTheLoaderIsQuoted(NativeLibrary library) {
    system = new FakeSystem(root);
    root.resolve("usr/lib64").toFile().mkdirs();
    LibraryReport report = system.find(library);
    assertFalse(report.isFound());
    assertEquals(library.fileNames(system.environment()).size(), report.attempts().size());
    assertTrue(report.reason().contains("No such file or directory"), report.reason());
    assertEquals(List.of(root.resolve("usr/lib64").toString()), report.folders());
  }

  @Test
  void aLibraryIsLookedForOnce() {
    system.installToolkit("usr/local/cuda/lib64", 13);
    LibraryFinder finder = system.finder();
    assertEquals(finder.find(CUBLAS), finder.find(CUBLAS));
    assertEquals(5, system.opened.size(), system.opened.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "cuda-9.2,cuda-13.0,-1",
    "cuda-12.10,cuda-12.4,1",
    "cuda,cuda-9.2,-1",
    "cuda-13,cuda-13.0,-1",
    "python3.9,python3.11,-1",
    "cuda-99999999999999999999,cuda-1,-1",
    "cuda-13.0,cuda-13.0,0"
  })
  void namesAreComparedByTheirNumbers(String a, String b, int order) {
    assertEquals(order, Integer.signum(SearchEnvironment.compareVersions(a, b)));
    assertEquals(-order, Integer.signum(SearchEnvironment.compareVersions(b, a)));
  }
}
