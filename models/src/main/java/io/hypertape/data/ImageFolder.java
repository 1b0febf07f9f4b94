package io.hypertape.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * PNG and JPEG files, a folder a class. Either the classes' folders stand in {@code train} and
 * {@code test}, or a fifth of every class, chosen at random, is the test set. Classes are numbered
 * in the order of their names. If all images are grey, they have one channel, else three.
 */
public final class ImageFolder {

  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final int PARTS = 5;
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
   */
  public static DataSplit load(Path folder, long seed) throws IOException {
    return load(folder, seed, 0);
  }

  /**
   * Reads a folder of images and brings them to one size: the square in the middle of each, scaled.
   *
   * @param folder the folder
   * @param seed of the split, if it is to be made
   * @param size rows and columns that they shall have; 0 to leave them as they are
   * @return the training and the test set
   * @throws InvalidDataException if there are no classes, images differ in size, or one is damaged
   * @throws IOException if something cannot be read
   */
  public static DataSplit load(Path folder, long seed, int size) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new InvalidDataException(
          folder
              + ": there is no such folder; one with a sub-folder of images a class is expected");
    }
    boolean split = Files.isDirectory(folder.resolve(TRAIN));
    Path classFolder = split ? folder.resolve(TRAIN) : folder;
    List<String> classes = classes(classFolder);
    ImageCollector.First first = new ImageCollector.First();
    ImageCollector train = new ImageCollector(size, first);
    ImageCollector test = new ImageCollector(size, first);
    if (split) {
      checkSame(classes, folder);
      for (int label = 0; label < classes.size(); label++) {
        train.add(images(classFolder.resolve(classes.get(label))), label);
        test.add(images(folder.resolve(TEST).resolve(classes.get(label))), label);
      }
    } else {
      for (int label = 0; label < classes.size(); label++) {
        List<Path> images = shuffled(images(folder.resolve(classes.get(label))), seed, label);
        // At least one of two: a class that is never tested would hide.
        int tests = images.size() < 2 ? 0 : Math.max(1, images.size() / PARTS);
        test.add(images.subList(0, tests), label);
        train.add(images.subList(tests, images.size()), label);
      }
    }
    if (test.isEmpty()) {
      throw new InvalidDataException(
          folder + ": no class has two images, one to learn from and one to judge by");
    }
    Path last = folder.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "images" : last.toString();
    boolean grey = train.isGrey() && test.isGrey();
    return new DataSplit(
        name,
        train.build(name + " train", classes.size(), grey),
        test.build(name + " test", classes.size(), grey));
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

  private static List<Path> images(Path folder) throws IOException {
    List<Path> images;
    try (Stream<Path> children = Files.list(folder)) {
      images =
          children.filter(f -> ImageFile.isImage(f) && Files.isRegularFile(f)).sorted().toList();
    }
    if (images.isEmpty()) {
      throw new InvalidDataException(folder + ": no image (*.png, *.jpg, *.jpeg) in this folder");
    }
    return images;
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
