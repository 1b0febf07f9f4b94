package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.spark.exchange.ExchangeReport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What training on Spark has made. */
public final class SparkModel {

  private final byte[] weights;
  private final Map<String, Double> measures;
  private final long steps;
  private final List<ExchangeReport> reports;

  SparkModel(
      byte[] weights, Map<String, Double> measures, long steps, List<ExchangeReport> reports) {
    this.weights = Nulls.check(weights, "spark model: weights");
    this.measures = Map.copyOf(measures);
    this.steps = steps;
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
    AtomicFile.write(file, out -> out.write(weights));
  }

  /**
   * A sum of the file's bytes, which are equal for any number of workers.
   *
   * @return SHA-256, in hexadecimal digits
   */
  public String sha256() {
    return sha256(weights);
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
    return measures;
  }

  /**
   * How long was trained.
   *
   * @return number of steps since the run's beginning
   */
  public long steps() {
    return steps;
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
