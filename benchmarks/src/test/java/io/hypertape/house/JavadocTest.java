package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documentation of every exported package, with all of doclint's checks: nothing may be missing or
 * wrong.
 */
class JavadocTest {

  private static final Map<String, String> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put("io.hypertape.bindings", "native-bindings");
    MODULES.put("io.hypertape.kernels", "vector-kernels");
    MODULES.put("io.hypertape.autodiff", "autodiff");
    MODULES.put("io.hypertape.models", "models");
    MODULES.put("io.hypertape.micrometer", "micrometer");
    MODULES.put("io.hypertape.cli", "cli");
  }

  /** What the modules require, and what that does. */
  private static final List<String> LIBRARIES =
      List.of(
          "picocli",
          "micrometer",
          "jackson",
          "jspecify",
          "xchart",
          "commons-csv",
          "commons-io",
          "commons-codec",
          "zstd");

  @Test
  void javadocIsCompleteAndCorrect(@TempDir Path out) {
    List<String> complaints = document(out, MODULES);
    assertEquals("", String.join("\n", complaints));
    assertTrue(Files.exists(out.resolve("index.html")));
  }

  @Test
  void whatIsMissingIsFound(@TempDir Path dir) throws Exception {
    Path sources = Files.createDirectories(dir.resolve("src/p"));
    Files.writeString(dir.resolve("src/module-info.java"), "/** M. */ module m { exports p; }");
    Files.writeString(
        sources.resolve("A.java"),
        "package p; /** A. */ public class A { public void f(int x) {} }");
    List<String> complaints =
        document(dir.resolve("out"), Map.of("m", dir.resolve("src").toString()));
    // In the words of the JVM's locale, whatever the tool is told.
    assertTrue(complaints.toString().contains("A.java:1: "), complaints.toString());
  }

  private static List<String> document(Path out, Map<String, String> modules) {
    DocumentationTool tool = ToolProvider.getSystemDocumentationTool();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        new ArrayList<>(
            List.of("--release", "22", "-quiet", "-Xdoclint:all", "-d", out.toString()));
    modules.forEach(
        (module, folder) -> {
          Path sources = Path.of(folder);
          options.add("--module-source-path");
          options.add(module + "=" + (sources.isAbsolute() ? sources : sources("../" + folder)));
        });
    options.addAll(List.of("--module", String.join(",", modules.keySet())));
    options.addAll(List.of("--module-path", libraries()));
    tool.getTask(new StringWriter(), null, found, null, options, null).call();
    return found.getDiagnostics().stream()
        .filter(d -> d.getKind() != Diagnostic.Kind.NOTE)
        .map(
            d ->
                d.getSource() == null
                    ? text(d)
                    : d.getSource().getName() + ":" + d.getLineNumber() + ": " + text(d))
        // Incubation is no fault of the documentation, nor are libraries without a module-info.
        .filter(text -> !text.contains("using incubating module(s)"))
        .filter(text -> !text.contains("automatic module"))
        .distinct()
        .toList();
  }

  /** Sources written by hand and, where there are any, generated ones, which are not exported. */
  private static String sources(String folder) {
    return Stream.of("src/main/java", "src/generated/java")
        .map(sources -> Path.of(folder, sources).toAbsolutePath().normalize())
        .filter(Files::isDirectory)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String text(Diagnostic<?> diagnostic) {
    return diagnostic.getMessage(Locale.ROOT);
  }

  private static String libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") && !entry.contains("hypertape"))
        .filter(entry -> LIBRARIES.stream().anyMatch(entry::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
