package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blocks of docs/api.md, one after another, are a program that compiles and runs. */
class ApiPageTest {

  static final Path PAGE = Path.of("../docs/api.md").toAbsolutePath().normalize();

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final String HEAD =
      """
      import io.hypertape.autodiff.*;
      import io.hypertape.data.*;
      import io.hypertape.models.*;
      import io.hypertape.optim.*;
      import io.hypertape.run.*;
      import java.nio.file.*;
      import java.util.*;
      import java.util.function.*;

      public class Page {
        public static void run(Path folder) throws Exception {
      """;

  @TempDir private Path folder;

  @Test
  void thePageIsAProgram() throws Exception {
    StringBuilder program = new StringBuilder(HEAD);
    Matcher block = BLOCK.matcher(Files.readString(PAGE));
    int blocks = 0;
    while (block.find()) {
      program.append(block.group(1));
      blocks++;
    }
    assertTrue(blocks > 15, blocks + " blocks");
    Path file = Files.writeString(folder.resolve("Page.java"), program.append("}}"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                err,
                "--release",
                "22",
                "-encoding",
                "UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                file.toString());
    assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
    String shown = run();
    assertTrue(shown.contains("test error "), shown);
    assertTrue(shown.contains("layer2.bias[10] "), shown);
    assertTrue(shown.contains("mlp 4"), shown);
  }

  private String run() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader.loadClass("Page").getMethod("run", Path.class).invoke(null, folder);
    } catch (InvocationTargetException e) {
      throw new AssertionError("after " + out.toString(StandardCharsets.UTF_8), e.getCause());
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
