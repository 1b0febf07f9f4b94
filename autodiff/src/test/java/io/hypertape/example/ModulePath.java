package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Session;
import io.hypertape.bindings.cuda.CudaDevice;
import io.hypertape.kernels.lanes.Philox;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Somebody's module beside those of this library, wherever they lie. */
final class ModulePath {

  private ModulePath() {}

  /** Where the module of a class lies. */
  private static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(type.getName(), e);
    }
  }

  private static String ours() {
    return Stream.of(Session.class, Philox.class, CudaDevice.class)
        .map(type -> of(type).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The descriptor of module autodiff. */
  static InputStream moduleInfo() throws IOException {
    return Files.newInputStream(of(Session.class).resolve("module-info.class"));
  }

  /** Compiles a module of one class, own.OwnProvider, into a folder of it. */
  static void compile(Path folder, String moduleInfo, String source) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src/own"));
    Path info = Files.writeString(sources.resolveSibling("module-info.java"), moduleInfo);
    Path code = Files.writeString(sources.resolve("OwnProvider.java"), source);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-p",
                ours(),
                "-d",
                folder.resolve("own").toString(),
                info.toString(),
                code.toString());
    assertEquals(0, status, "javac");
  }

  /** What a main class says. */
  static String run(Path folder, String main) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-p",
            ours() + File.pathSeparator + folder.resolve("own"),
            "-m",
            main);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }
}
