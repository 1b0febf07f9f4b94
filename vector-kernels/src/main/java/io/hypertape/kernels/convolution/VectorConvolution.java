package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Convolutions without a matrix of windows: images are copied, a block at a time, to where windows
 * can be read as whole vectors ({@link ImageLayout}), and blocks of sums for a few filters and two
 * vectors of columns stay in registers while the taps run ({@link ConvolutionBlocks}). An element's
 * sum has one order whatever the number of threads.
 */
public final class VectorConvolution {

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long PARALLEL = 1_000_000;

  /** Plans that are kept; a network has a few tens of shapes. */
  private static final int PLANS = 256;

  private final Workers workers;
  private final VectorFilterGradient gradient;
  private final Scratch[] scratch;
  private final Map<ConvolutionShape, ConvolutionPlan> forward = new HashMap<>();
  private final Map<ConvolutionShape, ConvolutionPlan> data = new HashMap<>();
  private float[] panels = {};

  /** Buffers of one thread. */
  private static final class Scratch {
    float[] in = {};
    float[] out = {};
  }

  public VectorConvolution(Workers workers) {
    this.workers = workers;
    this.gradient = new VectorFilterGradient(workers);
    this.scratch = new Scratch[workers.count()];
    Arrays.setAll(scratch, unused -> new Scratch());
  }

  public void forward(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    ConvolutionPlan plan = forward.get(s);
    if (plan == null) {
      plan = ConvolutionPlans.forward(s);
      keep(forward, s, plan);
    }
    run(plan, work(s), x, xOff, w, wOff, y, yOff);
  }

  public void data(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    ConvolutionPlan plan = data.get(s);
    if (plan == null) {
      plan = ConvolutionPlans.data(s);
      keep(data, s, plan);
    }
    run(plan, work(s), dy, dyOff, w, wOff, dx, dxOff);
  }

