package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {

  private static final byte[] IMAGE = {1, 2, 3, 0, -1};

  @TempDir private Path folder;

  @Test
  void whatIsKeptIsRead() throws IOException {
    KernelCache cache = new KernelCache(folder.resolve("a/b"));
    String key = KernelCache.key("source");
    assertTrue(cache.read(key).isEmpty());
    cache.write(key, IMAGE);
    assertArrayEquals(IMAGE, cache.read(key).orElseThrow());
    assertTrue(cache.read(KernelCache.key("other")).isEmpty());
    try (Stream<Path> files = Files.list(folder.resolve("a/b"))) {
      assertEquals(1, files.count(), "no half-written file is left");
    }
  }

  @Test
  void damageShowsWhereverItIs() throws IOException {
    KernelCache cache = new KernelCache(folder);
    String key = KernelCache.key("source");
    cache.write(key, IMAGE);
    byte[] whole = Files.readAllBytes(cache.file(key));
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(cache.file(key), damaged);
      assertTrue(cache.read(key).isEmpty(), "byte " + i);
      Files.write(cache.file(key), Arrays.copyOf(whole, i));
      assertTrue(cache.read(key).isEmpty(), "cut to " + i);
    }
    cache.write(key, IMAGE);
    assertArrayEquals(IMAGE, cache.read(key).orElseThrow());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    KernelCache cache = new KernelCache(file.resolve("kernels"));
    cache.write(KernelCache.key("source"), IMAGE);
    assertTrue(cache.read(KernelCache.key("source")).isEmpty());
    assertEquals("in the way", Files.readString(file));
  }

  @Test
  void keysKeepTheirPartsApart() {
    assertNotEquals(KernelCache.key("a", "bc"), KernelCache.key("ab", "c"));
    assertNotEquals(KernelCache.key("a"), KernelCache.key("a", ""));
    assertEquals(64, KernelCache.key("a").length());
  }

  @Test
  void theFolderIsTheUsers() {
    Path home = Path.of("/home/me/.cache/hypertape/kernels");
    assertEquals(home, KernelCache.defaultFolder(Map.of(), "/home/me"));
    assertEquals(home, KernelCache.defaultFolder(Map.of("HYPERTAPE_CACHE", " "), "/home/me"));
    assertEquals(
        Path.of("/x/hypertape/kernels"),
        KernelCache.defaultFolder(Map.of("XDG_CACHE_HOME", "/x"), "/home/me"));
    assertEquals(
        Path.of("/h/kernels"),
        KernelCache.defaultFolder(
            Map.of("HYPERTAPE_CACHE", "/h", "XDG_CACHE_HOME", "/x"), "/home/me"));
    // Java's '?' is a user without a home, and not every home can be named in the locale's
    // encoding.
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"), "hypertape", "kernels");
    for (String none : List.of("?", "", "/home/\0")) {
      assertEquals(temporary, KernelCache.defaultFolder(Map.of(), none), none);
    }
  }
}
