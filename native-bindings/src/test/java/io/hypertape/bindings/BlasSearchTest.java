package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.BlasCandidate.Origin;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlasSearchTest {

  @TempDir private Path root;
  private FakeSystem system;

  /** A loader that knows one path. */
  private record OpenerOf(String path) implements Opener {
    @Override
    public Optional<String> problem(String place) {
      return Optional.of(place + " is not there");
    }

    @Override
    public Optional<Path> folder(String name) {
      return Optional.empty();
    }

    @Override
    public Opened open(String place) {
      return place.equals(path)
          ? new Opened(name -> Optional.empty(), "")
          : Opened.refused("no such file");
    }

    @Override
    public int driverVersion(SymbolLookup driver) {
      return 0;
    }
  }

  @BeforeEach
  void computer() {
    system = new FakeSystem(root);
  }

  private static Optional<String> found(BlasReport<BlasCandidate> report) {
    return report.library().map(BlasCandidate::location);
  }

  private BlasReport<BlasCandidate> auto() {
    return system.blasSearch().walk(candidate -> candidate);
  }

  private void assertFoundIn(Path folder, String name) {
    BlasReport<BlasCandidate> report = auto();
    assertEquals(Optional.of(folder.resolve(name).toString()), found(report), report.toString());
    assertEquals("", report.problem());
    assertEquals(Origin.FOUND, report.library().orElseThrow().origin());
  }

  @ParameterizedTest
  @CsvSource({
    "usr/lib/x86_64-linux-gnu, libdnnl.so.3",
    "usr/lib/x86_64-linux-gnu/openblas-pthread, libopenblas.so.0",
    "usr/lib/x86_64-linux-gnu/openblas-openmp, libopenblas.so.0",
    "usr/lib/x86_64-linux-gnu/blis-pthread, libblis.so.4",
    "usr/lib/x86_64-linux-gnu, libblas.so.3",
    "usr/lib64, libopenblas.so.0",
    "usr/local/lib, libopenblas.so",
    "opt/OpenBLAS/lib, libopenblas.so",
    "opt/intel/oneapi/dnnl/latest/lib, libdnnl.so.3",
  })
  void aLibraryIsFoundWhereDistributionsPutIt(String folder, String name) {
    assertFoundIn(system.install(folder, name), name);
  }

  @ParameterizedTest
  @CsvSource({
    "MKLROOT, mkl, mkl/lib",
    "MKLROOT, mkl, mkl/lib/intel64",
    "ONEAPI_ROOT, intel, intel/mkl/latest/lib",
    "CONDA_PREFIX, conda, conda/lib",
    "VIRTUAL_ENV, venv, venv/lib",
  })
  void variablesOfAnInstallationNameItsPlace(String variable, String home, String folder) {
    system.variable(variable, root.resolve(home));
    Path lib = system.install(folder, "libmkl_rt.so.2", "libmkl_core.so.2");
    assertFoundIn(lib, "libmkl_rt.so.2");
  }

  @Test
  void theLoaderKnowsNamesOfItsOwn() {
    system.onLoaderPath("libopenblas.so.0");
    assertTrue(auto().library().isPresent());
    assertEquals(List.of("libopenblas.so.0"), system.opened);
  }

  @Test
  void theFasterFamilyIsTakenWhereverItIs() {
    system.onLoaderPath("libopenblas.so.0", "libblas.so.3");
    assertFoundIn(system.install("usr/lib64", "libdnnl.so.2"), "libdnnl.so.2");
  }

  @Test
  void onArmOnlyLibrariesThatAreFastThereAreLookedFor() {
    system.property("os.arch", "aarch64").onLoaderPath("libdnnl.so.3", "libmkl_rt.so.2");
    assertTrue(auto().library().isEmpty());
    Path folder = system.install("usr/lib/aarch64-linux-gnu/openblas-pthread", "libopenblas.so.0");
    assertFoundIn(folder, "libopenblas.so.0");
  }

  @Test
  void macOsHasOneWithoutAFile() {
    system.property("os.name", "Mac OS X");
    String own = BlasFamily.ACCELERATE;
    BlasReport<BlasCandidate> report =
        new BlasSearch(system.environment(), new OpenerOf(own)).walk(candidate -> candidate);
    assertEquals(Optional.of(own), found(report));
  }

  @Test
  void whatIsRefusedIsPassedOverAndKept() {
    Path damaged = system.write(root.resolve("usr/lib64/libdnnl.so.3"), "not a library");
    Path cutOff = system.write(root.resolve("usr/lib64/libdnnl.so.2"), FakeSystem.CUT_OFF);
    Path without = system.install("usr/lib64", "libopenblas.so.0");
    Path good = system.install("usr/lib", "libopenblas.so.0");
    BlasReport<BlasCandidate> report =
        system
            .blasSearch()
            .walk(
                candidate -> {
                  if (candidate.location().startsWith(without.toString() + "/")) {
                    throw new UnfitLibraryException("it computes nonsense");
                  }
                  return candidate;
                });
    assertEquals(Optional.of(good.resolve("libopenblas.so.0").toString()), found(report));
    String all = report.attempts().toString();
    assertTrue(all.contains(damaged + ": invalid ELF header"), all);
    assertTrue(all.contains(cutOff + " is cut off"), all);
    assertTrue(all.contains("it computes nonsense"), all);
    assertFalse(system.opened.contains(cutOff.toString()), all);
  }

  @Test
  void mklWithoutItsPartsIsNotOpened() {
    Path folder = system.install("usr/lib64", "libmkl_rt.so.2");
    BlasReport<BlasCandidate> report = auto();
    assertTrue(report.library().isEmpty());
    assertTrue(report.problem().contains(folder + " has no libmkl_core.so*"), report.problem());
    assertEquals(List.of(), system.opened);
    system.install("usr/lib64", "libmkl_core.so.2");
    assertFoundIn(folder, "libmkl_rt.so.2");
  }

  @Test
  void mklOfTheLoaderIsLookedAtInItsFolder() {
    Path folder = system.install("opt/mkl", "libmkl_rt.so.2");
    system.onLoaderPath("libmkl_rt.so.2").loaderFolder(folder);
    assertTrue(auto().library().isEmpty());
    system.install("opt/mkl", "libmkl_core.so.2");
    assertTrue(auto().library().isPresent());
    assertEquals(List.of("libmkl_rt.so.2"), system.opened);
  }

  @Test
  void whoFindsNothingIsToldWhatWouldFit() {
    system.install("usr/lib64");
    String problem = auto().problem();
    for (String part :
        new String[] {
          "oneDNN (libdnnl.so.3)",
          "MKL (libmkl_rt.so.3)",
          "OpenBLAS (libopenblas.so.0)",
          "apt-get install libopenblas0-pthread",
          "name its file"
        }) {
      assertTrue(problem.contains(part), problem);
    }
    assertFalse(problem.contains("No such file"), problem);
    assertEquals(1, problem.lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Windows 11", "Mac OS X"})
  void otherSystemsHaveOtherNamesAndOtherAdvice(String os) {
    system.property("os.name", os);
    String problem = auto().problem();
    assertFalse(problem.contains(".so"), problem);
    assertFalse(problem.contains("apt-get"), problem);
    assertTrue(problem.contains("openblas"), problem);
  }

  @Test
  void aNamedFileIsTakenWhateverItIsCalled() {
    Path file = system.install("mine", "libfast.so").resolve("libfast.so");
    BlasReport<BlasCandidate> report = system.blasSearch().take(file, candidate -> candidate);
    assertEquals(Optional.of(file.toString()), found(report));
    assertEquals(Origin.NAMED, report.library().orElseThrow().origin());
  }

  @Test
  void aNamedFileThatDoesNotServeIsToldWhy() {
    Path file = system.write(root.resolve("libfast.so"), "not a library");
    String problem = system.blasSearch().take(file, candidate -> candidate).problem();
    assertTrue(problem.startsWith(file + ": invalid ELF header; "), problem);
    assertTrue(problem.endsWith("OpenBLAS, MKL, oneDNN, BLIS or another BLAS fits"), problem);
    Path fine = system.install("mine", "libfast.so").resolve("libfast.so");
    String refused =
        system
            .blasSearch()
            .take(
                fine,
                candidate -> {
                  throw new UnfitLibraryException("it has no products");
                })
            .problem();
    assertTrue(refused.startsWith(fine + ": it has no products; "), refused);
  }
}
