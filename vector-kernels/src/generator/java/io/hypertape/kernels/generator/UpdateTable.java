package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What each update does to an element. A head names the update, the vectors that it reads, those
 * that it writes (as {@code pOut} and so on), its scalars, and what factors the loops have beside
 * those, as {@code UpdateFactors} puts them; one with a tilde is a decay, in three parts. Behind it
 * is what the Javadoc says, and then local variables, new values and terms of sums; {@code where}
 * leaves out what would be a quotient by zero.
 *
 * <p>{@code mean(m, x, beta)} is β·m + (1−β)·x, and {@code keep(m, x, beta)} β·m + x.
 */
final class UpdateTable {

  private static final String TABLE =
      """
      SGD | p g | p | alpha
        # Gradient descent, p' = p − alpha·g.
        pOut = p - g * alpha
      SGD_HYPER | c g |  | alpha
        # Its derivative by alpha, −⟨c, g⟩.
        sum c * g
      SGD_MOMENTUM | p g b | p b | alpha mu
        # With momentum: b' = mu·b + g, p' = p − alpha·b'.
        bOut = b * mu + g
        pOut = p - bOut * alpha
      SGD_MOMENTUM_HYPER | c g b |  | alpha mu
        # Its derivatives by alpha and mu, −⟨c, mu·b + g⟩ and −alpha·⟨c, b⟩.
        sum c * (b * mu + g)
        sum c * b
      ADAGRAD | p g s | p s | alpha eps
        # AdaGrad: s' = s + g², p' = p − alpha·g/√(s' + eps).
        sOut = g * g + s
        pOut = p - g * alpha / sqrt(sOut + eps)
      ADAGRAD_HYPER | c g s |  | alpha eps
        # Its derivative by alpha, −⟨c, g/√(s + g² + eps)⟩.
        sum c * g / sqrt(fma(g, g, s) + eps)
      RMSPROP | p g s | p s | alpha gamma~ eps
        # RMSProp: s' = gamma·s + (1−gamma)·g², p' = p − alpha·g/√(s' + eps). The decay is in double
        # precision, since 1 − gamma counts.
        sOut = mean(s, g * g, gamma)
        pOut = p - g * alpha / sqrt(sOut + eps)
      RMSPROP_HYPER | c g s |  | alpha gamma~ eps
        # Its derivatives by alpha and gamma, −⟨c, g/√(s' + eps)⟩ and ½·alpha·⟨c, g·(s − g²)/(s' +
        # eps)^1.5⟩.
        square = g * g
        inner = mean(s, square, gamma) + eps
        share = c * g / sqrt(inner)
        sum share
        sum share * (s - square) / inner
      ADAM | p g m v | p m v | alpha beta1~ beta2~ eps t | step hat
        # Adam: m' = beta1·m + (1−beta1)·g, v' = beta2·v + (1−beta2)·g², p' = p − alpha·m̂/(√v̂ +
        # eps),
        # m̂ = m'/(1−beta1^t), v̂ = v'/(1−beta2^t), t being the number of steps, that one included.
        mOut = mean(m, g, beta1)
        vOut = mean(v, g * g, beta2)
        pOut = p - mOut * step / (sqrt(vOut * hat) + eps)
      ADAM_HYPER | c g m v |  | alpha beta1~ beta2~ eps t | mHat vHat mSlope vSlope
        # Its derivatives by alpha, beta1 and beta2; the bias corrections are differentiated through
        # beta^t. An element whose v̂ is 0 adds nothing to that by beta2.
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
        # A running mean of weights, mean' = mean + rate·e with e = w − mean; sums ⟨g, e⟩, Σg² and
        # Σe².
        e = w - mean
        meanOut = e * rate + mean
        sum g * e
        sum g * g
        sum e * e
      PRODIGY_TERMS | p g m v s x0 | m v s | d weight beta1~ beta2~ beta3 | kept~
        # Prodigy's means: m' = β₁·m + (1−β₁)·(d·g), v' = β₂·v + (1−β₂)·(d·g)², s' = β₃·s +
        # weight·g;
        # sums ⟨x0 − p, g⟩ and Σ|s'|. A β₃ of 0 stands for √β₂.
        scaled = g * d
        mOut = mean(m, scaled, beta1)
        vOut = mean(v, scaled * scaled, beta2)
        sOut = keep(s, g * weight, kept)
        sum (x0 - p) * g
        sum abs(sOut)
      DADAPT_ADAM_TERMS | g m v s | m v s | step beta1~ beta2~ eps | root2~
        # The means of D-Adaptation with Adam: with h = step·g, m' = β₁·m + (1−β₁)·h, v' = β₂·v +
        # (1−β₂)·g², s' = √β₂·s + (1−√β₂)·h; sums ⟨s/(√v + ε), h⟩ and Σ|s'|.
        scaled = g * step
        mOut = mean(m, scaled, beta1)
        vOut = mean(v, g * g, beta2)
        sOut = mean(s, scaled, root2)
        sum s / (sqrt(v) + eps) * scaled
        sum abs(sOut)
      DADAPT_SGD_TERMS | g raw s | s | step
        # The sum of gradients of D-Adaptation: with h = step·g, s' = s + h; sums ⟨h, s⟩, Σs'² and
        # Σr², r
        # being the gradient without weight decay; where r is g, it is read once.
        scaled = g * step
        sOut = s + scaled
        sum scaled * s
        sum sOut * sOut
        sum raw * raw
      DISTANCE_TERMS | p g x0 |  |
        # How far weights have gone: sums Σg², Σ(p − x0)² and Σx0².
        away = p - x0
        sum g * g
        sum away * away
        sum x0 * x0
      MECHANIC_TERMS | p g q o | o |
        # Mechanic's offset: o' = o + (q − p), q being where the base optimizer would go; sums Σg²,
        # Σq²,
        # ⟨o, g⟩ and ⟨o, q⟩.
        oOut = o + (q - p)
        sum g * g
        sum q * q
        sum o * g
        sum o * q
      MEANS_STEP | p m v | p | step eps
        # The step that follows from means, p' = p − m/(√v + ε)·step.
        pOut = p - m / (sqrt(v) + eps) * step
      SCHEDULE_FREE_SGD | y g z | y z | step shrink beta betaNow c | share
        # Schedule-Free gradient descent: with h = g·step + y·shrink, z' = z − h, y' = z' + (h + (y
        # −
        # z)/β)·(β'·(1−c)).
        down = g * step + y * shrink
        zOut = z - down
        yOut = zOut + (down + (y - z) / beta) * share
      SCHEDULE_FREE_ADAM | y g z v | y z v | step shrink beta betaNow c beta2~ eps t | share hat
        # Schedule-Free AdamW: the same with h = g/(√(v'/(1−β₂^t)) + ε)·step + y·shrink and v' =
        # β₂·v +
        # (1−β₂)·g².
        vOut = mean(v, g * g, beta2)
        down = g / (sqrt(vOut * hat) + eps) * step + y * shrink
        zOut = z - down
        yOut = zOut + (down + (y - z) / beta) * share
      GRADIENT_TERMS | g a b |  |
        # A gradient beside two other vectors: sums Σg², ⟨g, a⟩, ⟨g, b⟩ and Σb²; those that are the
        # same
        # are read once.
        sum g * g
        sum a * g
        sum b * g
        sum b * b
      SCALED_STEP | p g before P G | p P G | alpha squares eps
        # Gradient descent by a step size for each weight, learned by AdaGrad: h =
        # −(g·before)/squares,
        # G' = G + h², P' = P − h·alpha/(√G' + ε), p' = p − g·P'.
        h = -(g * before) / squares
        GOut = G + h * h
        POut = P - h * alpha / (sqrt(GOut) + eps)
        pOut = p - g * POut
      SCALED_MOMENTUM | p g before P G last | p P G moved | alpha squares eps mu
        # The same with momentum: moved = p − last, p' = (p − g·P') + moved·mu.
        h = -(g * before) / squares
        GOut = G + h * h
        POut = P - h * alpha / (sqrt(GOut) + eps)
        movedOut = p - last
        pOut = p - g * POut + movedOut * mu
      """;

