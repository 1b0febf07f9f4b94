package io.hypertape.benchmarks;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A product [m, k]·[k, n], as text {@code mxkxn}, a letter T after the factor that lies transposed.
 *
 * @param m rows of the result
 * @param k depth
 * @param n columns of the result
 * @param transA whether the first factor lies as [k, m]
 * @param transB whether the second factor lies as [n, k]
 */
public record GemmShape(int m, int k, int n, boolean transA, boolean transB) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(T?)x(\\d{1,5})x(\\d{1,5})(T?)");

  /**
   * The shapes that issue 4 lists: squares, the layers of the paper's perceptron (784-128-10,
   * batches of 256) forward and for the gradients of weights (Aᵀ·B) and inputs (A·Bᵀ), a wide
   * layer, and sizes that are multiples of nothing. {@link GemmBenchmark} repeats them, since an
   * annotation's values cannot be computed.
   */
  public static final List<String> LISTED =
      List.of(
          "64x64x64",
          "128x128x128",
          "256x256x256",
          "512x512x512",
          "1024x1024x1024",
          "2048x2048x2048",
          "256x784x128",
          "784Tx256x128",
          "256x128x784T",
          "256x128x10",
          "128Tx256x10",
          "256x10x128T",
          "128x1024x1024",
          "37x41x43",
          "129x257x65");

  /**
   * Reads a shape.
   *
   * @param text such as {@code 784Tx256x128}
   * @return the shape
   */
  public static GemmShape parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no shape of a product; 256x784x128 or 784Tx256x128 would be");
    }
    return new GemmShape(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(3)),
        Integer.parseInt(parts.group(4)),
        !parts.group(2).isEmpty(),
        !parts.group(5).isEmpty());
  }

  /**
   * Work.
   *
   * @return floating-point operations of one product
   */
  public double flops() {
    return 2.0 * m * n * k;
  }

  /**
   * Distance of the first factor's rows, as it lies.
   *
   * @return its leading dimension
   */
  public int lda() {
    return transA ? m : k;
  }

  /**
   * Distance of the second factor's rows, as it lies.
   *
   * @return its leading dimension
   */
  public int ldb() {
    return transB ? k : n;
  }

  @Override
  public String toString() {
    return m + (transA ? "T" : "") + "x" + k + "x" + n + (transB ? "T" : "");
  }
}
