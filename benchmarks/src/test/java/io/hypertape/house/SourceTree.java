package io.hypertape.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of the source tree, and what can be said of them without compiling. Files are named by
 * their path from its root, with slashes, and come in the order of their names.
 *
 * @param root the folder of all modules
 */
record SourceTree(Path root) {

  /** A file that speaks of another, which may be missing. */
  record Reference(String from, String to, Path target) {}

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
  private static final Pattern DOCUMENT =
      Pattern.compile("(?<![\\w/.-])docs/[\\w./-]*\\w\\.(?:md|png|svg)\\b");
  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");

  /** The tree that this test runs in. */
  static SourceTree find() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("docs/architecture.md"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no source tree above " + Path.of("").toAbsolutePath());
    }
    return new SourceTree(folder);
  }

  /** Java files of modules. */
  List<String> javaFiles(List<String> modules) throws IOException {
    return files(".java").stream()
        .filter(file -> modules.contains(file.substring(0, file.indexOf('/'))))
        .toList();
  }

  /** Files of modules that are written by hand and have more lines. */
  List<String> longerThan(int lines, List<String> modules) throws IOException {
    List<String> found = new ArrayList<>();
    for (String file : javaFiles(modules)) {
      if (!file.contains("/src/generated/") && text(file).lines().count() > lines) {
        found.add(file);
      }
    }
    return found;
  }

  /** How many files define a class of each name. */
  Map<String, Integer> classNames() throws IOException {
    Map<String, Integer> names = new TreeMap<>();
    for (String file : files(".java")) {
      String name = file.substring(file.lastIndexOf('/') + 1, file.length() - ".java".length());
      if (!name.endsWith("-info")) {
        names.merge(name, 1, Integer::sum);
      }
    }
    return names;
  }

  List<String> namesInUseTwice() throws IOException {
    return classNames().entrySet().stream()
        .filter(e -> e.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Links of documents to files, and documents that code names. */
  List<Reference> references() throws IOException {
    List<Reference> all = new ArrayList<>();
    for (String file : files(".md")) {
      Path folder = root.resolve(file).getParent();
      Matcher link = LINK.matcher(FENCED.matcher(text(file)).replaceAll(""));
      while (link.find()) {
        String to = link.group(1);
        if (!to.contains(":")) {
          all.add(new Reference(file, to, folder.resolve(to)));
        }
      }
    }
    for (String file : files(".java", ".sh", ".xml", ".cu")) {
      Matcher document = DOCUMENT.matcher(text(file));
      while (document.find()) {
        all.add(new Reference(file, document.group(), root.resolve(document.group())));
      }
    }
    return all;
  }

  List<String> brokenReferences() throws IOException {
    return references().stream()
        .filter(reference -> !Files.exists(reference.target()))
        .map(reference -> reference.from() + ": " + reference.to())
        .distinct()
        .toList();
  }

  private List<String> files(String... endings) throws IOException {
    List<String> found = new ArrayList<>();
    collect(root, endings, found);
    return found;
  }

  private void collect(Path folder, String[] endings, List<String> found) throws IOException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.sorted().toList();
    }
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (Files.isDirectory(entry)) {
        // Hidden folders are tools', target is what was built.
        if (!name.startsWith(".") && !name.equals("target")) {
          collect(entry, endings, found);
        }
      } else if (Stream.of(endings).anyMatch(name::endsWith)) {
        found.add(root.relativize(entry).toString().replace('\\', '/'));
      }
    }
  }

  private String text(String file) throws IOException {
    return Files.readString(root.resolve(file));
  }
}
