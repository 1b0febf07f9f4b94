package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.Arrays;

/**
 * How {@link FilterShare} goes through a shape. A weight's sum is over a virtual vector's lanes, to
 * which a row's columns belong, filled up with zeros; images narrower than half a vector lie
 * interleaved. Fused products are added, from 0, in the order of rows and images, {@link #PIECE} to
 * a lane; then the sum of lanes is added to those of pieces before, in double precision where these
 * are many. Pieces do not span chunks of images. All this follows from the shape alone.
 */
final class FilterPlan {

  /** Most taps of a block. */
  static final int MOST_TAPS = 6;

  private static final int LANES = VirtualVector.LANES;

  /** Vectors of a plane of dy, of all images of a chunk, beyond which a chunk has one image. */
  private static final int VECTORS = 512;

  /** Most vectors that are summed in single precision. */
  static final int PIECE = VECTORS;

  /** Lanes of the processor's vectors; 1 if sums are floats. */
  final int lanes;

  /** Sizes. */
  final ConvolutionShape shape;

  /** Taps of a block. */
  final int width;

  /** Channels whose taps are computed together, and how many such slices a group has. */
  private final int sliceChannels;

  final int slices;

  /** How x lies for a slice of channels of one block of images, and dy for a group's filters. */
  private final ImageLayout x;

  final ImageLayout dy;

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

  FilterPlan(int lanes, ConvolutionShape unflattened) {
    this.lanes = lanes;
    ConvolutionShape s = ConvolutionPlans.flattened(unflattened);
    this.shape = s;
    this.dwStep = s.groupChannels() * s.filterPlane();
    this.width = width(lanes, dwStep);
    this.sliceChannels = Math.min(s.groupChannels(), sliceChannels(s.filterPlane(), width));
    this.slices = (s.groupChannels() + sliceChannels - 1) / sliceChannels;
    int images = ConvolutionPlans.images(LANES, s.outWidth(), s.batch());
    int run = ConvolutionPlans.run(LANES, s.outWidth(), images);
    this.x = ConvolutionPlans.windows(lanes, s, images, run);
    this.dy =
        new ImageLayout(lanes, s.outputs(), images, 0, 0, s.outHeight(), 1, new int[] {0}, run);
    this.perBlock = Math.multiplyExact(s.outHeight(), run / LANES);
    int most = Math.min((VECTORS + perBlock - 1) / perBlock, (s.batch() + images - 1) / images);
    int blocks = Math.max(1, most);
    this.chunk = blocks * images;
    int[] offsets = ConvolutionPlans.taps(s, x, sliceChannels);
    this.taps = Arrays.copyOf(offsets, offsets.length + MOST_TAPS);
    Arrays.fill(taps, offsets.length, taps.length, offsets[0]);
    this.xSize = Math.multiplyExact(blocks, Math.multiplyExact(sliceChannels, x.plane()));
    this.dySize =
        dy.inPlace()
            ? 0
            : Math.multiplyExact(blocks, Math.multiplyExact(s.groupFilters(), dy.plane()));
    this.pieces = pieces(places(blocks, run / LANES));
  }

  /** Taps of a block: 5 only where 6 would leave many of them idle. */
  private static int width(int lanes, int taps) {
    if (lanes < 16) {
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

  private int[] places(int blocks, int vectors) {
    int[] places = new int[Math.multiplyExact(2 * perBlock, blocks)];
    int dyBlock = dy.inPlace() ? dy.source().at(1, 0) : dy.source().planes() * dy.plane();
    int i = 0;
    for (int b = 0; b < blocks; b++) {
      for (int p = 0; p < shape.outHeight(); p++) {
        for (int v = 0; v < vectors; v++) {
          places[i++] =
              b * sliceChannels * x.plane() + p * shape.strideHeight() * x.row() + v * LANES;
          places[i++] = b * dyBlock + p * dy.row() + v * LANES;
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
    return (long) ((shape.batch() + chunk - 1) / chunk) * pieces.length;
  }

  /** Vectors of so many images. */
  int places(int images) {
    return (images + x.images() - 1) / x.images() * perBlock;
  }

  /** Taps of a slice of channels. */
  int sliceTaps(int slice) {
    return sliceChannels(slice) * shape.filterPlane();
  }

  private int sliceChannels(int slice) {
    return Math.min(sliceChannels, shape.groupChannels() - slice * sliceChannels);
  }

  /** Where the weights of a slice begin. */
  int dwAt(int group, int slice) {
    return group * shape.groupFilters() * dwStep + slice * sliceChannels * shape.filterPlane();
  }

  /** Copies a chunk's planes of a group; what is around them has to be 0 already. */
  void copyDy(int count, int image, int group, Floats from, float[] out) {
    int planes = shape.groupFilters();
    int at = from.offset() + dy.source().at(image, group);
    copy(dy, planes, planes, count, from.array(), at, out);
  }

  /** Copies a chunk's slice of channels; what is around them has to be 0 already. */
  void copyX(int count, int image, int group, int slice, Floats from, float[] out) {
    int first = slice * sliceChannels * x.source().plane();
    int at = from.offset() + x.source().at(image, group) + first;
    copy(x, sliceChannels(slice), sliceChannels, count, from.array(), at, out);
  }

  private static void copy(
      ImageLayout layout, int planes, int room, int count, float[] from, int at, float[] out) {
    int images = layout.images();
    int block = room * layout.plane();
    if (count % images != 0) {
      // Images that the last block lacks are zeros.
      Arrays.fill(out, count / images * block, (count / images + 1) * block, 0);
    }
    for (int image = 0; image < count; image += images) {
      int there = Math.min(images, count - image);
      int first = at + layout.source().at(image, 0);
      layout.copy(there, planes, from, first, out, image / images * block);
    }
  }
}
