package io.hypertape.benchmarks;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Strokes;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.Unrolled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Compares estimates of the derivative of the loss by ln α with the exact one over K steps, along a
 * run of the paper's MLP on the drawn digits: at each of 50 steps those of the K steps that come
 * next. Prints how often the sign is the same, and the cosine between the two series of 50 numbers:
 * for a trace with γ = −0.5, for the derivatives with the Hessians left out, and for those of one
 * step. Arguments: any number of optimizers.
 */
public final class ExactHypergradients {

  private static final int STEPS = 50;
  private static final int BATCH = 256;
  private static final int[] WINDOWS = {1, 5, 20};
  private static final List<String> OPTIMIZERS =
      List.of(
          "sgd(0.001, mu=0.9)",
          "sgd(0.01, mu=0.9)",
          "sgd(0.1, mu=0.9)",
          "sgd(1, mu=0.9)",
          "adam(0.0001)",
          "adam(0.001)",
          "adam(0.01)",
          "adam(0.1)");

  private ExactHypergradients() {}

  /**
   * Runs it.
   *
   * @param args optimizers with their step sizes, such as {@code adam(0.001)}; all optional
   */
  public static void main(String[] args) {
    StandardOutput.install();
    System.out.println(
        "784-128-10, batch 256, 50 steps; sign agreement and cosine with the exact derivative");
    System.out.println(
        "optimizer            K  loss after  positive  trace       no Hessian  1 step");
    LabeledImages images =
        Strokes.generate(1, (STEPS + WINDOWS[WINDOWS.length - 1] + 1) * BATCH, 0).train();
    for (String optimizer : args.length > 0 ? List.of(args) : OPTIMIZERS) {
      try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
        run(session, optimizer, images);
      }
    }
  }

  /** Two series of numbers. */
  private static final class Comparison {
    private int same;
    private int count;
    private double product;
    private double size;
    private double otherSize;

    void add(double exact, double estimate) {
      same += Math.signum(exact) == Math.signum(estimate) ? 1 : 0;
      count++;
      product += exact * estimate;
      size += exact * exact;
      otherSize += estimate * estimate;
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "%3d %% %5.2f",
          100 * same / count,
          product / Math.sqrt(size) / Math.sqrt(otherSize));
    }
  }

  private static Supplier<Tensor> loss(
      Session session, Mlp model, LabeledImages images, int batch) {
    int[] order = IntStream.range(batch * BATCH, (batch + 1) * BATCH).toArray();
    float[] x = new float[BATCH * images.features()];
    int[] y = new int[BATCH];
    images.gather(order, 0, BATCH, x, y);
    return () ->
        Losses.nll(
            model.forward(session.tensor(x, BATCH, images.features()), Mode.TRAIN),
            session.indices(y));
  }

  private static void run(Session session, String optimizer, LabeledImages images) {
    Mlp model = Mlp.create(session, MlpSpec.tanh(images.features(), 128, 10), 1);
    String name = optimizer.substring(0, optimizer.indexOf('('));
    String label = "L1." + name + ".alpha";
    List<Supplier<Tensor>> losses = new ArrayList<>();
    for (int i = 0; i <= STEPS + WINDOWS[WINDOWS.length - 1]; i++) {
      losses.add(loss(session, model, images, i));
    }
    Comparison[][] found = new Comparison[WINDOWS.length][3];
    int[] positive = new int[WINDOWS.length];
    double last = 0;
    try (TowerOptimizer running = Tower.parse(optimizer).bind(session, model.parameters())) {
      Unrolled exact = Unrolled.from(running);
      for (int step = 0; step < STEPS; step++) {
        for (int k = 0; k < WINDOWS.length; k++) {
          List<Supplier<Tensor>> window = losses.subList(step, step + WINDOWS[k] + 1);
          Unrolled.Hypergradients whole = exact.hypergradients(window);
          double derivative = whole.effective().get(label);
          positive[k] += derivative > 0 ? 1 : 0;
          double[] estimates = {
            whole.trace(),
            exact.withoutHessians().hypergradients(window).effective().get(label),
            exact.hypergradients(window.subList(0, 2)).effective().get(label)
          };
          for (int e = 0; e < estimates.length; e++) {
            found[k][e] = found[k][e] == null ? new Comparison() : found[k][e];
            found[k][e].add(derivative, estimates[e]);
          }
        }
        last = running.step(losses.get(step)).item();
      }
    }
    for (int k = 0; k < WINDOWS.length; k++) {
      System.out.printf(
          Locale.ROOT,
          "%-18s %3d %11.3f %8d %%  %s %s %s%n",
          optimizer,
          WINDOWS[k],
          last,
          100 * positive[k] / STEPS,
          found[k][0].text(),
          found[k][1].text(),
          found[k][2].text());
    }
  }
}
