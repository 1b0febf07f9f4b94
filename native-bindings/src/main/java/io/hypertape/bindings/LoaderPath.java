package io.hypertape.bindings;

import io.hypertape.bindings.LibraryFile.Finding;
import io.hypertape.bindings.LibraryFile.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where Linux's loader looks for a name that has no folder: LD_LIBRARY_PATH, the cache that
 * ldconfig makes, the folders of the system. Only to see what it would come upon.
 */
final class LoaderPath {

  private static final String CACHE = "/etc/ld.so.cache";
  private static final String MARK = "glibc-ld.so.cache1.1";
  private static final int HEADER = 48;
  private static final int ENTRY = 24;
  private static final int NAME_AT = 4;
  private static final int FILE_AT = 8;
  private static final long LARGEST_CACHE = 64L << 20;

  private static final List<String> FOLDERS =
      List.of(
          "/lib/x86_64-linux-gnu",
          "/usr/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib64",
          "/usr/lib64",
          "/lib",
          "/usr/lib",
          "/usr/local/lib");

  private final SearchEnvironment environment;

  LoaderPath(SearchEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Why the loader must not be asked for a name; what it refuses by itself, or passes over, is no
   * reason.
   */
  Optional<String> danger(String name) {
    for (Path file : candidates(name)) {
      Finding finding = LibraryFile.look(file, environment);
      if (finding.verdict() == Verdict.DANGEROUS) {
        return Optional.of(finding.text());
      } else if (finding.fits()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The folder of what the loader will take for a name; empty if it is not known. */
  Optional<Path> folder(String name) {
    return candidates(name).stream()
        .filter(file -> LibraryFile.look(file, environment).fits())
        .findFirst()
        .map(Path::getParent);
  }

  /** What the loader may try for a name, in its order. */
  Set<Path> candidates(String name) {
    Set<Path> all = new LinkedHashSet<>();
    for (Path folder : environment.list(environment.variable("LD_LIBRARY_PATH"))) {
      addIfThere(all, folder.resolve(name));
    }
    all.addAll(cached(name));
    FOLDERS.forEach(folder -> addIfThere(all, environment.at(folder).resolve(name)));
    return all;
  }

  private static void addIfThere(Collection<Path> all, Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      all.add(file);
    }
  }

  /** What the cache has under a name; see dl-cache.h of the GNU C library. */
  private List<Path> cached(String name) {
    Path file = environment.at(CACHE);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_CACHE) {
        return List.of();
      }
      byte[] bytes = Files.readAllBytes(file);
      // Older ones have another list before.
      int start = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(MARK);
      return start < 0 ? List.of() : entries(bytes, start, name);
    } catch (IOException e) {
      // What may not be read here the loader cannot read either.
      return List.of();
    }
  }

  private List<Path> entries(byte[] bytes, int start, String name) {
    ByteBuffer cache =
        ByteBuffer.wrap(bytes, start, bytes.length - start).slice().order(ByteOrder.nativeOrder());
    List<Path> found = new ArrayList<>();
    ByteBuffer wanted = ByteBuffer.wrap((name + "\0").getBytes(StandardCharsets.UTF_8));
    long count = cache.capacity() < HEADER ? 0 : Integer.toUnsignedLong(cache.getInt(20));
    for (long i = 0; i < count && HEADER + (i + 1) * ENTRY <= cache.capacity(); i++) {
      int at = (int) (HEADER + i * ENTRY);
      if (holds(cache, cache.getInt(at + NAME_AT), wanted)) {
        text(cache, cache.getInt(at + FILE_AT))
            .filter(path -> path.startsWith("/"))
            .ifPresent(path -> addIfThere(found, environment.at(path)));
      }
    }
    return found;
  }

  private static boolean holds(ByteBuffer cache, int at, ByteBuffer wanted) {
    return at >= 0
        && at <= cache.capacity() - wanted.capacity()
        && cache.slice(at, wanted.capacity()).equals(wanted);
  }

  /** A text that ends in a zero; empty if the cache is damaged there. */
  private static Optional<String> text(ByteBuffer cache, int at) {
    for (int end = at; at >= 0 && end < cache.capacity(); end++) {
      if (cache.get(end) == 0) {
        byte[] text = new byte[end - at];
        cache.get(at, text);
        return Optional.of(new String(text, StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }
}
