package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** Java in documents: its blocks, and how they are compiled and run. */
final class DocumentCode {

  /** What a block need not import. */
  static final String IMPORTS =
      """
      import io.hypertape.autodiff.*;
      import io.hypertape.data.*;
      import io.hypertape.data.table.*;
      import io.hypertape.io.*;
      import io.hypertape.io.onnx.*;
      import io.hypertape.metrics.*;
      import io.hypertape.models.*;
      import io.hypertape.optim.*;
      import io.hypertape.predict.*;
      import io.hypertape.run.*;
      import io.hypertape.shards.*;
      import io.hypertape.run.follow.*;
      import java.net.URI;
      import java.nio.file.*;
      """;

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private DocumentCode() {}

  static List<String> blocks(Path document) throws IOException {
    return BLOCK
        .matcher(Files.readString(document))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  /** Compiles a file against what stands in the tree, to where it lies. */
  static void compile(Path file) {
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
                file.getParent().toString(),
                file.toString());
    assertEquals(0, status, file + "\n" + err.toString(StandardCharsets.UTF_8));
  }

  /**
   * Calls the static method {@code run} of a class that was compiled to a folder. One at a time:
   * what it prints is taken from the whole process.
   */
  static synchronized String run(Path folder, String name, Path... arguments) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    Class<?>[] types = new Class<?>[arguments.length];
    Arrays.fill(types, Path.class);
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Method run = loader.loadClass(name).getDeclaredMethod("run", types);
      run.setAccessible(true);
      run.invoke(null, (Object[]) arguments);
    } catch (InvocationTargetException e) {
      throw new AssertionError("after " + out.toString(StandardCharsets.UTF_8), e.getCause());
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
