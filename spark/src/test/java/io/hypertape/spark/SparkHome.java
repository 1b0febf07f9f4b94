package io.hypertape.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * A folder that is to Spark what an unpacked distribution is: its jars are those of the tests'
 * class path. Spark's programs run from it by the names of their classes.
 *
 * @param folder where it is
 */
record SparkHome(Path folder) {

  /**
   * Flags for JVMs that live for seconds: most of that is Spark's start. All kernels have the bits
   * of the scalar ones.
   */
  static final String QUICK =
      "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions"
          + " -XX:-BytecodeVerificationRemote -Dhypertape.simd=scalar";

  /** For how long a program may run; -Dhypertape.minutes=30 gives more to what is long. */
  private static final int MINUTES = Integer.getInteger("hypertape.minutes", 10);

  private static final List<String> NOT_SPARKS =
      List.of("hypertape", "junit", "opentest4j", "apiguardian", "surefire", "jspecify");

  /** What came of a program, and which of its processes were there some seconds later. */
  record Ended(int status, String output, List<String> left) {}

  /** Makes one of links to the jars, if it is not there. */
  static SparkHome in(Path folder) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    for (Path jar : classPath()) {
      Path link = jars.resolve(jar.getFileName());
      String name = jar.getFileName().toString();
      if (name.endsWith(".jar") && NOT_SPARKS.stream().noneMatch(name::contains)) {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, jar.toAbsolutePath());
      }
    }
    Path settings = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        settings.resolve("log4j2.properties"),
        """
        rootLogger.level = warn
        rootLogger.appenderRef.stderr.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.target = SYSTEM_ERR
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
        """);
    return new SparkHome(folder.toAbsolutePath());
  }

  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .toList();
  }

  /** Hypertape's own jars; of a module that is only compiled, one made of its classes. */
  private List<Path> ownJars() throws IOException {
    List<Path> own = new ArrayList<>();
    for (Path entry : classPath()) {
      String name = entry.getFileName().toString();
      if (Files.isDirectory(entry)) {
        Path jar = folder.resolve("own-" + own.size() + ".jar");
        pack(entry, jar);
        own.add(jar);
      } else if (name.contains("hypertape")) {
        own.add(entry.toAbsolutePath());
      }
    }
    return own;
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  /** Runs a program of this test's class path, with more classes, as {@code spark-submit} does. */
  Ended submit(
      String master, Map<String, String> settings, Path more, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<Path> own = ownJars();
    pack(more, folder.resolve("more.jar"));
    own.add(folder.resolve("more.jar"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(QUICK.split(" ")));
    command.add("-Xmx" + settings.getOrDefault("spark.driver.memory", "1g"));
    command.addAll(
        List.of(
            "-cp", folder.resolve("conf") + File.pathSeparator + folder.resolve("jars") + "/*"));
    command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(
        List.of("--jars", String.join(",", own.stream().skip(1).map(Path::toString).toList())));
    command.addAll(List.of("--class", program.getName(), own.getFirst().toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve(program.getSimpleName() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                folder.toString(),
                "SPARK_SCALA_VERSION",
                "2.13",
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "JAVA_HOME",
                System.getProperty("java.home")));
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      return new Ended(ended ? process.exitValue() : -1, Files.readString(output), left());
    } finally {
      process.destroyForcibly();
      own().forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Processes that run from this folder. */
  private Stream<ProcessHandle> own() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains(folder + File.separator));
  }

  private List<String> left() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (own().findAny().isPresent() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    return own().map(process -> process.info().commandLine().orElse("")).toList();
  }
}
