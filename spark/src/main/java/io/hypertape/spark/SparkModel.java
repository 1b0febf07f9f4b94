package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.run.folder.RunFolder;
import io.hypertape.spark.exchange.ExchangeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What training on Spark has made. */
public final class SparkModel {

  private final TrainingOutcome outcome;
  private final List<ExchangeReport> reports;

  SparkModel(TrainingOutcome outcome, List<ExchangeReport> reports) {
    this.outcome = Nulls.check(outcome, "spark model: outcome");
    this.reports = List.copyOf(reports);
  }

  /**
   * Writes the weights, as {@code Checkpoint.write} does.
   *
   * @param file where to, in the safetensors format
   * @throws IOException if it cannot be written; what was there before is kept
   */
  public void write(Path file) throws IOException {
    Nulls.check(file, "spark model: file");
    AtomicFile.write(file, out -> out.write(outcome.weights()));
  }

  /**
   * Writes what a run's folder has: the weights, the table of losses and hyperparameters, and that
   * of judgements, whatever attempts it took.
   *
   * @param folder where to; it is made if it is not there
   * @throws IOException if a file cannot be written
   */
  public void writeRun(Path folder) throws IOException {
    Nulls.check(folder, "spark model: folder");
    Files.createDirectories(folder);
    write(folder.resolve(RunFolder.MODEL));
    outcome.metrics().write(folder.resolve(RunFolder.METRICS));
    outcome.epochs().write(folder.resolve(RunFolder.EPOCHS));
  }

  /**
   * What predicts by this model in executors.
   *
   * @return a predictor, which this model is not needed for any more
   */
  public SparkPredictor predictor() {
    return new SparkPredictor(outcome.weights());
  }

  /**
   * A sum of the file's bytes, which are equal for any number of workers.
   *
   * @return SHA-256, in hexadecimal digits
   */
  public String sha256() {
    return sha256(outcome.weights());
  }

  static String sha256(byte[] weights) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * How the model does on the rows to judge by.
   *
   * @return numbers by the names of measures, such as {@code loss}
   */
  public Map<String, Double> measures() {
    return Map.copyOf(outcome.measures());
  }

  /**
   * How long was trained.
   *
   * @return number of steps since the run's beginning
   */
  public long steps() {
    return outcome.steps();
  }

  /**
   * What sums have cost in the last attempt.
   *
   * @return a report a worker, in the order of their numbers
   */
  public List<ExchangeReport> reports() {
    return reports;
  }
}
