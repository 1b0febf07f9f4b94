package io.hypertape.data;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The images of a class: those of its folder and of all sub-folders, in the order in which
 * torchvision's ImageFolder has them, by folder and name. Links are followed; one that leads back
 * to a folder around it adds nothing, as that folder's images are there already. What is hidden is
 * left out.
 */
final class ImageFiles {

  private static final Logger LOG = System.getLogger(ImageFiles.class.getName());
  private static final Set<String> NOT_READ =
      Set.of(
          "gif", "bmp", "webp", "tif", "tiff", "ppm", "pgm", "jfif", "jp2", "heic", "heif", "avif");

  private final List<Path> images = new ArrayList<>();
  private final List<Path> others = new ArrayList<>();
  private final Set<Path> around = new HashSet<>();

  private ImageFiles() {}

  /**
   * Finds a class's images.
   *
   * @throws InvalidDataException if there is none, or a link leads nowhere
   */
  static List<Path> of(Path folder) throws IOException {
    ImageFiles found = new ImageFiles();
    found.walk(folder);
    if (!found.others.isEmpty()) {
      LOG.log(
          Logger.Level.WARNING,
          folder
              + ": PNG and JPEG are read; left out: "
              + found.others.size()
              + (found.others.size() == 1 ? " file, " : " files, such as ")
              + found.others.getFirst());
    }
    if (found.images.isEmpty()) {
      throw new InvalidDataException(
          folder + ": no image (*.png, *.jpg, *.jpeg) in this folder or one within it");
    }
    found.images.sort(Comparator.comparing(Path::getParent).thenComparing(file -> file));
    return found.images;
  }

  private void walk(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!around.add(real)) {
      return;
    }
    List<Path> children;
    try (Stream<Path> listed = Files.list(folder)) {
      children = listed.filter(child -> !name(child).startsWith(".")).sorted().toList();
    }
    for (Path child : children) {
      if (Files.isDirectory(child)) {
        walk(child);
      } else if (ImageFile.isImage(child)) {
        if (Files.isSymbolicLink(child) && !Files.exists(child)) {
          throw new InvalidDataException(child + ": a link to a file that is not there");
        }
        images.add(child);
      } else if (NOT_READ.contains(ending(child))) {
        others.add(child);
      }
    }
    around.remove(real);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static String ending(Path file) {
    String name = name(file);
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
