package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documentation of this module, which is none of the Java modules that are documented together. */
class SparkJavadocTest {

  private static List<String> complaints(Path sources, Path out) throws IOException {
    DocumentationTool tool = ToolProvider.getSystemDocumentationTool();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-quiet",
            "-Xdoclint:all",
            "-d",
            out.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    try (StandardJavaFileManager files = tool.getStandardFileManager(found, Locale.ROOT, null);
        Stream<Path> all = Files.walk(sources)) {
      List<Path> java = all.filter(file -> file.toString().endsWith(".java")).toList();
      assertTrue(!java.isEmpty(), "no sources in " + sources.toAbsolutePath());
      tool.getTask(
              new StringWriter(),
              files,
              found,
              null,
              options,
              files.getJavaFileObjectsFromPaths(java))
          .call();
    }
    return found.getDiagnostics().stream()
        // What Scala's compiler wrote into Spark's classes is not this module's affair.
        .filter(d -> d.getSource() != null && d.getSource().getName().endsWith(".java"))
        .map(
            d ->
                d.getSource().getName()
                    + ":"
                    + d.getLineNumber()
                    + ": "
                    + d.getMessage(Locale.ROOT))
        .toList();
  }

  @Test
  void javadocIsCompleteAndCorrect(@TempDir Path out) throws IOException {
    List<String> complaints = complaints(Path.of("src", "main", "java"), out);
    assertEquals("", String.join("\n", complaints));
    assertTrue(Files.exists(out.resolve("index.html")));
  }

  @Test
  void whatIsMissingIsFound(@TempDir Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("p"));
    Files.writeString(
        sources.resolve("A.java"),
        "package p; /** A. */ public class A { public void f(int x) {} }");
    assertTrue(
        complaints(sources, folder.resolve("out")).toString().contains("A.java:1: "),
        "no complaint");
  }
}
