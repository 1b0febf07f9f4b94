package io.hypertape.cli;

import io.hypertape.cli.spi.StandardOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the JVM makes of the system's texts. It decodes arguments, variables and names of files in
 * the encoding of the locale: where none is set, as in containers, that is ASCII, and each other
 * byte has become U+FFFD before a program sees it. The launcher sets a locale; whoever starts Java
 * directly is told.
 */
final class SystemText {

  private static final char LOST = '\uFFFD';

  private final UnaryOperator<String> properties;

  SystemText(UnaryOperator<String> properties) {
    this.properties = properties;
  }

  static SystemText ofProcess() {
    return new SystemText(name -> System.getProperty(name, ""));
  }

  /**
   * Lets the process speak one language, whatever its locale: numbers and keys as machines read
   * them, libraries included, and characters that are not ASCII as UTF-8 where the locale has no
   * encoding for them.
   */
  static void settle() {
    Locale.setDefault(Locale.ROOT);
    StandardOutput.install();
    Charset errors = StandardOutput.beyondAscii(System.err.charset());
    if (!errors.equals(System.err.charset())) {
      System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, errors));
    }
  }

  /** What was lost of the arguments, of our variables or of the current folder's name. */
  Optional<String> loss(List<String> arguments, Map<String, String> variables) {
    if (arguments.stream().anyMatch(List.of("-h", "--help", "-V", "--version")::contains)) {
      return Optional.empty();
    }
    if (!isUtf8()) {
      for (int i = 0; i < arguments.size(); i++) {
        if (arguments.get(i).indexOf(LOST) >= 0) {
          return Optional.of("argument " + (i + 1) + " has " + lacking());
        }
      }
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        String name = variable.getKey();
        boolean ours = name.startsWith("HYPERTAPE_") || name.equals("XDG_CACHE_HOME");
        if (ours && variable.getValue().indexOf(LOST) >= 0) {
          return Optional.of(name + " has " + lacking());
        }
      }
    }
    String folder = properties.apply("user.dir");
    if (folder.indexOf(LOST) >= 0 && !isFolder(folder)) {
      // Java resolves every relative name against this one.
      return Optional.of(
          "the name of the current folder has "
              + (isUtf8()
                  ? "bytes that are no UTF-8, the locale's encoding: rename it, or start in another"
                  : lacking()));
    }
    return Optional.empty();
  }

  /** Why a name cannot be one of a file. */
  String reason(InvalidPathException e) {
    return isUtf8() ? e.getMessage() : "a name of a file has " + lacking();
  }

  private String lacking() {
    return "characters that the encoding of the locale lacks, "
        + properties.apply("sun.jnu.encoding")
        + ": start it by the launcher, or with LC_ALL=C.UTF-8";
  }

  private boolean isUtf8() {
    String name = properties.apply("sun.jnu.encoding");
    return name.isEmpty() || Charset.forName(name).equals(StandardCharsets.UTF_8);
  }

  private static boolean isFolder(String name) {
    try {
      return Files.isDirectory(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
