package io.hypertape.kernels.convolution;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Makes plans of convolutions: where images lie, and which taps there are. */
final class ConvolutionPlans {

  private ConvolutionPlans() {}

  /** Images to interleave so that rows of sums fill vectors. */
  static int images(int lanes, int columns, int batch) {
    int images = 1;
    while (2 * images * columns <= lanes && images < batch) {
      images *= 2;
    }
    return images;
  }

  /** Bands of a single image's rows to interleave instead. */
  static int bands(int lanes, ConvolutionShape s) {
    int bands = 1;
    while (s.batch() == 1
        && 2 * bands * s.outWidth() <= lanes
        && s.outHeight() % (2 * bands) == 0) {
      bands *= 2;
    }
    return bands;
  }

  /** Elements of a row of sums, filled up to whole vectors. */
  static int run(int lanes, int columns, int images) {
    return Math.multiplyExact((columns * images + lanes - 1) / lanes, lanes);
  }

  /** Images of 1×1 windows are one long row each. */
  static ConvolutionShape flattened(ConvolutionShape s) {
    boolean pointwise =
        s.filterPlane() == 1
            && s.strideHeight() == 1
            && s.strideWidth() == 1
            && s.padHeight() == 0
            && s.padWidth() == 0;
    return !pointwise
        ? s
        : new ConvolutionShape(
            s.batch(), s.channels(), 1, s.plane(), s.filters(), 1, 1, 1, 1, 0, 0, 1, 1, s.groups());
  }

  /** How x lies for sums over windows, copied by vectors of so many lanes. */
  static ImageLayout windows(int lanes, ConvolutionShape s, int images, int run) {
    return windows(lanes, s, images, new Rows(0, s.outHeight(), 1), run);
  }

  /**
   * Rows of outputs.
   *
   * @param from the first
   * @param count how many; of a band, if there are several
   * @param bands of a single image, instead of images
   */
  private record Rows(int from, int count, int bands) {}

  /** The same for some rows of images, or else for bands of one. */
  private static ImageLayout windows(
      int lanes, ConvolutionShape s, int images, Rows rows, int run) {
    int stride = s.strideWidth();
    int reach = (s.filterWidth() - 1) * s.dilationWidth();
    int[] remainders = remainders(s);
    int[] firstColumn = Arrays.stream(remainders).map(r -> r - s.padWidth()).toArray();
    return new ImageLayout(
        lanes,
        s.images(),
        images,
        rows.bands > 1 ? rows.count * s.strideHeight() : 0,
        rows.from * s.strideHeight() - s.padHeight(),
        (rows.count - 1) * s.strideHeight() + (s.filterHeight() - 1) * s.dilationHeight() + 1,
        stride,
        firstColumn,
        Math.addExact(Math.multiplyExact(reach / stride, images), run));
  }

  /** Of a filter's columns modulo the stride: which there are. */
  private static int[] remainders(ConvolutionShape s) {
    return IntStream.range(0, s.filterWidth())
        .map(t -> t * s.dilationWidth() % s.strideWidth())
        .distinct()
        .toArray();
  }

  /** Offsets of a filter's taps in {@link #windows}, for some channels. */
  static int[] taps(ConvolutionShape s, ImageLayout in, int channels) {
    int[] remainders = remainders(s);
    int[] taps = new int[channels * s.filterPlane()];
    int j = 0;
    for (int c = 0; c < channels; c++) {
      for (int r = 0; r < s.filterHeight(); r++) {
        for (int t = 0; t < s.filterWidth(); t++) {
          int column = t * s.dilationWidth();
          int slot = 0;
          while (remainders[slot] != column % s.strideWidth()) {
            slot++;
          }
          int row = in.firstRow() + r * s.dilationHeight();
          taps[j++] = c * in.plane() + in.at(row, slot, column / s.strideWidth());
        }
      }
    }
    return taps;
  }

  static ConvolutionPlan forward(int lanes, ConvolutionShape shape) {
    ConvolutionShape s = flattened(shape);
    int bands = bands(lanes, s);
    return forward(lanes, s, new Rows(0, s.outHeight() / bands, bands));
  }

  private static ConvolutionPlan forward(int lanes, ConvolutionShape s, Rows rows) {
    int images = rows.bands * images(lanes, s.outWidth(), s.batch());
    int run = run(lanes, s.outWidth(), images);
    ImageLayout in = windows(lanes, s, images, rows, run);
    int[] taps = taps(s, in, s.groupChannels());
    int[] weights = new int[taps.length];
    Arrays.setAll(weights, j -> j);
    ConvolutionPlan.Phase[] phase = {
      new ConvolutionPlan.Phase(rows.from, rows.count, taps, weights)
    };
    int batch = s.batch() * rows.bands;
    return new ConvolutionPlan(
        lanes, batch, in, s.outputs(), s.strideHeight(), 1, 1, taps.length, run, phase);
  }

