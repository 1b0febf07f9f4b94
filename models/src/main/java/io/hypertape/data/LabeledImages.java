package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Images of one size with their classes, a byte a value. Immutable. */
public final class LabeledImages implements Dataset {

  /** Classes that fit into a label. */
  public static final int MAX_CLASSES = 256;

  private final String name;
  private final int channels;
  private final int height;
  private final int width;
  private final int classes;
  private final byte[] pixels;
  private final byte[] labels;
  private final List<String> classNames;
  private final List<Integer> shape;
  private final Targets.Classes targets;

  /**
   * A set of images of classes that have no names.
   *
   * @param name of the data set and its part, such as {@code mnist train}
   * @param channels values of a pixel: 1 for grey, 3 for red, green and blue
   * @param height of an image, in pixels
   * @param width of an image, in pixels
   * @param classes number of classes, at most 256
   * @param pixels [images, channels, height, width], 0 to 255; copied
   * @param labels [images], 0 to classes − 1, without a sign; copied
   * @throws IllegalArgumentException if the parts do not fit together
   */
  public LabeledImages(
      String name, int channels, int height, int width, int classes, byte[] pixels, byte[] labels) {
    this(name, channels, height, width, classes, pixels, labels, List.of());
  }

  /**
   * A set of images.
   *
   * @param name of the data set and its part, such as {@code mnist train}
   * @param channels values of a pixel: 1 for grey, 3 for red, green and blue
   * @param height of an image, in pixels
   * @param width of an image, in pixels
   * @param classes number of classes, at most 256
   * @param pixels [images, channels, height, width], 0 to 255; copied
   * @param labels [images], 0 to classes − 1, without a sign; copied
   * @param classNames what the classes are called, in the order of their numbers; empty if that is
   *     not known
   * @throws IllegalArgumentException if the parts do not fit together
   */
  public LabeledImages(
      String name,
      int channels,
      int height,
      int width,
      int classes,
      byte[] pixels,
      byte[] labels,
      List<String> classNames) {
    this(
        Nulls.check(pixels, "labeled images: pixels").clone(),
        Nulls.check(labels, "labeled images: labels").clone(),
        name,
        channels,
        height,
        width,
        classes,
        Nulls.copy(classNames, "labeled images: classNames"));
  }

  private LabeledImages(
      byte[] pixels,
      byte[] labels,
      String name,
      int channels,
      int height,
      int width,
      int classes,
      List<String> classNames) {
    this.name = Nulls.check(name, "labeled images: name");
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.classes = classes;
    this.pixels = pixels;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
    if (channels < 1
        || height < 1
        || width < 1
        || (long) channels * height > Integer.MAX_VALUE / width
        || (long) labels.length * channels * height * width != pixels.length) {
      throw new IllegalArgumentException(
          name
              + ": "
              + pixels.length
              + " pixels are not "
              + labels.length
              + " images of "
              + size(channels, height, width));
    }
    if (classes < 1 || classes > MAX_CLASSES) {
      throw new IllegalArgumentException(
          name + ": " + classes + " classes; 1 to " + MAX_CLASSES + " fit");
    }
    for (int i = 0; i < labels.length; i++) {
      if ((labels[i] & 0xFF) >= classes) {
        throw new IllegalArgumentException(
            name + ": label " + i + " is " + (labels[i] & 0xFF) + ", outside 0.." + (classes - 1));
      }
    }
    checkNames(name, classes, classNames);
    this.shape = List.of(channels, height, width);
    this.targets = new Targets.Classes(classes, classNames);
  }

  /** A set of arrays that nobody else has: large ones need not be there twice. */
  static LabeledImages adopt(
      String name,
      int channels,
      int height,
      int width,
      int classes,
      byte[] pixels,
      byte[] labels,
      List<String> classNames) {
    return new LabeledImages(pixels, labels, name, channels, height, width, classes, classNames);
  }

  private static void checkNames(String name, int classes, List<String> classNames) {
    if (!classNames.isEmpty() && classNames.size() != classes) {
      throw new IllegalArgumentException(
          name
              + ": "
              + classNames.size()
              + " of "
              + classes
              + " classes have names; all or none are needed");
    }
    Set<String> different = new HashSet<>();
    for (String className : classNames) {
      if (!different.add(className)) {
        throw new IllegalArgumentException(
            name + ": two classes are called '" + className + "'; different names are needed");
      }
    }
  }

  private static String size(int channels, int height, int width) {
    return (channels == 1 ? "" : channels + "×") + height + "×" + width;
  }

