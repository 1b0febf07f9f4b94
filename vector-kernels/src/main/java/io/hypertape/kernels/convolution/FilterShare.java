package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.Arrays;

/**
 * A thread's share of a convolution's filter gradient: inner products of dy's planes with x's,
 * shifted by each tap. A chunk of images is long enough to make a block's final sum over lanes
 * cheap, and short enough for what it reads to stay in the caches. The chunks do not depend on the
 * number of threads, which share out the channels or, if these are few, the filters.
 */
final class FilterShare {

  private static final int LANES = VirtualVector.LANES;

  /** Filters of a block. */
  static final int FILTERS = 4;

  /** Places of a block for some lanes. */
  private static final int SOME = 64;

  private final FilterPlan plan;
  private final ConvolutionScratch scratch;
  private final Floats x;
  private final Floats dy;
  private final FilterSums sums;

  /** Which slices of channels of all groups, and which filters, are ours. */
  private final int from;

  private final int to;
  private final int fromFilter;
  private final int toFilter;

  FilterShare(
      FilterPlan plan,
      ConvolutionScratch scratch,
      Floats x,
      Floats dy,
      FilterSums sums,
      int part,
      int parts) {
    this.plan = plan;
    this.scratch = scratch;
    this.x = x;
    this.dy = dy;
    this.sums = sums;
    scratch.reserve(plan.xSize, plan.dySize);
    int filters = plan.shape.groupFilters();
    int tiles = (filters + FILTERS - 1) / FILTERS;
    long units = (long) plan.shape.groups() * plan.slices;
    boolean bySlices = units >= parts || tiles < parts;
    this.from = bySlices ? (int) (units * part / parts) : 0;
    this.to = bySlices ? (int) (units * (part + 1) / parts) : (int) units;
    this.fromFilter = bySlices ? 0 : tiles * part / parts * FILTERS;
    this.toFilter = bySlices ? filters : Math.min(filters, tiles * (part + 1) / parts * FILTERS);
  }

  void run() {
    if (from == to || fromFilter == toFilter) {
      return;
    }
    float[] images = scratch.in;
    float[] copied = scratch.out;
    Arrays.fill(images, 0, plan.xSize, 0);
    Arrays.fill(copied, 0, plan.dySize, 0);
    int step = plan.dy.plane();
    boolean direct = plan.dy.inPlace();
    for (int image = 0; image < plan.shape.batch(); image += plan.chunk) {
      int count = Math.min(plan.chunk, plan.shape.batch() - image);
      for (int unit = from; unit < to; unit++) {
        int group = unit / plan.slices;
        int slice = unit % plan.slices;
        if (!direct && (unit == from || slice == 0)) {
          plan.copyDy(count, image, group, dy, copied);
        }
        plan.copyX(count, image, group, slice, x, images);
        float[] gradient = direct ? dy.array() : copied;
        int dyAt = direct ? dy.offset() + plan.dy.source().at(image, group) : 0;
        int dwAt = plan.dwAt(group, slice);
        for (int k = fromFilter; k < toFilter; k += FILTERS) {
          int rows = Math.min(FILTERS, toFilter - k);
          int at = dyAt + k * step;
          filters(plan.places(count), rows, slice, gradient, at, dwAt + k * plan.dwStep);
        }
      }
    }
  }

  /** A few filters' gradients for a slice of channels, one piece of the images after the other. */
  private void filters(int n, int rows, int slice, float[] gradient, int dyAt, int dwAt) {
    int taps = plan.sliceTaps(slice);
    int width = rows == FILTERS ? plan.width : FilterPlan.MOST_TAPS;
    int step = plan.dy.plane();
    float[] tile = scratch.tile;
    for (int piece = 0; piece * FilterPlan.PIECE < n; piece++) {
      int some = Math.min(FilterPlan.PIECE, n - piece * FilterPlan.PIECE);
      int[] places = plan.pieces[piece];
      for (int j = 0; j < taps; j += width) {
        // Missing taps are computed as others again.
        int there = Math.min(width, taps - j);
        if (rows == FILTERS) {
          block(some, places, j, gradient, dyAt);
          for (int i = 0; i < rows; i++) {
            sums.add(tile, i * width * LANES, there, dwAt + i * plan.dwStep + j);
          }
        } else {
          for (int i = 0; i < rows; i++) {
            row(some, places, j, gradient, dyAt + i * step);
            sums.add(tile, 0, there, dwAt + i * plan.dwStep + j);
          }
        }
      }
    }
  }

  /**
   * Some filters' sums for a block of taps from one on: of shorter vectors some lanes after the
   * others, for as many places at a time as stay in the first-level cache.
   */
  private void block(int n, int[] places, int tap, float[] dy, int at) {
    int[] taps = plan.taps;
    int step = plan.dy.plane();
    float[] x = scratch.in;
    float[] tile = scratch.tile;
    int lanes = plan.lanes;
    int some = lanes == LANES ? n : SOME;
    for (int i = 0; i < n; i += some) {
      int to = Math.min(n, i + some);
      for (int lane = 0; lane < LANES; lane += lanes) {
        int d = at + lane;
        if (lanes == 1) {
          ScalarFilterBlocks.filters4x3(
              i, to, places, x, lane, taps, tap, dy, d, step, tile, lane, i > 0);
        } else {
          FilterBlocks.filters4(
              plan.width, i, to, places, x, lane, taps, tap, dy, d, step, tile, lane, i > 0);
        }
      }
    }
  }

  /** Those of one filter. */
  private void row(int n, int[] places, int tap, float[] dy, int at) {
    int[] taps = plan.taps;
    float[] x = scratch.in;
    float[] tile = scratch.tile;
    int lanes = plan.lanes;
    for (int lane = 0; lane < LANES; lane += lanes) {
      int d = at + lane;
      if (lanes == 1) {
        ScalarFilterBlocks.filters1x6(
            0, n, places, x, lane, taps, tap, dy, d, 0, tile, lane, false);
      } else {
        FilterBlocks.filters1x6(0, n, places, x, lane, taps, tap, dy, d, 0, tile, lane, false);
      }
    }
  }
}
