package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.LibraryFile.Finding;
import io.hypertape.bindings.LibraryFile.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the forms that libraries have, made of what their headers need. */
class LibraryFileTest {

  private static final SearchEnvironment WINDOWS = machine("Windows 11", "amd64");
  private static final int PE_AT = 128;
  private static final int OPTIONAL = 240;

  @TempDir private Path root;

  static ByteBuffer littleEndian(byte... bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static SearchEnvironment machine(String system, String arch) {
    return new SearchEnvironment(
        Map.of("os.name", system, "os.arch", arch), Map.of(), Path.of("/"));
  }

  /** A Windows library with two sections. */
  private static byte[] portableExecutable(int machine) {
    byte[] bytes = new byte[2048];
    ByteBuffer file = littleEndian(bytes);
    file.putShort(0, (short) 0x5A4D).putInt(60, PE_AT);
    file.putInt(PE_AT, 0x4550).putShort(PE_AT + 4, (short) machine);
    file.putShort(PE_AT + 6, (short) 2).putShort(PE_AT + 20, (short) OPTIONAL);
    for (int i = 0; i < 2; i++) {
      int section = PE_AT + 24 + OPTIONAL + 40 * i;
      file.putInt(section + 16, 512).putInt(section + 20, 1024 + 512 * i);
    }
    return bytes;
  }

  /** A library of one segment; little-endian as this machine is taken to be. */
  private static byte[] elf(int machine) {
    byte[] bytes = new byte[1024];
    ByteBuffer file = littleEndian(bytes);
    file.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1);
    file.putShort(18, (short) machine).putLong(32, 64).putLong(40, 1024 - 64);
    file.putShort(56, (short) 1).putShort(60, (short) 1);
    file.putLong(64 + 8, 0).putLong(64 + 32, 900);
    return bytes;
  }

  private Finding look(byte[] content, SearchEnvironment environment) throws IOException {
    return LibraryFile.look(Files.write(root.resolve("library"), content), environment);
  }

  @Test
  void windowsLibrariesAreLookedAtByTheirSections() throws IOException {
    byte[] library = portableExecutable(0x8664);
    assertEquals(Finding.FITS, look(library, WINDOWS));
    for (int length = 0; length < library.length; length += 7) {
      Finding finding = look(Arrays.copyOf(library, length), WINDOWS);
      assertEquals(Verdict.DANGEROUS, finding.verdict(), length + " bytes: " + finding.text());
    }
    Finding foreign = look(portableExecutable(0xAA64), WINDOWS);
    assertEquals(Verdict.FOREIGN, foreign.verdict());
    assertTrue(foreign.text().endsWith("(PE machine 0xaa64); this Java runs on amd64"));
    assertEquals(Finding.FITS, look(portableExecutable(0xAA64), machine("Windows 11", "aarch64")));
    assertEquals(Verdict.DANGEROUS, look(elf(62), WINDOWS).verdict());
  }

  @Test
  void numbersThatReachOutOfAllFilesAreNoExtents() throws IOException {
    SearchEnvironment linux = machine("Linux", "amd64");
    assertEquals(Finding.FITS, look(elf(62), linux));
    long[] hostile = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 60, 1L << 32, 1025};
    for (int at : new int[] {32, 40, 64 + 8, 64 + 32}) {
      for (long number : hostile) {
        byte[] library = elf(62);
        littleEndian(library).putLong(at, number);
        Finding finding = look(library, linux);
        assertEquals(Verdict.DANGEROUS, finding.verdict(), at + ": " + finding.text());
      }
    }
    byte[] many = elf(62);
    littleEndian(many).putShort(56, (short) -1);
    assertEquals(Verdict.DANGEROUS, look(many, linux).verdict());
  }

  @Test
  void otherSystemsFilesAreTheirLoadersMatter() throws IOException {
    assertEquals(Finding.FITS, look(new byte[] {1, 2, 3}, machine("Mac OS X", "aarch64")));
    Finding none = LibraryFile.look(root.resolve("none"), machine("Mac OS X", "aarch64"));
    assertEquals(new Finding(Verdict.ABSENT, root.resolve("none") + " is not there"), none);
  }

  /** The cache of the GNU C library with one name and its files. */
  private static byte[] cache(String name, String... files) throws IOException {
    ByteArrayOutputStream texts = new ByteArrayOutputStream();
    texts.write((name + "\0").getBytes(StandardCharsets.UTF_8));
    ByteBuffer entries = ByteBuffer.allocate(48 + 24 * files.length).order(ByteOrder.nativeOrder());
    entries.put("glibc-ld.so.cache1.1".getBytes(StandardCharsets.UTF_8)).putInt(files.length);
    for (int i = 0; i < files.length; i++) {
      int at = 48 + 24 * i;
      entries.putInt(at + 4, entries.capacity());
      entries.putInt(at + 8, entries.capacity() + texts.size());
      texts.write((files[i] + "\0").getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(entries.array());
    all.write(texts.toByteArray());
    return all.toByteArray();
  }

  private LoaderPath linux() {
    return new LoaderPath(
        new SearchEnvironment(Map.of("os.name", "Linux", "os.arch", "amd64"), Map.of(), root));
  }

  @Test
  void theCacheTellsWhatTheLoaderWillTake() throws IOException {
    Path first = root.resolve("a/libx.so.1");
    Path second = root.resolve("b/libx.so.1");
    Files.createDirectories(first.getParent());
    Files.createDirectories(second.getParent());
    Files.createDirectories(root.resolve("etc"));
    byte[] cache = cache("libx.so.1", "/a/libx.so.1", "/b/libx.so.1");
    Path file = Files.write(root.resolve("etc/ld.so.cache"), cache);
    Files.write(first, elf(183));
    Files.write(second, elf(62));
    LoaderPath loader = linux();
    assertEquals(Set.of(first, second), loader.candidates("libx.so.1"));
    // The first is for another machine, and is passed over.
    assertEquals(Optional.empty(), loader.danger("libx.so.1"));
    assertEquals(Optional.of(second.getParent()), loader.folder("libx.so.1"));
    Files.write(second, Arrays.copyOf(elf(62), 800));
    assertTrue(loader.danger("libx.so.1").orElseThrow().startsWith(second + " is cut off"));
    Files.write(first, elf(62));
    assertEquals(Optional.empty(), loader.danger("libx.so.1"));
    assertEquals(Set.of(), loader.candidates("libx.so.2"));
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = Arrays.copyOf(cache, random.nextInt(cache.length + 1));
      for (int k = 0; k < 4 && damaged.length > 20; k++) {
        damaged[20 + random.nextInt(damaged.length - 20)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      assertTrue(Set.of(first, second).containsAll(loader.candidates("libx.so.1")));
    }
  }
}