  /**
   * Form of an image, for people.
   *
   * @return such as {@code 28×28} or, with channels, {@code 3×32×32}
   */
  public String form() {
    return size(channels, height, width);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Values of a pixel.
   *
   * @return 1 for grey, 3 for red, green and blue
   */
  public int channels() {
    return channels;
  }

  /**
   * Rows of an image.
   *
   * @return its height, in pixels
   */
  public int height() {
    return height;
  }

  /**
   * Columns of an image.
   *
   * @return its width, in pixels
   */
  public int width() {
    return width;
  }

  /**
   * Number of classes.
   *
   * @return at most {@link #MAX_CLASSES}
   */
  public int classes() {
    return classes;
  }

  /**
   * What the classes are called.
   *
   * @return names in the order of their numbers; empty if that is not known
   */
  public List<String> classNames() {
    return classNames;
  }

  /**
   * All pixels.
   *
   * @return a copy [images, channels, height, width], 0 to 255
   */
  public byte[] pixels() {
    return pixels.clone();
  }

  /**
   * All classes.
   *
   * @return a copy [images], 0 to classes − 1, without a sign
   */
  public byte[] labels() {
    return labels.clone();
  }

  /** A value of a pixel, at its place in {@link #pixels}. */
  int pixel(int place) {
    return pixels[place] & 0xFF;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int features() {
    return channels * height * width;
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public Targets.Classes targets() {
    return targets;
  }

  /**
   * Copies an image's pixels, scaled to [0, 1].
   *
   * @param example its number, from 0
   * @param into receives them, [channels, height, width]
   * @param at the place of the first
   */
  @Override
  public void copyInput(int example, float[] into, int at) {
    Nulls.check(into, "copyInput: into");
    check(example);
    Places.room(name + ": image", into.length, at, features());
    new PreparedImages(this, Preparation.none(channels)).copy(example, into, at);
  }

  @Override
  public int label(int example) {
    return labels[check(example)] & 0xFF;
  }

  /**
   * Copies chosen images, pixels scaled to [0, 1].
   *
   * @param order indices of images
   * @param from first place in order
   * @param to place after the last
   * @param x receives [to − from, features]
   * @param y receives [to − from] classes
   * @throws IndexOutOfBoundsException if order names an image that is not there
   */
  public void gather(int[] order, int from, int to, float[] x, int[] y) {
    Nulls.check(order, "gather: order");
    Nulls.check(x, "gather: x");
    Nulls.check(y, "gather: y");
    if (from < 0 || to < from || to > order.length) {
      throw new IllegalArgumentException(
          name
              + ": places "
              + from
              + " to "
              + to
              + " of an order of "
              + order.length
              + " images; 0 <= from <= to <= "
              + order.length
              + " is needed");
    }
    int features = features();
    if (x.length < (long) (to - from) * features || y.length < to - from) {
      throw new IllegalArgumentException(
          name
              + ": room for "
              + x.length
              + " pixels and "
              + y.length
              + " labels; "
              + (long) (to - from) * features
              + " and "
              + (to - from)
              + " are needed");
    }
    PreparedImages plain = new PreparedImages(this, Preparation.none(channels));
    for (int row = 0; row < to - from; row++) {
      int image = order[from + row];
      check(image);
      y[row] = label(image);
      plain.copy(image, x, row * features);
    }
  }

  private int check(int image) {
    return Places.check(name + ": image", image, labels.length);
  }

  /** Copies a plane of pixels through a table of values, moved as {@link Augmentation} says. */
  void copyPlane(int move, int source, float[] table, float[] x, int target) {
    if (move != Augmentation.UNMOVED) {
      Augmentation.copy(move, pixels, source, height, width, table, x, target);
      return;
    }
    for (int k = 0; k < height * width; k++) {
      x[target + k] = table[pixels[source + k] & 0xFF];
    }
  }

  /**
   * The first images.
   *
   * @param count how many at the most, 0 or more
   * @return a smaller set
   */
  public LabeledImages first(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          name + ": first " + count + " images; 0 or more would fit");
    }
    int n = Math.min(count, size());
    return n == size()
        ? this
        : adopt(
            name,
            channels,
            height,
            width,
            classes,
            Arrays.copyOf(pixels, n * features()),
            Arrays.copyOf(labels, n),
            classNames);
  }

  /**
   * The same images, their classes numbered in another order.
   *
   * @param names all of {@link #classNames}, in the wanted order
   * @return the renumbered set; this one if the order is the same
   * @throws IllegalArgumentException if the names are others
   */
  public LabeledImages numberedAs(List<String> names) {
    Nulls.checkAll(names, "numberedAs: names");
    if (names.equals(classNames)) {
      return this;
    }
    if (names.size() != classNames.size() || !names.containsAll(classNames)) {
      throw new IllegalArgumentException(
          name + ": the classes are " + classNames + "; they cannot be numbered as " + names);
    }
    byte[] renumbered = new byte[labels.length];
    for (int i = 0; i < renumbered.length; i++) {
      renumbered[i] = (byte) names.indexOf(classNames.get(labels[i] & 0xFF));
    }
    return adopt(name, channels, height, width, classes, pixels, renumbered, names);
  }

  @Override
  public String toString() {
    return name + ": " + size() + " images of " + form() + ", " + classes + " classes";
  }
}