  /**
   * The forward product of a few images in as many parts, each of which has rows of all planes: a
   * thread then reads little of what another has written, before and after.
   *
   * @return the parts; none where images are as many, or narrow, or have few rows
   */
  static ConvolutionPlan[] rows(int lanes, ConvolutionShape shape, int parts) {
    ConvolutionShape s = flattened(shape);
    boolean fits =
        (long) s.batch() * s.groups() < parts
            && s.outHeight() >= 4 * parts
            && bands(lanes, s) * images(lanes, s.outWidth(), s.batch()) == 1;
    ConvolutionPlan[] all = new ConvolutionPlan[fits ? parts : 0];
    for (int i = 0; i < all.length; i++) {
      int from = s.outHeight() * i / parts;
      int to = s.outHeight() * (i + 1) / parts;
      all[i] = forward(lanes, s, new Rows(from, to - from, 1));
    }
    return all;
  }

  static ConvolutionPlan data(int lanes, ConvolutionShape shape) {
    ConvolutionShape s = flattened(shape);
    int columns = (s.width() + s.strideWidth() - 1) / s.strideWidth();
    int rows = (s.height() + s.strideHeight() - 1) / s.strideHeight();
    int images = images(lanes, columns, s.batch());
    int run = run(lanes, columns, images);
    // The window that begins last for the first element, and first for the last one.
    int firstRow = lowest(s.padHeight(), s.filterHeight(), s.strideHeight(), s.dilationHeight());
    int firstColumn = lowest(s.padWidth(), s.filterWidth(), s.strideWidth(), s.dilationWidth());
    int lastRow = rows - 1 + (s.strideHeight() - 1 + s.padHeight()) / s.strideHeight();
    int lastShift = (s.strideWidth() - 1 + s.padWidth()) / s.strideWidth();
    ImageLayout in =
        new ImageLayout(
            lanes,
            s.outputs(),
            images,
            0,
            firstRow,
            lastRow - firstRow + 1,
            1,
            new int[] {firstColumn},
            Math.addExact(Math.multiplyExact(lastShift - firstColumn, images), run));
    int phaseRows = Math.min(s.strideHeight(), s.height());
    int phaseColumns = Math.min(s.strideWidth(), s.width());
    ConvolutionPlan.Phase[] phases = new ConvolutionPlan.Phase[phaseRows * phaseColumns];
    for (int i = 0; i < phaseRows; i++) {
      for (int j = 0; j < phaseColumns; j++) {
        phases[i * phaseColumns + j] = phase(s, in, firstColumn, i, j);
      }
    }
    return new ConvolutionPlan(
        lanes,
        s.batch(),
        in,
        s.images(),
        1,
        s.strideHeight(),
        s.strideWidth(),
        s.filterPlane(),
        run,
        phases);
  }

  /** The first window that reaches an element with the least remainder. */
  private static int lowest(int pad, int filter, int stride, int dilation) {
    return Math.floorDiv(pad - (filter - 1) * dilation, stride);
  }

  private static ConvolutionPlan.Phase phase(
      ConvolutionShape s, ImageLayout in, int firstColumn, int i, int j) {
    int most = s.groupFilters() * s.filterPlane();
    int[] taps = new int[most];
    int[] weights = new int[most];
    int n = 0;
    for (int k = 0; k < s.groupFilters(); k++) {
      for (int r = 0; r < s.filterHeight(); r++) {
        int row = i + s.padHeight() - r * s.dilationHeight();
        for (int t = 0; t < s.filterWidth(); t++) {
          int column = j + s.padWidth() - t * s.dilationWidth();
          if (row % s.strideHeight() == 0 && column % s.strideWidth() == 0) {
            int from = column / s.strideWidth() - firstColumn;
            taps[n] = k * in.plane() + in.at(row / s.strideHeight(), 0, from);
            weights[n++] = (k * s.groupChannels() * s.filterHeight() + r) * s.filterWidth() + t;
          }
        }
      }
    }
    int rows = (s.height() - i + s.strideHeight() - 1) / s.strideHeight();
    return new ConvolutionPlan.Phase(i, rows, Arrays.copyOf(taps, n), Arrays.copyOf(weights, n));
  }
}
