package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Convolutions without a matrix of windows, see {@link ConvolutionShare} and {@link FilterShare}.
 * What is worked out from sizes is kept, for calls that are made anew in every step. Sums are of
 * floats here and of vectors in {@link VectorConvolutions}, in the same order.
 */
public sealed class ScalarConvolutions implements Convolutions permits VectorConvolutions {

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long PARALLEL = 1_000_000;

  /** Plans that are kept of each product; a network has a few tens of shapes. */
  private static final int PLANS = 256;

  private final Workers workers;
  private final int lanes;
  private final Map<ConvolutionShape, ConvolutionPlan> forward = new HashMap<>();
  private final Map<ConvolutionShape, ConvolutionPlan[]> rows = new HashMap<>();
  private final Map<ConvolutionShape, ConvolutionPlan> data = new HashMap<>();
  private final Map<ConvolutionShape, FilterPlan> filter = new HashMap<>();

  // Shared by all calls; the scratch of each thread, too.
  private final ConvolutionScratch[] scratch;
  private final FilterSums sums;
  private float[] panels = {};

  /** Makes the kernels, on the caller's thread. */
  public ScalarConvolutions() {
    this(new Workers(1), 1);
  }

  ScalarConvolutions(Workers workers, int lanes) {
    this.workers = workers;
    this.lanes = lanes;
    this.sums = new FilterSums(lanes > 1);
    this.scratch = new ConvolutionScratch[workers.count()];
    Arrays.setAll(scratch, unused -> new ConvolutionScratch());
  }

  @Override
  public final Call forward(ConvolutionShape s, Floats x, Floats w, Floats y) {
    ConvolutionChecks.forward(s, x, w, y);
    ConvolutionPlan plan = kept(forward, s, ConvolutionPlans::forward);
    return sums(plan, forward(plan, s, x, y), w);
  }

  @Override
  public final Call forward(ConvolutionShape s, Floats x, FixedFilters w, Floats y) {
    if (lanes == 1) {
      // Twins, for a while: what they pack is not worth keeping.
      return forward(s, x, w.values(), y);
    }
    ConvolutionChecks.forward(s, x, w.values(), y);
    ConvolutionPlan plan = kept(forward, s, ConvolutionPlans::forward);
    float[] packed = w.packed(plan);
    Runnable all = together(forward(plan, s, x, y), () -> packed);
    return all::run;
  }

  @Override
  public final Call data(ConvolutionShape s, Floats dy, Floats w, Floats dx) {
    ConvolutionChecks.data(s, dy, w, dx);
    ConvolutionPlan plan = kept(data, s, ConvolutionPlans::data);
    return sums(plan, shares(plan, threads(s), dy, dx), w);
  }

  private Call sums(ConvolutionPlan plan, ConvolutionShare[] shares, Floats w) {
    int size = ConvolutionPanels.size(plan);
    if (panels.length < size) {
      panels = new float[size];
    }
    Runnable all = together(shares, () -> panels);
    return () -> {
      ConvolutionPanels.pack(plan, w, panels);
      all.run();
    };
  }

  private ConvolutionShare[] forward(ConvolutionPlan plan, ConvolutionShape s, Floats x, Floats y) {
    int threads = threads(s);
    ConvolutionPlan[] parts =
        threads == 1
            ? new ConvolutionPlan[0]
            : kept(rows, s, (n, shape) -> ConvolutionPlans.rows(n, shape, threads));
    if (parts.length == 0) {
      return shares(plan, threads, x, y);
    }
    ConvolutionShare[] shares = new ConvolutionShare[threads];
    Arrays.setAll(shares, i -> new ConvolutionShare(parts[i], scratch[i], x, y, 0, 1));
    return shares;
  }

  private ConvolutionShare[] shares(ConvolutionPlan plan, int threads, Floats x, Floats y) {
    ConvolutionShare[] shares = new ConvolutionShare[threads];
    Arrays.setAll(shares, i -> new ConvolutionShare(plan, scratch[i], x, y, i, threads));
    return shares;
  }

  private Runnable together(ConvolutionShare[] shares, Supplier<float[]> packed) {
    return together(shares.length, part -> shares[part].run(packed.get()));
  }

  @Override
  public final Call filter(ConvolutionShape s, Floats x, Floats dy, Floats dw) {
    ConvolutionChecks.filter(s, x, dy, dw);
    FilterPlan plan = kept(filter, s, FilterPlan::new);
    int threads = threads(s);
    FilterShare[] shares = new FilterShare[threads];
    Arrays.setAll(shares, i -> new FilterShare(plan, scratch[i], x, dy, sums, i, threads));
    sums.reserve(dw.length(), plan.sums());
    Runnable all = together(threads, part -> shares[part].run());
    return () -> {
      sums.begin(dw, plan.sums());
      all.run();
      sums.end();
    };
  }

  /** Makes the plan of a shape for vectors of so many lanes. */
  private interface Planner<P> {
    P plan(int lanes, ConvolutionShape s);
  }

  /** What one thread does of a product. */
  private interface Share {
    void run(int part);
  }

  private Runnable together(int threads, Share share) {
    if (threads == 1) {
      return () -> share.run(0);
    }
    Workers.Task each = (part, unused) -> share.run(part);
    return () -> workers.run(each);
  }

  /** Threads that a product is worth. */
  private int threads(ConvolutionShape s) {
    long work = (long) s.batch() * s.filters() * s.outPlane() * s.groupChannels() * s.filterPlane();
    return work < PARALLEL ? 1 : workers.count();
  }

  private <P> P kept(Map<ConvolutionShape, P> plans, ConvolutionShape s, Planner<P> planner) {
    if (plans.size() >= PLANS && !plans.containsKey(s)) {
      plans.clear();
    }
    return plans.computeIfAbsent(s, shape -> planner.plan(lanes, shape));
  }
}
