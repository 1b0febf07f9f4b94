package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * What each update does to an element. A head names the update, the vectors that it reads, those
 * that it writes (as {@code pOut} and so on) and its factors in the order of {@code UpdateFactors};
 * a factor with a tilde is a decay, in three parts. The lines behind it are local variables, new
 * values and terms of sums; {@code where} leaves out what would be a quotient by zero.
 *
 * <p>{@code mean(m, x, beta)} is β·m + (1−β)·x, and {@code keep(m, x, beta)} β·m + x.
 */
final class UpdateTable {

  private static final String TABLE =
      """
      SGD | p g | p | alpha
        pOut = p - g * alpha
      SGD_HYPER | c g | |
        sum c * g
      SGD_MOMENTUM | p g b | p b | alpha mu
        bOut = b * mu + g
        pOut = p - bOut * alpha
      SGD_MOMENTUM_HYPER | c g b | | alpha mu
        sum c * (b * mu + g)
        sum c * b
      ADAGRAD | p g s | p s | alpha eps
        sOut = g * g + s
        pOut = p - g * alpha / sqrt(sOut + eps)
      ADAGRAD_HYPER | c g s | | alpha eps
        sum c * g / sqrt(fma(g, g, s) + eps)
      RMSPROP | p g s | p s | alpha gamma~ eps
        sOut = mean(s, g * g, gamma)
        pOut = p - g * alpha / sqrt(sOut + eps)
      RMSPROP_HYPER | c g s | | alpha gamma~ eps
        square = g * g
        inner = mean(s, square, gamma) + eps
        share = c * g / sqrt(inner)
        sum share
        sum share * (s - square) / inner
      ADAM | p g m v | p m v | alpha beta1~ beta2~ eps t step hat
        mOut = mean(m, g, beta1)
        vOut = mean(v, g * g, beta2)
        pOut = p - mOut * step / (sqrt(vOut * hat) + eps)
      ADAM_HYPER | c g m v | | alpha beta1~ beta2~ eps t mHat vHat mSlope vSlope
        square = g * g
        mNew = mean(m, g, beta1)
        vNew = mean(v, square, beta2)
        mean = mNew * mHat
        root = sqrt(vNew * vHat)
        below = root + eps
        share = c / below
        meanRate = (m - g) * mHat + mNew * mSlope
        squareRate = (v - square) * vHat + vNew * vSlope
        sum share * mean
        sum share * meanRate
        // The quotient first: squareRate alone is beyond what floats reach where beta2 is next to 1.
        slope = share * mean * (squareRate / (below * root))
        sum slope where root
      TRACE | g w mean | mean | rate
        e = w - mean
        meanOut = e * rate + mean
        sum g * e
        sum g * g
        sum e * e
      PRODIGY_TERMS | p g m v s x0 | m v s | d weight beta1~ beta2~ beta3 kept~
        scaled = g * d
        mOut = mean(m, scaled, beta1)
        vOut = mean(v, scaled * scaled, beta2)
        sOut = keep(s, g * weight, kept)
        sum (x0 - p) * g
        sum abs(sOut)
      DADAPT_ADAM_TERMS | g m v s | m v s | step beta1~ beta2~ eps root2~
        scaled = g * step
        mOut = mean(m, scaled, beta1)
        vOut = mean(v, g * g, beta2)
        sOut = mean(s, scaled, root2)
        sum s / (sqrt(v) + eps) * scaled
        sum abs(sOut)
      DADAPT_SGD_TERMS | g raw s | s | step
        scaled = g * step
        sOut = s + scaled
        sum scaled * s
        sum sOut * sOut
        sum raw * raw
      DISTANCE_TERMS | p g x0 | |
        away = p - x0
        sum g * g
        sum away * away
        sum x0 * x0
      MECHANIC_TERMS | p g q o | o |
        oOut = o + (q - p)
        sum g * g
        sum q * q
        sum o * g
        sum o * q
      MEANS_STEP | p m v | p | step eps
        pOut = p - m / (sqrt(v) + eps) * step
      SCHEDULE_FREE_SGD | y g z | y z | step shrink beta betaNow c share
        down = g * step + y * shrink
        zOut = z - down
        yOut = zOut + (down + (y - z) / beta) * share
      SCHEDULE_FREE_ADAM | y g z v | y z v | step shrink beta betaNow c beta2~ eps t share hat
        vOut = mean(v, g * g, beta2)
        down = g / (sqrt(vOut * hat) + eps) * step + y * shrink
        zOut = z - down
        yOut = zOut + (down + (y - z) / beta) * share
      GRADIENT_TERMS | g a b | |
        sum g * g
        sum a * g
        sum b * g
        sum b * b
      SCALED_STEP | p g before scale total | p scale total | alpha squares eps
        h = -(g * before) / squares
        totalOut = total + h * h
        scaleOut = scale - h * alpha / (sqrt(totalOut) + eps)
        pOut = p - g * scaleOut
      SCALED_MOMENTUM | p g before scale total last | p scale total moved | alpha squares eps mu
        h = -(g * before) / squares
        totalOut = total + h * h
        scaleOut = scale - h * alpha / (sqrt(totalOut) + eps)
        movedOut = p - last
        pOut = p - g * scaleOut + movedOut * mu
      """;

  private UpdateTable() {}

  /**
   * A row.
   *
   * @param name the update
   * @param inputs vectors that it reads
   * @param outputs vectors that it writes
   * @param factors in order, decays with their tilde
   * @param lines what becomes of an element
   */
  record Row(
      String name,
      List<String> inputs,
      List<String> outputs,
      List<String> factors,
      List<String> lines) {

    /** The name of its methods. */
    String method() {
      StringBuilder method = new StringBuilder();
      for (String word : name.split("_")) {
        String small = word.substring(1).toLowerCase(java.util.Locale.ROOT);
        method.append(
            method.isEmpty() ? word.toLowerCase(java.util.Locale.ROOT) : word.charAt(0) + small);
      }
      return method.toString();
    }

    /** Whether a line names a variable. */
    boolean uses(String variable) {
      return lines.stream().anyMatch(line -> line.matches(".*\\b" + variable + "\\b.*"));
    }

    /** How many sums it gives. */
    int sums() {
      return (int) lines.stream().filter(line -> line.startsWith("sum ")).count();
    }
  }

  /** All rows, in the order of the updates. */
  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      if (line.startsWith("  ")) {
        rows.getLast().lines().add(line.strip());
        continue;
      }
      String[] head = line.split("\\|", -1);
      List<String> outputs = words(head[2]).stream().map(name -> name + "Out").toList();
      rows.add(
          new Row(head[0].strip(), words(head[1]), outputs, words(head[3]), new ArrayList<>()));
    }
    return rows;
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" "));
  }
}
