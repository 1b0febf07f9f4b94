package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A convolution's filter gradient: inner products of dy's planes with x's, shifted by each tap. A
 * chunk of images is long enough to make a block's final sum over lanes cheap, and short enough for
 * what it reads to stay in the caches. The chunks do not depend on the number of threads, which
 * share out the channels or, if these are few, the filters.
 */
final class VectorFilterGradient {

  private static final int L = VectorRows.S.length();

  /** Filters of a block. */
  private static final int FILTERS = 4;

  private final Workers workers;
  private final Scratch[] scratch;
  private final Map<ConvolutionShape, FilterPlan> plans = new HashMap<>();
  private final FilterSums sums = new FilterSums();

  /** Buffers of one thread. */
  private static final class Scratch {
    float[] x = {};
    float[] dy = {};
    final float[] tile = new float[FILTERS * 6 * L];

    /** Makes room, filled with 0. */
    void clear(FilterPlan plan) {
      if (x.length < plan.xSize) {
        x = new float[plan.xSize];
      } else {
        Arrays.fill(x, 0, plan.xSize, 0);
      }
      if (dy.length < plan.dySize) {
        dy = new float[plan.dySize];
      } else {
        Arrays.fill(dy, 0, plan.dySize, 0);
      }
    }
  }

  VectorFilterGradient(Workers workers) {
    this.workers = workers;
    this.scratch = new Scratch[workers.count()];
    Arrays.setAll(scratch, unused -> new Scratch());
  }

  void run(
      ConvolutionShape s,
      boolean large,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] dw,
      int dwOff) {
    FilterPlan plan = plans.get(s);
    if (plan == null) {
      if (plans.size() >= FilterPlan.MOST) {
        plans.clear();
      }
      plan = new FilterPlan(s);
      plans.put(s, plan);
    }
    sums.begin(dw, dwOff, s.filters() * s.groupChannels() * s.filterPlane(), plan.sums());
    if (!large || workers.count() == 1) {
      part(plan, 0, 1, x, xOff, dy, dyOff);
    } else {
      FilterPlan shared = plan;
      workers.run((part, parts) -> part(shared, part, parts, x, xOff, dy, dyOff));
    }
    sums.end();
  }

  private void part(
      FilterPlan plan, int part, int parts, float[] x, int xOff, float[] dy, int dyOff) {
    Scratch s = scratch[part];
    s.clear(plan);
    int tiles = (plan.filters + FILTERS - 1) / FILTERS;
    long units = (long) plan.groups * plan.slices;
    boolean bySlices = units >= parts || tiles < parts;
    int from = bySlices ? (int) (units * part / parts) : 0;
    int to = bySlices ? (int) (units * (part + 1) / parts) : (int) units;
    int fromFilter = bySlices ? 0 : tiles * part / parts * FILTERS;
    int toFilter =
        bySlices ? plan.filters : Math.min(plan.filters, tiles * (part + 1) / parts * FILTERS);
    if (from == to || fromFilter == toFilter) {
      return;
    }
    for (int image = 0; image < plan.batch; image += plan.chunk) {
      int count = Math.min(plan.chunk, plan.batch - image);
      for (int unit = from; unit < to; unit++) {
        int group = unit / plan.slices;
        int slice = unit % plan.slices;
        if (!plan.dy.inPlace && (unit == from || slice == 0)) {
          plan.copyDy(count, image, group, dy, dyOff, s.dy);
        }
        plan.copyX(count, image, group, slice, x, xOff, s.x);
        int n = plan.places(count);
        boolean direct = plan.dy.inPlace;
        int dyAt = direct ? dyOff + plan.dyAt(image, group) : 0;
        int dwAt = plan.dwAt(group, slice);
        for (int k = fromFilter; k < toFilter; k += FILTERS) {
          int rows = Math.min(FILTERS, toFilter - k);
          filters(
              plan,
              s,
              n,
              rows,
              slice,
              direct ? dy : s.dy,
              dyAt + k * plan.dyStep,
              dwAt + k * plan.dwStep);
        }
      }
    }
  }

  /** A few filters' gradients for a slice of channels, one piece of the images after the other. */
  private void filters(
      FilterPlan plan, Scratch s, int n, int rows, int slice, float[] dy, int dyAt, int dwAt) {
    int taps = plan.sliceTaps(slice);
    int width = rows == FILTERS ? plan.width : 6;
    for (int piece = 0; piece * FilterPlan.PIECE < n; piece++) {
      int some = Math.min(FilterPlan.PIECE, n - piece * FilterPlan.PIECE);
      int[] places = plan.pieces[piece];
      for (int j = 0; j < taps; j += width) {
        // Missing taps are computed as others again.
        int there = Math.min(width, taps - j);
        if (rows == FILTERS) {
          FilterBlocks.filters4(
              width, some, places, s.x, 0, plan.taps, j, dy, dyAt, plan.dyStep, s.tile);
          for (int i = 0; i < rows; i++) {
            sums.add(s.tile, i * width * L, there, dwAt + i * plan.dwStep + j);
          }
        } else {
          for (int i = 0; i < rows; i++) {
            int at = dyAt + i * plan.dyStep;
            FilterBlocks.filters1x6(some, places, s.x, 0, plan.taps, j, dy, at, 0, s.tile);
            sums.add(s.tile, 0, there, dwAt + i * plan.dwStep + j);
          }
        }
      }
    }
  }
}