  public void filter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    gradient.run(s, work(s) >= PARALLEL, x, xOff, dy, dyOff, dw, dwOff);
  }

  private static void keep(
      Map<ConvolutionShape, ConvolutionPlan> plans, ConvolutionShape s, ConvolutionPlan plan) {
    if (plans.size() >= PLANS) {
      plans.clear();
    }
    plans.put(s, plan);
  }

  /** Multiply-adds. */
  private static long work(ConvolutionShape s) {
    return (long) s.batch() * s.filters() * s.outPlane() * s.groupChannels() * s.filterPlane();
  }

  private void run(
      ConvolutionPlan plan,
      long work,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] y,
      int yOff) {
    int size = ConvolutionPanels.size(plan);
    if (panels.length < size) {
      panels = new float[size];
    }
    ConvolutionPanels.pack(plan, w, wOff, panels);
    if (workers.count() == 1 || work < PARALLEL) {
      part(plan, 0, 1, x, xOff, y, yOff);
    } else {
      workers.run((part, parts) -> part(plan, part, parts, x, xOff, y, yOff));
    }
  }

  /** A share of the blocks of images or, if those are few, of the panels of filters. */
  private void part(
      ConvolutionPlan plan, int part, int parts, float[] x, int xOff, float[] y, int yOff) {
    Scratch s = scratch[part];
    int inSize = plan.in.inPlace ? 0 : Math.multiplyExact(plan.inPlanes, plan.in.plane);
    if (s.in.length < inSize) {
      s.in = new float[inSize];
    } else {
      Arrays.fill(s.in, 0, inSize, 0);
    }
    int outSize = plan.direct() ? 0 : Math.multiplyExact(plan.scratchPlane(), plan.scratchPlanes());
    if (s.out.length < outSize) {
      s.out = new float[outSize];
    }
    int blocks = (plan.batch + plan.in.images - 1) / plan.in.images;
    long units = (long) plan.groups * blocks;
    int panels = ConvolutionPanels.count(plan.outPlanes);
    boolean whole = units >= 2L * parts || panels == 1;
    int from = whole ? (int) (units * part / parts) : 0;
    int to = whole ? (int) (units * (part + 1) / parts) : (int) units;
    int fromPanel = whole ? 0 : panels * part / parts;
    int toPanel = whole ? panels : panels * (part + 1) / parts;
    for (int unit = from; unit < to && fromPanel < toPanel; unit++) {
      unit(plan, s, unit / blocks, unit % blocks, fromPanel, toPanel, x, xOff, y, yOff);
    }
  }

  /** Some panels of one group for one block of images. */
  private void unit(
      ConvolutionPlan plan,
      Scratch s,
      int group,
      int block,
      int fromPanel,
      int toPanel,
      float[] x,
      int xOff,
      float[] y,
      int yOff) {
    int image = block * plan.in.images;
    int count = Math.min(plan.in.images, plan.batch - image);
    int step = plan.groups * plan.inPlanes * plan.inPlane();
    int at = xOff + image * step + group * plan.inPlanes * plan.inPlane();
    float[] in = x;
    int inAt = at + plan.in.origin;
    if (!plan.in.inPlace) {
      plan.in.copy(count, plan.inPlanes, x, at, step, s.in, 0);
      in = s.in;
      inAt = 0;
    }
    int outPlane = plan.height * plan.width;
    int outStep = plan.groups * plan.outPlanes * outPlane;
    int out = yOff + image * outStep + group * plan.outPlanes * outPlane;
    int panelAt = group * (ConvolutionPanels.size(plan) / plan.groups);
    for (int i = 0; i < plan.phases.length; i++) {
      ConvolutionPlan.Phase phase = plan.phases[i];
      boolean direct = plan.direct();
      int column = i % plan.columnPhases;
      float[] target = direct ? y : s.out;
      int targetAt = direct ? out : column * plan.mostRows * plan.run;
      int targetStep = direct ? outPlane : plan.scratchPlane();
      sums(plan, phase, fromPanel, toPanel, panelAt, in, inAt, target, targetAt, targetStep);
      panelAt += phase.taps.length * ConvolutionPanels.filled(plan.outPlanes);
      if (!direct && column == plan.columnPhases - 1) {
        int first = ConvolutionPanels.first(fromPanel);
        int planes = Math.min(plan.outPlanes, ConvolutionPanels.first(toPanel)) - first;
        plan.write(
            phase, count, planes, s.out, first * targetStep, y, out + first * outPlane, outStep);
      }
    }
  }

  /** The sums of a phase. */
  private void sums(
      ConvolutionPlan plan,
      ConvolutionPlan.Phase phase,
      int fromPanel,
      int toPanel,
      int panelAt,
      float[] in,
      int inAt,
      float[] out,
      int outAt,
      int outStep) {
    int all = phase.rows * (plan.run / VectorRows.S.length());
    int band = plan.band();
    for (int from = 0; from < all; from += band) {
      int to = Math.min(all, from + band);
      for (int panel = fromPanel; panel < toPanel; panel++) {
        int first = ConvolutionPanels.first(panel);
        int rows = ConvolutionPanels.rows(plan.outPlanes - first);
        int weights = panelAt + first * phase.taps.length;
        int target = outAt + first * outStep;
        for (int tap = 0; tap < phase.taps.length; tap += ConvolutionPlan.TAPS) {
          int n = Math.min(ConvolutionPlan.TAPS, phase.taps.length - tap);
          int at = weights + tap * rows;
          band(plan, phase, rows, n, at, in, tap, inAt, out, target, outStep, from, to);
        }
      }
    }
    if (phase.taps.length == 0) {
      int first = ConvolutionPanels.first(fromPanel);
      int end = Math.min(plan.outPlanes, ConvolutionPanels.first(toPanel));
      for (int m = first; m < end; m++) {
        Arrays.fill(out, outAt + m * outStep, outAt + m * outStep + phase.rows * plan.run, 0);
      }
    }
  }

  /** A panel's sums over some taps: some vectors, two at a time. */
  private void band(
      ConvolutionPlan plan,
      ConvolutionPlan.Phase phase,
      int rows,
      int n,
      int weights,
      float[] in,
      int tap,
      int inAt,
      float[] out,
      int outAt,
      int outStep,
      int from,
      int to) {
    int lanes = VectorRows.S.length();
    int vectors = plan.run / lanes;
    int rowAdvance = plan.rowAdvance * plan.in.row;
    int outRow = plan.direct() ? plan.width : plan.run;
    int last = outRow - lanes;
    for (int u = from; u < to; u += 2) {
      // An odd number's last vector is computed twice.
      int v = Math.min(u + 1, to - 1);
      int row0 = u / vectors;
      int row1 = v / vectors;
      int column0 = Math.min(u % vectors * lanes, last);
      int column1 = Math.min(v % vectors * lanes, last);
      int at0 = inAt + row0 * rowAdvance + column0;
      int at1 = inAt + row1 * rowAdvance + column1;
      int out0 = outAt + row0 * outRow + column0;
      int out1 = outAt + row1 * outRow + column1;
      int[] taps = phase.taps;
      boolean add = tap > 0;
      ConvolutionBlocks.block(
          rows, n, panels, weights, in, taps, tap, at0, at1, out, out0, out1, outStep, add);
    }
  }
}
