package io.hypertape.optim;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The self-tuning tower written down once more, plainly, over one vector of double precision. It is
 * the prototype in PyTorch that docs/self-tuning.md speaks of, with the differences that are told
 * there.
 */
final class TowerOracle {

  /** Loss and gradient of a batch. */
  interface Objective {
    double at(double[] w, int batch, double[] gradient);
  }

  /** Gives directions. */
  interface Base {
    double[] direction(double[] g);
  }

  /** What a step left. */
  record Step(double loss, double alpha, double kappa, boolean jumped) {}

  private static final double TINY = 1e-30;

  private final Objective objective;
  private final Supplier<Base> bases;
  private Base base;
  private final int horizon;
  private final double floor;
  private final double cap;

  double[] w;
  int jumps;
  int edges;

  private double a;
  private double k = Math.log(0.35);
  private double[] mean;
  private double largest;
  private double last;
  private double highest = Double.NEGATIVE_INFINITY;
  private double rests;
  private int count;
  private int batch;
  private double m = Double.NaN;
  private double dev;
  private double first;
  private double[] before;
  private double[] direction;
  private double factorBefore;
  private double usual = Double.NaN;
  private int norms;

  TowerOracle(
      Objective objective,
      Supplier<Base> bases,
      double[] start,
      double alpha,
      int horizon,
      double floor,
      double cap) {
    this.objective = objective;
    this.bases = bases;
    this.base = bases.get();
    this.w = start.clone();
    this.mean = start.clone();
    this.a = Math.log(alpha);
    this.horizon = horizon;
    this.floor = floor;
    this.cap = cap;
  }

  static Base sgd(double mu) {
    double[][] buffer = new double[1][];
    return g -> {
      if (buffer[0] == null) {
        buffer[0] = new double[g.length];
      }
      for (int i = 0; i < g.length; i++) {
        buffer[0][i] = mu * buffer[0][i] + g[i];
      }
      return buffer[0].clone();
    };
  }

  static Base adam() {
    double[][] state = new double[2][];
    int[] t = new int[1];
    return g -> {
      if (state[0] == null) {
        state[0] = new double[g.length];
        // As Adam does here, after the paper's code.
        state[1] = new double[g.length];
        Arrays.fill(state[1], 1e-8);
      }
      t[0]++;
      double[] u = new double[g.length];
      for (int i = 0; i < g.length; i++) {
        state[0][i] = 0.9 * state[0][i] + 0.1 * g[i];
        state[1][i] = 0.999 * state[1][i] + 0.001 * g[i] * g[i];
        double mean = state[0][i] / (1 - Math.pow(0.9, t[0]));
        double square = state[1][i] / (1 - Math.pow(0.999, t[0]));
        u[i] = mean / (Math.sqrt(square) + 1e-8);
      }
      return u;
    };
  }

  static Supplier<Base> of(String name) {
    return switch (name) {
      case "sgd" -> () -> sgd(0);
      case "momentum" -> () -> sgd(0.9);
      default -> TowerOracle::adam;
    };
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  private void move(double[] from, double factor) {
    w = from.clone();
    for (int i = 0; i < w.length; i++) {
      w[i] -= Math.exp(a) * factor * direction[i];
    }
  }

  Step step() {
    double[] g = new double[w.length];
    double loss = objective.at(w, batch, g);
    double s = Math.min(1, (1 - (double) batch / horizon) / 0.5);
    batch++;
    double limit = Math.min(m + 10 * dev, first + Math.max(0.3 * Math.abs(first), 3 * dev));
    double mBefore = m;
    boolean isFirst = Double.isNaN(m);
    boolean isHigh = !isFirst && !(loss <= limit);
    double wider = 0.95 * dev + 0.05 * Math.min(Math.abs(loss - m), 3 * dev);
    if (isHigh && before != null) {
      double[] moved = new double[w.length];
      Arrays.setAll(moved, i -> w[i] - before[i]);
      double share = Math.sqrt(dot(moved, moved) / dot(before, before)) / factorBefore;
      if (dot(g, moved) >= 0.5 * (loss - m) || share > 0.1) {
        jumps++;
        dev = wider;
        a -= Math.log(2);
        k = Math.max(Math.log(0.1), k - Math.log(2));
        last = 0;
        move(before, factorBefore);
        return new Step(loss, Math.exp(a), Math.exp(k), true);
      }
    }
    if (isOverTheEdge(g, s)) {
      beginAnew();
      return new Step(loss, Math.exp(a), Math.exp(k), true);
    }
    if (isFirst) {
      m = loss;
      first = loss;
      dev = 0.02 * Math.abs(loss);
    } else {
      m = 0.9 * m + 0.1 * (isHigh ? Math.min(loss, m + 3 * dev) : loss);
      dev = isHigh ? wider : 0.95 * dev + 0.05 * Math.abs(loss - mBefore);
      trace(g, s);
    }
    direction = base.direction(g);
    if (isFirst) {
      double norm = Math.sqrt(dot(w, w));
      double length = Math.sqrt(dot(direction, direction));
      a = Math.min(a, Math.log(cap * norm / length));
      a = Math.max(a, Math.log(floor * norm / length));
    }
    before = w;
    factorBefore = s;
    move(w, s);
    count++;
    return new Step(loss, Math.exp(a), Math.exp(k), false);
  }

  private boolean isOverTheEdge(double[] g, double s) {
    int step = batch - 1;
    if (edges > 0 || step >= 200 || s < 1) {
      return false;
    }
    double norm = Math.sqrt(dot(g, g));
    if (norms >= 4 && norm > 2.5 * usual && isStraight(g)) {
      return true;
    }
    norms++;
    usual = Double.isNaN(usual) ? norm : 0.9 * usual + 0.1 * Math.min(norm, 2 * usual);
    return false;
  }

  private boolean isStraight(double[] g) {
    double[] e = new double[w.length];
    Arrays.setAll(e, i -> w[i] - mean[i]);
    return dot(g, e) < -0.3 * Math.sqrt(dot(g, g)) * Math.sqrt(dot(e, e));
  }

  private void beginAnew() {
    jumps++;
    edges++;
    w = mean.clone();
    a -= Math.log(8);
    k = Math.log(0.35);
    largest = 0;
    last = 0;
    highest = Double.NEGATIVE_INFINITY;
    rests = Math.max(30, 2 * norms);
    count = 0;
    before = null;
    base = bases.get();
  }

  private void trace(double[] g, double s) {
    if (count == 0) {
      return;
    }
    double n = count;
    double rate = 0.25 / (n - 0.75);
    if (n >= 2) {
      highest = Math.max(highest, a);
      if (n >= rests && s >= 1 && a < highest - Math.log(2.5)) {
        highest = a;
        rests = n + Math.max(10, n / 2);
        rate = 1;
      }
    }
    double[] e = new double[w.length];
    Arrays.setAll(e, i -> w[i] - mean[i]);
    double h = dot(g, e) / (Math.sqrt(dot(g, g)) * Math.sqrt(dot(e, e)) + TINY);
    double share = rate;
    double[] old = mean;
    mean = new double[w.length];
    Arrays.setAll(mean, i -> old[i] + share * e[i]);
    largest = Math.max(largest, Math.abs(h));
    double now = h / Math.max(largest, TINY);
    if (s >= 1 && n >= rests) {
      k = Math.clamp(k + 0.15 * (now * last - 0.5), Math.log(0.1), 0);
      a -= Math.exp(k) * now;
    }
    last = now;
  }
}
