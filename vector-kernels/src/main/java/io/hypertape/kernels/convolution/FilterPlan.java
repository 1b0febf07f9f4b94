package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VectorRows;
import java.util.Arrays;

/** How {@link FilterShare} goes through a shape. */
final class FilterPlan {

  /** Most taps of a block. */
  static final int MOST_TAPS = 6;

  private static final int L = VectorRows.S.length();

  /** Vectors of a plane of dy, of all images of a chunk, beyond which a chunk has one image. */
  private static final int VECTORS = 512;

  /** Most vectors that are summed in single precision. */
  static final int PIECE = VECTORS;

  final int batch;
  final int groups;

  /** Filters and channels of a group. */
  final int filters;

  private final int channels;

  /** Taps of a block. */
  final int width;

  /** Channels whose taps are computed together, and how many such slices a group has. */
  private final int sliceChannels;

  final int slices;
  private final int filterPlane;

  /** How x lies for a slice of channels of one block of images, and dy for a group's filters. */
  private final ImageLayout x;

  final ImageLayout dy;

  /** Elements between filters in dy, as it is read. */
  final int dyStep;

  /** Elements between filters in dw. */
  final int dwStep;

  /** Images of a chunk, a multiple of a block's. */
  final int chunk;

  /** Offsets of a slice's taps in x, with as many more as a block may read beyond. */
  final int[] taps;

  /** Offsets of all vectors of a chunk, in x and in dy, by pieces. */
  final int[][] pieces;

  /** Scratch for a slice of x and for dy. */
  final int xSize;

  final int dySize;

  private final int perBlock;

  FilterPlan(ConvolutionShape shape) {
    ConvolutionShape s = ConvolutionPlans.flattened(shape);
    this.batch = s.batch();
    this.groups = s.groups();
    this.filters = s.groupFilters();
    this.channels = s.groupChannels();
    this.filterPlane = s.filterPlane();
    this.width = width(channels * filterPlane);
    this.sliceChannels = Math.min(channels, sliceChannels(filterPlane, width));
    this.slices = (channels + sliceChannels - 1) / sliceChannels;
    int images = ConvolutionPlans.images(s.outWidth(), batch);
    int run = ConvolutionPlans.run(s.outWidth(), images);
    this.x = ConvolutionPlans.windows(s, images, run);
    this.dy =
        new ImageLayout(
            s.outHeight(), s.outWidth(), images, 0, s.outHeight(), 1, new int[] {0}, run);
    this.dyStep = dy.plane;
    this.dwStep = channels * filterPlane;
    this.perBlock = Math.multiplyExact(s.outHeight(), run / L);
    int blocks = Math.min((VECTORS + perBlock - 1) / perBlock, (batch + images - 1) / images);
    this.chunk = Math.max(1, blocks) * images;
    int[] offsets = ConvolutionPlans.taps(s, x, sliceChannels);
    this.taps = Arrays.copyOf(offsets, offsets.length + MOST_TAPS);
    Arrays.fill(taps, offsets.length, taps.length, offsets[0]);
    this.xSize =
        Math.multiplyExact(Math.max(1, blocks), Math.multiplyExact(sliceChannels, x.plane));
    this.dySize =
        dy.inPlace
            ? 0
            : Math.multiplyExact(Math.max(1, blocks), Math.multiplyExact(filters, dy.plane));
    this.pieces = pieces(places(s, Math.max(1, blocks), run / L));
  }

  /** Taps of a block: 5 only where 6 would leave many of them idle. */
  private static int width(int taps) {
    if (VectorRows.BITS < 512) {
      return 3;
    }
    return taps % 5 == 0 && taps % 6 != 0 && taps <= 30 ? 5 : MOST_TAPS;
  }

  /** The fewest channels whose taps fill blocks, and are enough to be worth reading dy for. */
  private static int sliceChannels(int filterPlane, int width) {
    int least = 1;
    while (least * filterPlane % width != 0) {
      least++;
    }
    int channels = least;
    while (channels * filterPlane < 18) {
      channels += least;
    }
    return channels;
  }

  private int[] places(ConvolutionShape s, int blocks, int vectors) {
    int[] places = new int[Math.multiplyExact(2 * perBlock, blocks)];
    int dyBlock = (dy.inPlace ? groups : 1) * filters * dy.plane;
    int i = 0;
    for (int b = 0; b < blocks; b++) {
      for (int p = 0; p < s.outHeight(); p++) {
        for (int v = 0; v < vectors; v++) {
          places[i++] = b * sliceChannels * x.plane + p * s.strideHeight() * x.row + v * L;
          places[i++] = b * dyBlock + p * dy.row + v * L;
        }
      }
    }
    return places;
  }

  private static int[][] pieces(int[] places) {
    int[][] pieces = new int[(places.length + 2 * PIECE - 1) / (2 * PIECE)][];
    for (int i = 0; i < pieces.length; i++) {
      int from = 2 * PIECE * i;
      pieces[i] = Arrays.copyOfRange(places, from, Math.min(places.length, from + 2 * PIECE));
    }
    return pieces;
  }

  /** Sums of pieces that each element of the gradient gets. */
  long sums() {
    return (long) ((batch + chunk - 1) / chunk) * pieces.length;
  }

  /** Vectors of so many images. */
  int places(int images) {
    return (images + x.images - 1) / x.images * perBlock;
  }

  /** Taps of a slice of channels. */
  int sliceTaps(int slice) {
    return Math.min(sliceChannels, channels - slice * sliceChannels) * filterPlane;
  }

  /** Where an image's planes of a group begin in dy. */
  int dyAt(int image, int group) {
    return (image * groups + group) * filters * dy.imagePlane();
  }

  /** Where the weights of a slice begin. */
  int dwAt(int group, int slice) {
    return group * filters * dwStep + slice * sliceChannels * filterPlane;
  }

  /** Copies a chunk's planes of a group; what is around them has to be 0 already. */
  void copyDy(int count, int image, int group, Floats from, float[] out) {
    int step = groups * filters * dy.imagePlane();
    copy(dy, filters, filters, count, from.array(), from.offset() + dyAt(image, group), step, out);
  }

  /** Copies a chunk's slice of channels; what is around them has to be 0 already. */
  void copyX(int count, int image, int group, int slice, Floats from, float[] out) {
    int step = groups * channels * x.imagePlane();
    int first = slice * sliceChannels;
    int planes = Math.min(sliceChannels, channels - first);
    int at = from.offset() + image * step + (group * channels + first) * x.imagePlane();
    copy(x, planes, sliceChannels, count, from.array(), at, step, out);
  }

  private static void copy(
      ImageLayout layout,
      int planes,
      int room,
      int count,
      float[] from,
      int at,
      int step,
      float[] out) {
    int block = room * layout.plane;
    int blocks = (count + layout.images - 1) / layout.images;
    if (count % layout.images != 0) {
      // Images that the last block lacks are zeros.
      Arrays.fill(out, (blocks - 1) * block, blocks * block, 0);
    }
    for (int b = 0; b < blocks; b++) {
      int image = b * layout.images;
      int there = Math.min(layout.images, count - image);
      layout.copy(there, planes, from, at + image * step, step, out, b * block);
    }
  }
}
