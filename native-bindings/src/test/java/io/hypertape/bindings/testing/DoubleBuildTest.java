package io.hypertape.bindings.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The double is loaded into the process that tests: nobody else may have put it there. */
@Tag("cuda-double")
class DoubleBuildTest {

  private static final String LIBRARY = "libhypertapedouble.so";

  @TempDir private Path root;
  private Path sources;
  private Path target;

  @BeforeEach
  void oneSmallSource() throws IOException {
    CudaDouble.requireDouble();
    sources = Files.createDirectories(root.resolve("c"));
    Files.writeString(sources.resolve("one.c"), "int one(void) { return 1; }\n");
    target = root.resolve("target");
  }

  private Path build() {
    return DoubleBuild.folder(sources, target);
  }

  private static void assertRefused(String what, Runnable build) {
    UncheckedIOException e = assertThrows(UncheckedIOException.class, build::run);
    assertTrue(e.getCause().getMessage().contains(what + " is not loaded"), e.toString());
    assertTrue(e.getCause().getMessage().contains("delete it"), e.toString());
  }

  @Test
  void theOneInUseLiesInTheModulesFolder() {
    Path folder = Path.of(System.getProperty("hypertape.cuda.path"));
    assertEquals(Path.of("").toAbsolutePath().resolve("target"), folder.getParent());
  }

  @Test
  void isBuiltOnceForItsSourcesAndItsOwnersEyes() throws IOException {
    Path folder = build();
    assertEquals(target, folder.getParent());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    assertEquals(folder, build());
    Files.writeString(sources.resolve("two.c"), "int two(void) { return 2; }\n");
    assertFalse(folder.equals(build()));
  }

  @Test
  void aPlantedOneIsNotLoaded() throws IOException {
    Path folder = build();
    Path library = folder.resolve(LIBRARY);
    for (Path open : new Path[] {folder, library}) {
      var before = Files.getPosixFilePermissions(open);
      for (String permissions : new String[] {"rwxrwx---", "rwx----w-"}) {
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
        assertRefused(open.toString(), this::build);
      }
      Files.setPosixFilePermissions(open, before);
    }
    Path elsewhere = root.resolve("elsewhere");
    Files.move(library, elsewhere);
    Files.createSymbolicLink(library, elsewhere);
    assertRefused(library.toString(), this::build);
    Path planted = root.resolve("planted");
    Files.move(folder, planted);
    Files.createSymbolicLink(folder, planted);
    assertRefused(folder.toString(), this::build);
    Files.delete(folder);
    assertEquals(folder, build());
  }
}
