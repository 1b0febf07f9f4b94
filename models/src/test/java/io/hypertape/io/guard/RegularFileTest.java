package io.hypertape.io.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.data.Cifar10;
import io.hypertape.data.Idx;
import io.hypertape.data.ImageFolder;
import io.hypertape.data.Mnist;
import io.hypertape.data.TextCorpus;
import io.hypertape.io.Safetensors;
import io.hypertape.io.SafetensorsFile;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.RunState;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.trace.TraceReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads a file refuses a pipe instead of waiting for somebody to write into it. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class RegularFileTest {

  /** What would hang is ended, long after anything else would be. */
  private static final Duration GUARD = Duration.ofSeconds(20);

  @TempDir private Path folder;

  /** Reads a file of some name in some folder. */
  @FunctionalInterface
  private interface Reader {
    void read(Path file) throws Exception;
  }

  private static Path pipe(Path file) throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).inheritIO().start().waitFor());
    return file;
  }

  private static void assertRefused(Path file, Reader reader, String what) {
    IOException e =
        assertThrows(
            IOException.class, () -> assertTimeoutPreemptively(GUARD, () -> reader.read(file)));
    assertTrue(e.getMessage().startsWith(file + ": " + what), e.getMessage());
    assertEquals(e.getMessage().indexOf(file.toString()), e.getMessage().lastIndexOf(file + ""));
  }

  /** All readers, by the name that they find their file by. */
  private Map<String, Reader> readers() {
    Map<String, Reader> readers = new LinkedHashMap<>();
    readers.put("images", Idx::readImages);
    readers.put("labels", file -> Idx.readLabels(file, 10));
    readers.put("mnist/train-images-idx3-ubyte", file -> Mnist.load(file.getParent()));
    readers.put("cifar-10-binary.tar.gz", Cifar10::load);
    readers.put("text.txt", TextCorpus::load);
    readers.put(
        "classes/a/1.png",
        file -> {
          Files.createDirectories(folder.resolve("classes/b"));
          Files.write(folder.resolve("classes/b/2.png"), new byte[1]);
          Files.write(folder.resolve("classes/b/3.png"), new byte[1]);
          ImageFolder.load(folder.resolve("classes"), 1);
        });
    readers.put("single.safetensors", file -> SafetensorsFile.open(file).close());
    readers.put("whole.safetensors", Safetensors::read);
    readers.put("state.safetensors", RunState::read);
    readers.put(
        "model.safetensors",
        file -> {
          try (Session session = Session.open(Device.REFERENCE)) {
            Checkpoint.read(session, file);
          }
        });
    readers.put("trace.json", TraceReader::read);
    readers.put("run/config.json", file -> RunFolder.open(file.getParent()).readConfig());
    readers.put("metrics.csv", file -> MetricsCsv.goBack(file, 1));
    readers.put("more.csv", file -> MetricsCsv.append(file, List.of("step")).close());
    return readers;
  }

  @Test
  void pipesAreRefusedByWhoeverReads() throws Exception {
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      assertRefused(pipe(folder.resolve(reader.getKey())), reader.getValue(), "a pipe; ");
    }
  }

  @Test
  void devicesAndTheirLinksAreRefusedByWhoeverReads() throws Exception {
    for (Map.Entry<String, Reader> reader : readers().entrySet()) {
      Path file = folder.resolve(reader.getKey());
      Files.createDirectories(file.getParent());
      Path link = Files.createSymbolicLink(file, Path.of("/dev/zero"));
      assertRefused(link, reader.getValue(), "a device; ");
      Files.delete(link);
    }
  }

  @Test
  void foldersAndSocketsAreNamedForWhatTheyAre() throws IOException {
    assertRefused(folder, RegularFile::check, "a folder; a file is expected");
    Path socket = folder.resolve("s");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertRefused(
          socket, file -> RegularFile.check(file, "a key"), "a socket; a key is expected");
    }
    var e = assertThrows(FileSystemException.class, () -> RegularFile.check(folder));
    assertEquals(folder.toString(), e.getFile());
  }

  @Test
  void filesAndLinksToThemAreReadAndMissingOnesMissing() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertEquals(file, RegularFile.check(file));
    assertEquals(link, RegularFile.check(link));
    Path none = folder.resolve("none");
    assertThrows(NoSuchFileException.class, () -> RegularFile.check(none));
    assertThrows(NoSuchFileException.class, () -> RegularFile.problem(none, "a file"));
  }
}
