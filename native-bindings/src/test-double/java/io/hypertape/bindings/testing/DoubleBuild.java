package io.hypertape.bindings.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compiles the double with the system's C compiler, once for each state of its sources, into a
 * folder of the module's {@code target}: who may write there may write the sources as well.
 */
final class DoubleBuild {

  private static final String SOURCES = "src/test-double/c";
  private static final String PREFIX = "cuda-double-";
  private static final String LIBRARY = "libhypertapedouble.so";
  private static final List<String> FLAGS =
      List.of("-std=gnu11", "-O3", "-Wall", "-Wextra", "-fPIC", "-fvisibility=hidden", "-shared");

  /** Under which names the double stands for NVIDIA's libraries. */
  private static final List<String> NAMES =
      List.of(
          "libcuda.so.1",
          "libcudart.so.13",
          "libcublas.so.13",
          "libcublasLt.so.13",
          "libcudnn.so.9",
          "libnvrtc.so.13");

  private DoubleBuild() {}

  /** A folder in which the loader finds the double by the names of NVIDIA's libraries. */
  static Path folder() {
    Path sources = sources();
    Path module = sources.getParent().getParent().getParent();
    return folder(sources, module.resolve("target"));
  }

  /** The same below a given folder. */
  static Path folder(Path sources, Path target) {
    try {
      List<Path> files;
      try (Stream<Path> all = Files.list(sources)) {
        files = all.filter(p -> p.toString().matches(".*\\.[ch]")).sorted().toList();
      }
      Path folder = target.resolve(PREFIX + System.getProperty("user.name") + "-" + hash(files));
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(target);
        build(files, folder);
      }
      UserPrincipal self = self(target);
      requireOwn(folder, self);
      requireOwn(folder.resolve(LIBRARY), self);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("the double of CUDA's libraries could not be built", e);
    }
  }

  /** Who this process is to the file system. */
  private static UserPrincipal self(Path folder) throws IOException {
    Path own = Files.createTempFile(folder, PREFIX, ".owner");
    try {
      return Files.getOwner(own);
    } finally {
      Files.delete(own);
    }
  }

  /** What is loaded must be what was built here: no link, and nobody else's to write. */
  private static void requireOwn(Path file, UserPrincipal self) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (found.isSymbolicLink()
        || !found.owner().equals(self)
        || found.permissions().contains(PosixFilePermission.OTHERS_WRITE)
        || found.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
      throw new IOException(
          file
              + " is not loaded: it is a link, or another user can write it or owns it ("
              + PosixFilePermissions.toString(found.permissions())
              + ", "
              + found.owner()
              + "); delete it, and it is built anew");
    }
  }

  /** Tests run in the folder of their module, or in that of the whole project. */
  private static Path sources() {
    for (String module : new String[] {"../native-bindings", "native-bindings", "."}) {
      Path place = Path.of(module, SOURCES);
      if (Files.isDirectory(place)) {
        return place.toAbsolutePath().normalize();
      }
    }
    throw new IllegalStateException(
        "the sources of the double, native-bindings/"
            + SOURCES
            + ", are not found from "
            + Path.of("").toAbsolutePath());
  }

  private static String hash(List<Path> files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(FLAGS.toString().getBytes(StandardCharsets.UTF_8));
      for (Path file : files) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void build(List<Path> files, Path folder) throws IOException {
    Path work = Files.createTempDirectory(folder.getParent(), PREFIX);
    compile(files, work.resolve(LIBRARY));
    Files.setPosixFilePermissions(
        work.resolve(LIBRARY), PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path file : files) {
      if (file.toString().endsWith(".h")) {
        // The header that kernels are compiled with is looked for beside the library.
        Files.copy(file, work.resolve(file.getFileName()));
      }
    }
    for (String name : NAMES) {
      Files.createSymbolicLink(work.resolve(name), Path.of(LIBRARY));
    }
    try {
      Files.move(work, folder);
    } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
      // Another process was faster; its double is the same.
      if (!Files.exists(folder.resolve(LIBRARY))) {
        throw e;
      }
    } catch (IOException e) {
      if (!Files.exists(folder.resolve(LIBRARY))) {
        throw e;
      }
    }
  }

  private static void compile(List<Path> files, Path library) throws IOException {
    String compiler = System.getenv().getOrDefault("CC", "cc");
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(FLAGS);
    command.addAll(List.of("-o", library.toString()));
    files.stream().map(Path::toString).filter(p -> p.endsWith(".c")).forEach(command::add);
    command.addAll(List.of("-ldl", "-lm", "-lpthread"));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          "these tests need a C compiler: '"
              + compiler
              + "' cannot be started (install gcc or clang, or name one in CC)",
          e);
    }
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed:\n" + words);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while compiling", e);
    }
  }
}