  private UpdateTable() {}

  /**
   * A row.
   *
   * @param name the update
   * @param inputs vectors that it reads
   * @param outputs vectors that it writes
   * @param scalars in order, decays with their tilde
   * @param more factors that follow from the scalars, likewise
   * @param doc what it is, words by words
   * @param lines what becomes of an element
   */
  record Row(
      String name,
      List<String> inputs,
      List<String> outputs,
      List<String> scalars,
      List<String> more,
      List<String> doc,
      List<String> lines) {

    /** What the loops multiply by: scalars, and what follows from them. */
    List<String> factors() {
      return Stream.concat(scalars.stream(), more.stream()).toList();
    }

    /** The name of its methods. */
    String method() {
      return JavaText.method(name);
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
      if (line.startsWith("  # ")) {
        rows.getLast().doc().addAll(words(line.substring(4)));
      } else if (line.startsWith("  ")) {
        rows.getLast().lines().add(line.strip());
      } else {
        rows.add(head(line.split("\\|", -1)));
      }
    }
    return rows;
  }

  private static Row head(String[] head) {
    List<String> outputs = words(head[2]).stream().map(name -> name + "Out").toList();
    List<String> more = head.length > 4 ? words(head[4]) : List.of();
    return new Row(
        head[0].strip(),
        words(head[1]),
        outputs,
        words(head[3]),
        more,
        new ArrayList<>(),
        new ArrayList<>());
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" "));
  }
}
