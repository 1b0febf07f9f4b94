package io.hypertape.benchmarks.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

// What it sets is read wherever something is started.
@Isolated
class ClassPathTest {

  private static final String HOME = "hypertape.home";

  @TempDir private Path folder;

  @AfterEach
  void reset() {
    System.clearProperty(HOME);
  }

  /**
   * The launcher runs from copies; what is built beside the originals, DJL, is found all the same.
   */
  @Test
  void buildOutputsAreThoseOfTheInstallFolder() throws Exception {
    assertEquals(
        Optional.of(Path.of("target").toRealPath()),
        ClassPath.target().map(place -> place.toAbsolutePath().normalize()));
    System.setProperty(HOME, folder.toString());
    assertEquals(Optional.empty(), ClassPath.target());
    Path target = Files.createDirectories(folder.resolve("benchmarks/target"));
    assertEquals(Optional.of(target), ClassPath.target());
  }

  /** Two collectors end a JVM before it has begun. */
  @Test
  void aChildHasOneCollector() {
    List<String> own = List.of("-XX:+UseZGC", "-XX:UseAVX=2", "-Xmx2g");
    assertEquals(own, ClassPath.inherited(own, List.of("-Xmx1g")));
    assertEquals(
        List.of("-XX:UseAVX=2", "-Xmx2g"),
        ClassPath.inherited(own, List.of("-XX:+UseSerialGC", "-Xmx1g")));
  }
}
