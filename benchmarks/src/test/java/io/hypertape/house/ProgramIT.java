package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that trains, started in every way in which programs are: from the class path, as an
 * executable jar, as a jar of jars, with an AOT cache, as an image of jlink.
 */
class ProgramIT {

  @TempDir private static Path folder;
  private static ConsumerProject project;

  @BeforeAll
  static void make() throws Exception {
    project = new ConsumerProject(folder);
  }

  @AfterAll
  static void leave() throws IOException {
    project.close();
  }

  private static void assertTrained(String text) {
    assertTrue(text.contains("vector kernels"), text);
    assertTrue(text.contains("Evaluation[examples=100, "), text);
    assertFalse(text.contains("restricted method"), text);
  }

  private static void copy(InputStream content, JarOutputStream jar, ZipEntry entry)
      throws IOException {
    jar.putNextEntry(entry);
    content.transferTo(jar);
    jar.closeEntry();
  }

  private static Manifest manifest(Map<String, String> entries) {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    entries.forEach(attributes::putValue);
    return manifest;
  }

  private static Path jar(String name, Map<String, String> manifest) throws IOException {
    Path jar = folder.resolve(name);
    Path program = project.compiled(folder.resolve("sources-of-" + name), false);
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest(manifest));
        InputStream code = Files.newInputStream(program.resolve("guest/Guest.class"))) {
      copy(code, out, new ZipEntry("guest/Guest.class"));
    }
    return jar;
  }

  @Test
  void aProgramOnTheClassPathTrains() throws Exception {
    String classes = project.compiled(folder.resolve("plain"), false).toString();
    assertTrained(
        project.java(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            project.classPath() + File.pathSeparator + classes,
            "guest.Guest"));
  }

  @Test
  void anExecutableJarTrains() throws Exception {
    String beside =
        project.jars().stream()
            .map(path -> path.toUri().toString())
            .collect(Collectors.joining(" "));
    Path jar =
        jar(
            "executable.jar",
            Map.of(
                "Main-Class",
                "guest.Guest",
                "Class-Path",
                beside,
                "Enable-Native-Access",
                "ALL-UNNAMED"));
    assertTrained(project.java("--add-modules=jdk.incubator.vector", "-jar", jar.toString()));
  }

  /**
   * Without its flag the Vector API is not there: slower, and said once. Where there is no CUDA,
   * looking for it calls nothing that Java would warn of.
   */
  @Test
  void withoutFlagsScalarKernelsTrainAndThatAloneIsSaid() throws Exception {
    String classes = project.compiled(folder.resolve("flagless"), false).toString();
    String text =
        project.java(
            "-cp", project.classPath() + File.pathSeparator + classes, "guest.Guest", "AUTO");
    assertTrue(text.contains("Evaluation[examples=100, "), text);
    assumeTrue(text.contains("cuda not used"), "a GPU is used here");
    assertEquals(1, text.lines().filter(line -> line.startsWith("WARNING: ")).count(), text);
    assertTrue(text.contains("--add-modules"), text);
  }

  /** Its heap is of 64 MiB, whole. */
  @Test
  void theExampleOfTheReadmeTrainsOnASmallHeap() throws Exception {
    String readme = Files.readString(ConsumerProject.ROOT.resolve("README.md"));
    String begin = "## In Java\n\n```java\n";
    int from = readme.indexOf(begin) + begin.length();
    assertTrue(from > begin.length());
    String example = readme.substring(from, readme.indexOf("```", from));
    String classes = project.compiled(folder.resolve("small"), false, example).toString();
    String path = project.classPath() + File.pathSeparator + classes;
    String text =
        project.java("-Xmx64m", "--add-modules=jdk.incubator.vector", "-cp", path, "guest.Guest");
    assertTrue(text.contains("Evaluation[examples=10000, "), text);
  }

  @Test
  void anAotCacheOfATrainingIsTaken() throws Exception {
    assumeTrue(Runtime.version().feature() >= 25, "AOT caches are made in one run since JDK 25");
    String path = project.classPath() + File.pathSeparator + jar("cached.jar", Map.of());
    String cache = folder.resolve("guest.aot").toString();
    List<String> program =
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            path,
            "guest.Guest");
    for (List<String> flags :
        List.of(
            List.of("-XX:AOTCacheOutput=" + cache),
            List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"))) {
      List<String> arguments = new ArrayList<>(flags);
      arguments.addAll(program);
      assertTrained(project.java(arguments.toArray(String[]::new)));
    }
    assertTrue(Files.size(Path.of(cache)) > 1_000_000);
  }

  /** A jar of jars, as Spring Boot makes and starts them. */
  @Test
  void aJarOfJarsTrains() throws Exception {
    Path loader =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("spring-boot-loader"))
            .map(Path::of)
            .findFirst()
            .orElseThrow();
    Path program = project.compiled(folder.resolve("boot"), false);
    Path fat = folder.resolve("fat.jar");
    Map<String, String> entries =
        Map.of(
            "Main-Class",
            "org.springframework.boot.loader.launch.JarLauncher",
            "Start-Class",
            "guest.Guest",
            "Spring-Boot-Classes",
            "BOOT-INF/classes/",
            "Spring-Boot-Lib",
            "BOOT-INF/lib/",
            "Enable-Native-Access",
            "ALL-UNNAMED");
    try (var out = new JarOutputStream(Files.newOutputStream(fat), manifest(entries));
        JarFile from = new JarFile(loader.toFile());
        InputStream code = Files.newInputStream(program.resolve("guest/Guest.class"))) {
      for (JarEntry entry : Collections.list(from.entries())) {
        if (entry.getName().endsWith(".class") || entry.getName().startsWith("META-INF/services")) {
          try (InputStream content = from.getInputStream(entry)) {
            copy(content, out, new ZipEntry(entry.getName()));
          }
        }
      }
      out.putNextEntry(new ZipEntry("BOOT-INF/lib/"));
      out.putNextEntry(new ZipEntry("BOOT-INF/classes/"));
      copy(code, out, new ZipEntry("BOOT-INF/classes/guest/Guest.class"));
      for (Path library : project.jars()) {
        byte[] bytes = Files.readAllBytes(library);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry stored = new ZipEntry("BOOT-INF/lib/" + library.getFileName());
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(bytes.length);
        stored.setCrc(sum.getValue());
        copy(new ByteArrayInputStream(bytes), out, stored);
      }
    }
    assertTrained(project.java("--add-modules=jdk.incubator.vector", "-jar", fat.toString()));
  }

  @Test
  void anImageOfJlinkTrains() throws Exception {
    String classes = project.compiled(folder.resolve("module"), true).toString();
    Path image = folder.resolve("image");
    project.run(
        ConsumerProject.JAVA.resolve("jlink").toString(),
        "-p",
        project.libraries() + File.pathSeparator + classes,
        "--add-modules",
        "guest",
        "--strip-debug",
        "--output",
        image.toString());
    String java = image.resolve("bin/java").toString();
    String modules = project.run(java, "--list-modules");
    assertTrue(modules.contains("io.hypertape.models@" + ConsumerProject.version()), modules);
    assertFalse(modules.contains("java.desktop"), modules);
    assertTrained(
        project.run(
            java, "--enable-native-access=io.hypertape.bindings", "-m", "guest/guest.Guest"));
  }
}
