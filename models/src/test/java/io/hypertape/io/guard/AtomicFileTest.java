package io.hypertape.io.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void aFailedWriteKeepsWhatWasThere() throws IOException {
    Path file = Files.createDirectory(folder.resolve("inside")).resolve("x");
    AtomicFile.write(file, out -> out.write("first".getBytes()));
    var e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new IOException("No space left on device");
                    }));
    assertEquals(file + " could not be written: No space left on device", e.getMessage());
    assertEquals("first", Files.readString(file));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
    AtomicFile.write(file, out -> out.write("second".getBytes()));
    assertEquals("second", Files.readString(file));
  }

  @Test
  void namesTheFileThatCannotBe() throws IOException {
    Path parent = folder.resolve("file");
    Files.writeString(parent, "no folder");
    var e =
        assertThrows(
            IOException.class, () -> AtomicFile.write(parent.resolve("x"), out -> out.write(1)));
    assertTrue(e.getMessage().startsWith(parent.resolve("x") + " could not be written"));
  }

  /** A run's folder that somebody has removed must not come back with a single file in it. */
  @Test
  void makesNoFolder() {
    Path file = folder.resolve("none/x");
    var e = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> out.write(1)));
    assertEquals(
        file + " could not be written: there is no folder " + file.getParent(), e.getMessage());
    assertTrue(Files.notExists(file.getParent()));
  }

  @Test
  void followsNoLink() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    Path file = folder.resolve("file");
    for (Path target : List.of(precious, folder.resolve("none"), folder)) {
      Files.createSymbolicLink(file, target);
      // Where former versions wrote first.
      Files.createSymbolicLink(folder.resolve("file.part"), target);
      AtomicFile.write(file, out -> out.write("new".getBytes()));
      assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
      assertEquals("new", Files.readString(file));
      Files.delete(file);
      Files.delete(folder.resolve("file.part"));
    }
    assertEquals("x", Files.readString(precious));
    assertTrue(Files.notExists(folder.resolve("none")));
  }

  @Test
  void replacesNoFolderDeviceOrPipe() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    var e = assertThrows(IOException.class, () -> AtomicFile.write(inside, out -> out.write(1)));
    assertEquals(inside + " could not be written: there is a folder of this name", e.getMessage());
    Path device = Path.of("/dev/null");
    Assumptions.assumeTrue(Files.exists(device), "this system has no /dev/null");
    assertThrows(IOException.class, () -> AtomicFile.write(device, out -> out.write(1)));
    assertTrue(Files.exists(device) && !Files.isRegularFile(device));
  }

  @Test
  void anErrorLeavesNothing() throws IOException {
    Path file = folder.resolve("file");
    assertThrows(
        OutOfMemoryError.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  throw new OutOfMemoryError("no more");
                }));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void removesStrayPartsAndNothingElse() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    Files.writeString(folder.resolve("model.safetensors.0123456789abcdef.part"), "half");
    List<Path> others =
        List.of(
            Files.writeString(folder.resolve("model.safetensors.part"), "of another program"),
            Files.createSymbolicLink(folder.resolve("a.0123456789abcdef.part"), precious),
            Files.createDirectory(folder.resolve("b.0123456789abcdef.part")),
            precious);
    assertEquals(1, AtomicFile.removeStrayParts(folder));
    assertEquals(0, AtomicFile.removeStrayParts(folder));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(Set.copyOf(others), files.collect(Collectors.toSet()));
    }
  }
}
