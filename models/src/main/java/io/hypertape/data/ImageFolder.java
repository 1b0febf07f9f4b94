package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * PNG and JPEG files, a folder a class, in which there may be sub-folders. Either the classes'
 * folders stand in {@code train} and {@code test}, or a fifth of every class, chosen at random, is
 * the test set. Classes are numbered in the order of their names. If all images are grey, they have
 * one channel, else three. Pixels are the stored ones: profiles of colours, notes on how a camera
 * was held, and transparency are not applied, as PyTorch's loader of folders does not either.
 *
 * <p>A damaged file is refused. PNG tells all damage by its checksums. JPEG has none: a file that
 * is cut off, or whose codes do not make exactly its picture, is refused; where damage changes but
 * the values of a few codes, it cannot be told from a picture.
 */
public final class ImageFolder {

  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final int PARTS = 5;
  private static final Set<String> NAMES_OF_PARTS =
      Set.of("train", "training", "test", "testing", "val", "valid", "validation", "dev");

  /** Rows and columns to which images can be brought: one of three channels fits in an array. */
  public static final int MAX_SIZE = 26_754;

  private static final long SPLIT_STREAM = 0x73706c6974L;

  private ImageFolder() {}

  /**
   * Reads a folder of images that have one size.
   *
   * @param folder the folder
   * @param seed of the split, if it is to be made
   * @return the training and the test set
   * @throws InvalidDataException if there are no classes, images differ in size, or one is damaged
   * @throws IOException if something cannot be read
   * @throws UnsupportedOperationException if this runtime lacks the module java.desktop
   */
  public static DataSplit load(Path folder, long seed) throws IOException {
    Nulls.check(folder, "image folder: folder");
    return load(folder, seed, 0);
  }

  /**
   * Reads a folder of images and brings them to one size: the square in the middle of each, scaled.
   *
   * @param folder the folder
   * @param seed of the split, if it is to be made
   * @param size rows and columns that they shall have, at most {@link #MAX_SIZE}; 0 to leave them
   *     as they are
   * @return the training and the test set
   * @throws IllegalArgumentException if there is no such size
   * @throws InvalidDataException if there are no classes, images differ in size, or one is damaged
   * @throws IOException if something cannot be read
   * @throws UnsupportedOperationException if this runtime lacks the module java.desktop
   */
  public static DataSplit load(Path folder, long seed, int size) throws IOException {
    Nulls.check(folder, "image folder: folder");
    checkSize(size);
    if (!Files.isDirectory(folder)) {
      throw new InvalidDataException(
          folder
              + ": there is no such folder; one with a sub-folder of images a class is expected");
    }
    boolean split = Files.isDirectory(folder.resolve(TRAIN));
    Path classFolder = split ? folder.resolve(TRAIN) : folder;
    List<String> classes = classes(classFolder);
    if (split) {
      checkSame(classes, folder);
    }
    List<List<Path>> train = new ArrayList<>();
    List<List<Path>> test = new ArrayList<>();
    for (String name : classes) {
      List<Path> images = ImageFiles.of(classFolder.resolve(name));
      if (split) {
        train.add(images);
        test.add(ImageFiles.of(folder.resolve(TEST).resolve(name)));
      } else {
        List<Path> mixed = shuffled(images, seed, train.size());
        // At least one of two: a class that is never tested would hide.
        int tests = images.size() < 2 ? 0 : Math.max(1, images.size() / PARTS);
        test.add(mixed.subList(0, tests));
        train.add(mixed.subList(tests, images.size()));
      }
    }
    if (test.stream().allMatch(List::isEmpty)) {
      throw new InvalidDataException(
          folder + ": no class has two images, one to learn from and one to judge by");
    }
    return read(folder, classes, train, test, size);
  }

  private static void checkSize(int size) {
    if (size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "image size is " + size + "; 1 to " + MAX_SIZE + " fit, or 0 for images as they are");
    }
  }

  private static DataSplit read(
      Path folder, List<String> classes, List<List<Path>> train, List<List<Path>> test, int size)
      throws IOException {
    ImageCollector.Form form = new ImageCollector.Form(size);
    ImageCollector toLearn = new ImageCollector(form, count(train));
    ImageCollector toJudge = new ImageCollector(form, count(test));
    for (int label = 0; label < classes.size(); label++) {
      toLearn.add(train.get(label), label);
      toJudge.add(test.get(label), label);
    }
    Path last = folder.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "images" : last.toString();
    return new DataSplit(
        name, toLearn.build(name + " train", classes), toJudge.build(name + " test", classes));
  }

  private static int count(List<List<Path>> files) {
    return files.stream().mapToInt(List::size).sum();
  }

  private static List<String> classes(Path folder) throws IOException {
    List<String> names;
    try (Stream<Path> children = Files.list(folder)) {
      names =
          children
              .filter(Files::isDirectory)
              .map(child -> child.getFileName().toString())
              .filter(name -> !name.startsWith("."))
              .sorted()
              .toList();
    }
    if (names.size() < 2 || names.size() > LabeledImages.MAX_CLASSES) {
      throw new InvalidDataException(
          folder
              + ": "
              + names.size()
              + (names.size() == 1 ? " sub-folder" : " sub-folders")
              + "; one a class is expected, 2 to "
              + LabeledImages.MAX_CLASSES);
    }
    if (names.stream().allMatch(name -> NAMES_OF_PARTS.contains(name.toLowerCase(Locale.ROOT)))) {
      throw new InvalidDataException(
          folder
              + ": the classes would be "
              + names
              + ", which look like parts; those that are read are called 'train' and 'test'");
    }
    return names;
  }

  private static void checkSame(List<String> classes, Path folder) throws IOException {
    if (!Files.isDirectory(folder.resolve(TEST))) {
      throw new InvalidDataException(
          folder + ": there is a folder 'train', but no folder 'test' beside it");
    }
    List<String> tested = classes(folder.resolve(TEST));
    if (!tested.equals(classes)) {
      throw new InvalidDataException(
          folder + ": classes in 'train' are " + classes + ", in 'test' " + tested);
    }
  }

  private static List<Path> shuffled(List<Path> images, long seed, int label) {
    List<Path> mixed = new ArrayList<>(images);
    Generator random = new Generator(seed, SPLIT_STREAM, label);
    for (int i = mixed.size() - 1; i > 0; i--) {
      Collections.swap(mixed, i, random.below(i + 1));
    }
    return mixed;
  }
}
