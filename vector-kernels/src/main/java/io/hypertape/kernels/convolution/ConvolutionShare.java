package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import java.util.Arrays;

/**
 * A thread's share of a convolution's sums: images are copied, a block at a time, to where windows
 * can be read as whole vectors ({@link ImageLayout}), and blocks of sums for a few filters and two
 * vectors of columns stay in registers while the taps run ({@link ConvolutionBlocks}). An element's
 * sum has one order whatever the number of threads.
 */
final class ConvolutionShare {

  private static final float[] NONE = {};

  private final ConvolutionPlan plan;
  private final ConvolutionScratch scratch;
  private final Floats x;
  private final Floats y;
  private final int inSize;

  /** Blocks of images of all groups, and which of them and of the panels of filters are ours. */
  private final int blocks;

  private final int from;
  private final int to;
  private final int fromPanel;
  private final int toPanel;

  // What is read and written for the panels of one group and one block of images.
  private float[] panels = NONE;
  private float[] in = NONE;
  private int inAt;
  private float[] out = NONE;
  private int outAt;
  private int outStep;

  /** A share of the blocks of images or, if those are few, of the panels of filters. */
  ConvolutionShare(
      ConvolutionPlan plan, ConvolutionScratch scratch, Floats x, Floats y, int part, int parts) {
    this.plan = plan;
    this.scratch = scratch;
    this.x = x;
    this.y = y;
    this.inSize =
        plan.in().inPlace()
            ? 0
            : Math.multiplyExact(plan.in().source().planes(), plan.in().plane());
    int outSize = plan.direct() ? 0 : Math.multiplyExact(plan.scratchPlane(), plan.scratchPlanes());
    scratch.reserve(inSize, outSize);
    this.blocks = (plan.batch() + plan.in().images() - 1) / plan.in().images();
    long units = (long) plan.out().groups() * blocks;
    int all = ConvolutionPanels.count(plan.lanes(), plan.out().planes());
    boolean whole = units >= 2L * parts || all == 1;
    this.from = whole ? (int) (units * part / parts) : 0;
    this.to = whole ? (int) (units * (part + 1) / parts) : (int) units;
    this.fromPanel = whole ? 0 : all * part / parts;
    this.toPanel = whole ? all : all * (part + 1) / parts;
  }

  /**
   * Computes them.
   *
   * @param packed the weights, as {@link ConvolutionPanels} packs them
   */
  void run(float[] packed) {
    panels = packed;
    Arrays.fill(scratch.in, 0, inSize, 0);
    for (int unit = from; unit < to && fromPanel < toPanel; unit++) {
      unit(unit / blocks, unit % blocks);
    }
    // A call that is kept holds no scratch but the present one.
    panels = NONE;
    in = NONE;
    out = NONE;
  }

  /** Our panels of one group for one block of images. */
  private void unit(int group, int block) {
    ImageLayout layout = plan.in();
    Images written = plan.out();
    int image = block * layout.images();
    int count = Math.min(layout.images(), plan.batch() - image);
    int at = x.offset() + layout.source().at(image, group);
    in = x.array();
    inAt = at + layout.origin();
    if (!layout.inPlace()) {
      layout.copy(count, layout.source().planes(), x.array(), at, scratch.in, 0);
      in = scratch.in;
      inAt = 0;
    }
    int into = y.offset() + written.at(image, group);
    int panelAt = group * (ConvolutionPanels.size(plan) / written.groups());
    boolean direct = plan.direct();
    for (int i = 0; i < plan.phases().length; i++) {
      ConvolutionPlan.Phase phase = plan.phases()[i];
      int column = i % plan.columnPhases();
      out = direct ? y.array() : scratch.out;
      outAt = direct ? into + phase.firstRow() * written.width() : plan.columnAt(column);
      outStep = direct ? written.plane() : plan.scratchPlane();
      sums(phase, panelAt);
      panelAt += phase.taps().length * plan.scratchPlanes();
      if (!direct && column == plan.columnPhases() - 1) {
        int first = ConvolutionPanels.first(plan.lanes(), fromPanel);
        int planes =
            Math.min(written.planes(), ConvolutionPanels.first(plan.lanes(), toPanel)) - first;
        int to = into + first * written.plane();
        plan.write(phase, count, planes, out, first * outStep, y.array(), to);
      }
    }
  }

  /** The sums of a phase. */
  private void sums(ConvolutionPlan.Phase phase, int panelAt) {
    int[] taps = phase.taps();
    int all = phase.rows() * (plan.run() / plan.lanes());
    int band = plan.band();
    for (int first = 0; first < all; first += band) {
      int end = Math.min(all, first + band);
      for (int panel = fromPanel; panel < toPanel; panel++) {
        int plane = ConvolutionPanels.first(plan.lanes(), panel);
        int rows = ConvolutionPanels.rows(plan.lanes(), plan.out().planes() - plane);
        int weights = panelAt + plane * taps.length;
        int target = outAt + plane * outStep;
        for (int tap = 0; tap < taps.length; tap += ConvolutionPlan.TAPS) {
          band(taps, tap, rows, weights + tap * rows, target, first, end);
        }
      }
    }
    if (taps.length == 0) {
      int first = ConvolutionPanels.first(plan.lanes(), fromPanel);
      int end = Math.min(plan.out().planes(), ConvolutionPanels.first(plan.lanes(), toPanel));
      for (int m = first; m < end; m++) {
        Arrays.fill(out, outAt + m * outStep, outAt + m * outStep + phase.rows() * plan.run(), 0);
      }
    }
  }

  /** A panel's sums over some taps: some vectors, two at a time. */
  private void band(int[] taps, int tap, int rows, int weights, int target, int first, int end) {
    int n = Math.min(ConvolutionPlan.TAPS, taps.length - tap);
    boolean add = tap > 0;
    float[] packed = panels;
    float[] images = in;
    float[] sums = out;
    int step = outStep;
    int lanes = plan.lanes();
    int vectors = plan.run() / lanes;
    int rowAdvance = plan.rowAdvance() * plan.in().row();
    int outRow = plan.direct() ? plan.out().width() : plan.run();
    int last = outRow - lanes;
    for (int u = first; u < end; u += 2) {
      // An odd number's last vector is computed twice.
      int v = Math.min(u + 1, end - 1);
      int row0 = u / vectors;
      int row1 = v / vectors;
      int column0 = Math.min(u % vectors * lanes, last);
      int column1 = Math.min(v % vectors * lanes, last);
      int at0 = inAt + row0 * rowAdvance + column0;
      int at1 = inAt + row1 * rowAdvance + column1;
      int out0 = target + row0 * outRow + column0;
      int out1 = target + row1 * outRow + column1;
      if (lanes == 1) {
        ScalarConvolutionBlocks.block(
            rows, n, packed, weights, images, taps, tap, at0, at1, sums, out0, out1, step, add);
      } else {
        ConvolutionBlocks.block(
            rows, n, packed, weights, images, taps, tap, at0, at1, sums, out0, out1, step, add);
      }
    }
  }
}
