package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import java.io.IOException;
import java.util.regex.Pattern;

/** All comparisons with peers on the CPU: products, training steps, layers, predictions. */
public final class PeerSuites {

  /** What a first look takes of them. */
  public static final String FEW =
      "^(gemm (256x784x128|512x512x512|37x41x43)|step (adam|char-lstm|resnet20) .*|step adam.*"
          + "|layer (product .*|convolution \\S+ (16>16@32|32>64@16),.*|lstm .*)"
          + "|predict (mlp batch 64|cnn batch 1|resnet20 batch 1))$";

  private final GemmPeers gemms;
  private final StepPeers steps;
  private final LayerPeers layers;
  private final PredictionPeers predictions;

  /**
   * Prepares the comparisons.
   *
   * @param filter which of them, by {@code gemm SHAPE}, {@code step TOWER} for the MLP and {@code
   *     step MODEL TOWER} for other models, {@code layer KIND PASS SHAPE}, {@code predict MODEL
   *     batch SIZE}
   * @param options where peers are, how long to measure
   */
  public PeerSuites(Pattern filter, PeerOptions options) {
    gemms = new GemmPeers(filter, options);
    steps = new StepPeers(filter, options);
    layers = new LayerPeers(filter, options);
    predictions = new PredictionPeers(filter, options);
  }

  /**
   * How much there is to do.
   *
   * @return number of comparisons
   */
  public int size() {
    return gemms.size() + steps.size() + layers.size() + predictions.size();
  }

  /**
   * Compares.
   *
   * @param progress told of each comparison
   * @param report gets a section for each kind
   * @throws IOException if one of our processes fails
   */
  public void run(BenchmarkProgress progress, Report report) throws IOException {
    gemms.run(progress, report);
    steps.run(progress, report);
    layers.run(progress, report);
    predictions.run(progress, report);
  }
}
