package io.hypertape.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void aFailedWriteKeepsWhatWasThere() throws IOException {
    Path file = folder.resolve("inside/x");
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
}
