package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code in the documents compiles against what stands in the tree; the README's runs. */
class DocumentationCodeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  private static final String IMPORTS =
      """
      import io.hypertape.autodiff.*;
      import io.hypertape.data.*;
      import io.hypertape.models.*;
      import io.hypertape.optim.*;
      import io.hypertape.run.*;
      """;

  @TempDir private Path folder;

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> all =
          new ArrayList<>(docs.filter(p -> p.toString().endsWith(".md")).sorted().toList());
      all.add(ROOT.resolve("README.md"));
      all.add(ROOT.resolve("benchmarks/README.md"));
      return all;
    }
  }

  private static String source(String name, String code) {
    if (code.contains("import ")) {
      return code;
    }
    String body =
        code.startsWith("static ") ? code : "static void run() throws Exception {\n" + code + "}";
    return IMPORTS + "public class " + name + " {\n" + body + "\n}";
  }

  private void compile(Path file) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                err,
                "--release",
                "22",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                file.toString());
    assertEquals(0, status, file + "\n" + err);
  }

  @Test
  void everyBlockCompilesAndTheReadmesRuns() throws Exception {
    int blocks = 0;
    boolean ran = false;
    for (Path document : documents()) {
      if (document.equals(ApiPageTest.PAGE)) {
        // One program, which that test compiles and runs.
        continue;
      }
      Matcher block = BLOCK.matcher(Files.readString(document));
      while (block.find()) {
        String name = "Block" + blocks++;
        Path file = folder.resolve(name + ".java");
        Files.writeString(file, source(name, block.group(1)));
        compile(file);
        if (document.endsWith("README.md")) {
          run(name);
          ran = true;
        }
      }
    }
    assertTrue(blocks >= 3 && ran, blocks + " blocks");
  }

  private void run(String name) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out));
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      var method = loader.loadClass(name).getDeclaredMethod("run");
      method.setAccessible(true);
      method.invoke(null);
    } finally {
      System.setOut(before);
    }
    assertTrue(out.toString().contains("error="), out.toString());
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        assertTrue(
            Files.exists(document.resolveSibling(link.group(1))),
            document + " links to " + link.group(1));
      }
    }
  }
}
