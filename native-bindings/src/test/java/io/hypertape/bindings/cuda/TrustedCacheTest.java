package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels are run: what others could have put into the cache is not taken from there. */
@DisabledOnOs(OS.WINDOWS)
class TrustedCacheTest {

  private static final byte[] IMAGE = {1, 2, 3, 0, -1};
  private static final String KEY = KernelCache.key("source");
  private static final int NOBODY = 65534;

  /** Keeps what is logged, instead of printing it. */
  private static final class Kept extends Handler {
    private final List<String> warnings = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.INFO.intValue()) {
        warnings.add(line.getMessage());
      }
    }

    @Override
    public void flush() {
      // Nothing is on its way.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  @TempDir private Path root;
  private Path folder;
  private KernelCache cache;
  private final Kept log = new Kept();
  private final Logger logger = Logger.getLogger(KernelCache.class.getName());

  @BeforeEach
  void oneEntry() {
    logger.addHandler(log);
    logger.setUseParentHandlers(false);
    folder = root.resolve("hypertape").resolve("kernels");
    cache = new KernelCache(folder);
    cache.write(KEY, IMAGE);
    assertArrayEquals(IMAGE, cache.read(KEY).orElseThrow());
  }

  @AfterEach
  void restoreLog() {
    logger.removeHandler(log);
    logger.setUseParentHandlers(true);
  }

  private static void chmod(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private void assertNotUsed(String reason) throws IOException {
    byte[] before = Files.readAllBytes(cache.file(KEY));
    assertEquals(Optional.empty(), cache.read(KEY));
    cache.write(KEY, new byte[] {7});
    assertArrayEquals(before, Files.readAllBytes(cache.file(KEY)), "it is not written either");
    assertEquals(1, log.warnings.size(), log.warnings.toString());
    assertTrue(log.warnings.getFirst().contains(reason), log.warnings.toString());
    assertTrue(log.warnings.getFirst().contains(folder.toString()), log.warnings.toString());
  }

  /** Not used, said once, and mended by being written again. */
  private void assertMended(String reason) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> assertEquals(Optional.empty(), cache.read(KEY)));
    assertEquals(reason.isEmpty() ? 0 : 1, log.warnings.size(), log.warnings.toString());
    if (!reason.isEmpty()) {
      assertTrue(log.warnings.getFirst().contains(reason), log.warnings.toString());
    }
    cache.write(KEY, IMAGE);
    assertArrayEquals(IMAGE, cache.read(KEY).orElseThrow());
  }

  @Test
  void whatIsMadeIsItsOwnersAlone() throws IOException {
    assertEquals("rwx------", permissions(folder));
    assertEquals("rwx------", permissions(folder.getParent()));
    assertEquals("rw-------", permissions(cache.file(KEY)));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(cache.file(KEY)), files.toList());
    }
    assertEquals(List.of(), log.warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
  void aFolderThatOthersCanWriteIsNotUsed(String permissions) throws IOException {
    chmod(folder, permissions);
    assertNotUsed("can be written by others (" + permissions + "): chmod go-w " + folder);
    chmod(folder, "rwxr-xr-x");
    assertArrayEquals(IMAGE, cache.read(KEY).orElseThrow());
  }

  @Test
  void aFolderThatIsALinkIsNotUsed() throws IOException {
    Path elsewhere = root.resolve("elsewhere");
    Files.move(folder, elsewhere);
    Files.createSymbolicLink(folder, elsewhere);
    assertNotUsed(folder + " is a link");
  }

  @Test
  void aFolderThatOthersCanReplaceIsNotUsed() throws IOException {
    chmod(folder.getParent(), "rwxrwxrwx");
    assertNotUsed("in which it lies, can be written by everybody");
    Files.setAttribute(folder.getParent(), "unix:mode", 01777);
    assertArrayEquals(IMAGE, cache.read(KEY).orElseThrow());
  }

  @Test
  void whatBelongsToSomebodyElseIsNotUsed() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
    Files.setAttribute(folder, "unix:uid", NOBODY);
    assertNotUsed(folder + " belongs to ");
    Files.setAttribute(folder, "unix:uid", 0);
    log.warnings.clear();
    Files.setAttribute(cache.file(KEY), "unix:uid", NOBODY);
    assertMended(cache.file(KEY) + " belongs to ");
    // As /tmp/hypertape would be that somebody else has made.
    log.warnings.clear();
    Files.setAttribute(folder.getParent(), "unix:uid", NOBODY);
    Files.setAttribute(root, "unix:mode", 01777);
    cache = new KernelCache(folder);
    assertNotUsed(folder.getParent() + " belongs to ");
  }

  @Test
  void anEntryThatOthersCouldWriteIsCompiledAnew() throws IOException {
    chmod(cache.file(KEY), "rw-rw----");
    assertMended(cache.file(KEY) + " can be written by others");
    assertEquals("rw-------", permissions(cache.file(KEY)));
  }

  @Test
  void anEntryThatIsALinkIsCompiledAnew() throws IOException {
    Path elsewhere = root.resolve("elsewhere");
    Files.move(cache.file(KEY), elsewhere);
    Files.createSymbolicLink(cache.file(KEY), elsewhere);
    byte[] before = Files.readAllBytes(elsewhere);
    assertMended(cache.file(KEY) + " is a link");
    assertFalse(Files.isSymbolicLink(cache.file(KEY)));
    assertArrayEquals(before, Files.readAllBytes(elsewhere), "what it led to is as it was");
  }

  @Test
  void aPipeKeepsNobodyWaiting() throws Exception {
    Files.delete(cache.file(KEY));
    String pipe = cache.file(KEY).toString();
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", pipe).start().waitFor());
    assertMended("");
  }

  @Test
  void aFolderInAnEntrysPlaceIsNoError() throws IOException {
    Files.delete(cache.file(KEY));
    Files.createDirectories(cache.file(KEY).resolve("in the way"));
    assertEquals(Optional.empty(), cache.read(KEY));
    cache.write(KEY, IMAGE);
    assertEquals(Optional.empty(), cache.read(KEY));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count(), "no half-written file is left");
    }
  }

  @Test
  void anEntryOfAnotherNameOrVersionIsCompiledAnew() throws IOException {
    String other = KernelCache.key("other");
    cache.write(other, new byte[] {9, 9});
    Files.copy(
        cache.file(other),
        cache.file(KEY),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    assertMended("");
    byte[] content = Files.readAllBytes(cache.file(KEY));
    byte[] mark = "HTKERN1\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mark, 0, content, 0, mark.length);
    Files.write(cache.file(KEY), content);
    assertMended("");
    Files.write(cache.file(KEY), new byte[0]);
    assertMended("");
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidOnce() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "in the way");
    folder = file.resolve("kernels");
    cache = new KernelCache(folder);
    for (int i = 0; i < 3; i++) {
      cache.write(KEY, IMAGE);
      assertEquals(Optional.empty(), cache.read(KEY));
    }
    assertEquals(1, log.warnings.size(), log.warnings.toString());
    assertTrue(log.warnings.getFirst().contains("cannot be written: "), log.warnings.toString());
  }
}
