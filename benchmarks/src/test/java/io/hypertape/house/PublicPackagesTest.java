package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What everybody may use is what a user needs; what only neighbours use is exported to them. */
class PublicPackagesTest {

  static final Set<String> PUBLIC =
      Set.of(
          "io.hypertape.autodiff",
          "io.hypertape.autodiff.backend",
          "io.hypertape.optim",
          "io.hypertape.data",
          "io.hypertape.data.table",
          "io.hypertape.io",
          "io.hypertape.io.onnx",
          "io.hypertape.metrics",
          "io.hypertape.micrometer",
          "io.hypertape.models",
          "io.hypertape.predict",
          "io.hypertape.run",
          "io.hypertape.run.follow",
          "io.hypertape.shards",
          "io.hypertape.tensor");

  /** What the tape shows to everybody. What a neighbour alone needs belongs to Internals. */
  private static final Set<String> TAPE =
      Set.of(
          "BackendUnavailableException",
          "Buffer",
          "Device",
          "DropoutCounter",
          "FusedOp",
          "GradientCall",
          "GradientCheck",
          "GradientMode",
          "NeuralOps",
          "Parameter",
          "ParameterMap",
          "Precision",
          "Scope",
          "Session",
          "SessionOptions",
          "ShardGroup",
          "Tape",
          "Tensor",
          "TensorAlgebra",
          "TensorArithmetic",
          "TensorComparison",
          "TensorReading",
          "TensorReduction",
          "TensorSource",
          "TensorViews");

  private static Path classes(String module) {
    return Path.of("..", module, "target", "classes").toAbsolutePath().normalize();
  }

  private static Set<String> exportedToAll(String module) throws IOException {
    try (InputStream in = Files.newInputStream(classes(module).resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .filter(exports -> !exports.isQualified())
          .map(Exports::source)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void nothingElseIsExportedToEverybody() throws IOException {
    Set<String> exported = new TreeSet<>();
    for (String module :
        List.of("native-bindings", "vector-kernels", "autodiff", "models", "micrometer", "cli")) {
      exported.addAll(exportedToAll(module));
    }
    assertEquals(new TreeSet<>(PUBLIC), exported);
  }

  /** A new one is added to the list on purpose, or not public. */
  @Test
  void theTapeShowsNothingElse() throws Exception {
    Path folder = classes("autodiff").resolve("io/hypertape/autodiff");
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> open = new TreeSet<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        // Those within another are its own affair.
        if (!name.contains("$") && isOpen("io.hypertape.autodiff." + name)) {
          open.add(name);
        }
      }
      assertEquals(new TreeSet<>(TAPE), open);
    }
  }

  private static boolean isOpen(String name) throws ClassNotFoundException {
    return Modifier.isPublic(
        Class.forName(name, false, PublicPackagesTest.class.getClassLoader()).getModifiers());
  }

  /** What Internals lets to is for these modules, and the list of them says so. */
  @Test
  void internalsAreForThisLibrarysModulesAlone() throws IOException {
    Set<String> own = Set.of("io.hypertape.models", "io.hypertape.benchmarks");
    Set<String> andCli =
        Set.of("io.hypertape.models", "io.hypertape.cli", "io.hypertape.benchmarks");
    for (String inner : List.of("access", "internal")) {
      String name = "io.hypertape.autodiff." + inner;
      try (InputStream in =
          Files.newInputStream(classes("autodiff").resolve("module-info.class"))) {
        Set<String> targets =
            ModuleDescriptor.read(in).exports().stream()
                .filter(exports -> exports.source().equals(name))
                .flatMap(exports -> exports.targets().stream())
                .collect(Collectors.toSet());
        assertEquals(inner.equals("access") ? andCli : own, targets, name);
      }
    }
  }

  /** Of the modules that may know the annotation. */
  @Test
  void everyPackageIsNullMarked() throws Exception {
    Set<String> unmarked = new TreeSet<>();
    int packages = 0;
    for (String module : List.of("autodiff", "models", "micrometer", "spark", "cli")) {
      Path root = classes(module);
      try (Stream<Path> files = Files.walk(root)) {
        List<Path> folders =
            files
                .filter(f -> f.toString().endsWith(".class"))
                .filter(f -> !f.getFileName().toString().equals("module-info.class"))
                .map(Path::getParent)
                .distinct()
                .toList();
        for (Path folder : folders) {
          String name =
              root.relativize(folder)
                  .toString()
                  .replace(folder.getFileSystem().getSeparator(), ".");
          packages++;
          if (!isMarked(name)) {
            unmarked.add(name);
          }
        }
      }
    }
    assertEquals(Set.of(), unmarked);
    assertEquals(true, packages > 15, packages + " packages");
    assertEquals(false, isMarked("io.hypertape.benchmarks.report"), "this one is not");
  }

  /** The annotation is there when the library runs for tests only. */
  private static boolean isMarked(String name) {
    try {
      return Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class);
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
