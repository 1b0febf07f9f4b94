package io.hypertape.bindings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a search depends on, so that tests can bring their own.
 *
 * @param properties Java's properties
 * @param variables the process's variables
 * @param root where the file system's absolute paths start
 */
record SearchEnvironment(Map<String, String> properties, Map<String, String> variables, Path root) {

  static SearchEnvironment ofProcess() {
    Properties all = System.getProperties();
    Map<String, String> properties =
        all.stringPropertyNames().stream()
            .collect(Collectors.toMap(name -> name, name -> all.getProperty(name, "")));
    return new SearchEnvironment(properties, System.getenv(), Path.of("/"));
  }

  String property(String name) {
    return properties.getOrDefault(name, "").strip();
  }

  String variable(String name) {
    return variables.getOrDefault(name, "").strip();
  }

  boolean isWindows() {
    return property("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  boolean isLinux() {
    return property("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
  }

  boolean isMac() {
    return property("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
  }

  boolean isArm() {
    return property("os.arch").equals("aarch64");
  }

  /** A place of the system, such as {@code /usr/local}. */
  Path at(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  String pathSeparator() {
    String separator = property("path.separator");
    return separator.isEmpty() ? ":" : separator;
  }

  /** The entries of a list of folders such as PATH. */
  List<Path> list(String text) {
    List<Path> folders = new ArrayList<>();
    for (String entry : text.split(Pattern.quote(pathSeparator()))) {
      try {
        if (!entry.isBlank()) {
          folders.add(Path.of(entry.strip()));
        }
      } catch (InvalidPathException e) {
        // Such as a quoted folder on Windows' PATH: whatever it is, it is no place to look into.
        continue;
      }
    }
    return folders;
  }

  /** What matches a pattern in a folder, newest version first; nothing if there is no folder. */
  static List<Path> matching(Path folder, String pattern) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
        entries.forEach(found::add);
      } catch (IOException e) {
        // A folder that may not be read has nothing for us.
        return List.of();
      }
    }
    found.sort((a, b) -> compareVersions(b.getFileName().toString(), a.getFileName().toString()));
    return found;
  }

  /** Compares names by the numbers in them: cuda-9.2 is before cuda-13.0, cuda before both. */
  static int compareVersions(String a, String b) {
    String[] left = a.split("\\D+");
    String[] right = b.split("\\D+");
    for (int i = 0; i < Math.max(left.length, right.length); i++) {
      int order = Long.compare(number(left, i), number(right, i));
      if (order != 0) {
        return order;
      }
    }
    return a.compareTo(b);
  }

  private static long number(String[] parts, int i) {
    if (i >= parts.length || parts[i].isEmpty() || parts[i].length() > 18) {
      return -1;
    }
    return Long.parseLong(parts[i]);
  }
}
