package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Exponential, logarithm and hyperbolic tangent of vectors, from tables of their coefficients; the
 * exponential also of one number, from the same formulas.
 */
final class MathSource {

  /** Constants, which are vectors made once. */
  private static final String CONSTANTS =
      """
      LOG2_E | 1.44269504f
      // ln 2 in two parts; products of the first with a small integer are exact.
      LN2_HIGH | 0.693359375f
      LN2_LOW | -2.12194440e-4f
      MINUS_LN2_HIGH | -0.693359375f
      MINUS_LN2_LOW | 2.12194440e-4f
      // Adding 1.5·2^23 rounds to an integer, which the low bits of the sum then hold.
      ROUND | 0x1.8p23f
      // Beyond these exp is 0 or ∞ anyway, and tanh 1.
      LOWEST | -105f
      HIGHEST | 89f
      TEN | 10f
      ONE | 1f
      TWO | 2f
      MINUS_HALF | -0.5f
      NEAR_INVERSE | 1.457f
      """;

  /** Polynomials, from the highest power down. */
  private static final String POLYNOMIALS =
      """
      EXP | 1.9875691500e-4f 1.3981999507e-3f 8.3334519073e-3f 4.1665795894e-2f 1.6666665459e-1f\
       5.0000001201e-1f
      LOG | 7.0376836292e-2f -1.1514610310e-1f 1.1676998740e-1f -1.2420140846e-1f 1.4249322787e-1f\
       -1.6668057665e-1f 2.0000714765e-1f -2.4999993993e-1f 3.3333331174e-1f
      TANH | -5.70498872745e-3f 2.06390887954e-2f -5.37397155531e-2f 1.33314422036e-1f\
       -3.33332819422e-1f
      """;

  /** e^x as 2^n·p: the sum of n and what rounds it to an integer, and p. */
  private static final String EXPONENTIAL =
      """
      shifted = fma(x, LOG2_E, ROUND)
      n = shifted - ROUND
      r = fma(n, MINUS_LN2_LOW, fma(n, MINUS_LN2_HIGH, x))
      p = EXP(r)
      p = fma(p, r * r, r) + ONE
      """;

  private static final String HEAD =
      """
      package io.hypertape.kernels.lanes;

      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.IntVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Exponential, logarithm and hyperbolic tangent from exact vector operations only. {@code
       * VectorOperators.EXP} and its like call a vector library from compiled code but {@link Math} from
       * the interpreter: the same run would give other bits as methods get compiled.
       *
       * <p>Reductions and polynomials are those of Moshier's Cephes (expf, logf, tanhf); errors stay
       * below 2 units in the last place.
       */
      public final class VectorMath {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int SIGN = 0x8000_0000;
        private static final int SQRT_HALF = 0x3F35_04F3;
        private static final int ROUND_BITS = Float.floatToRawIntBits(0x1.8p23f);

        // Constants are vectors made once: made where they are used, they are so many that the compiler
        // stops inlining in the midst of a caller with several functions, and vectors go through the
        // heap.

      """;

  /** Lines without an end are formulas. */
  private static final String METHODS =
      """

        private VectorMath() {}

        private static FloatVector all(float value) {
          return FloatVector.broadcast(S, value);
        }

        public static FloatVector exp(FloatVector v) {
          // Beyond these bounds the result is 0 or ∞ anyway, and the exponent below stays in range. NaN
          // passes.
          x = min(max(v, LOWEST), HIGHEST)
          EXPONENTIAL
          // 2^n in two factors, since 2^128 is no float and results may be subnormal.
          IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
          IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
          return p.mul(power(half)).mul(power(whole.sub(half)));
        }

        private static FloatVector power(IntVector exponent) {
          return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        }

        public static FloatVector log(FloatVector v) {
          VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
          IntVector bits = v.blend(v.mul(0x1p23f), subnormal).reinterpretAsInts();
          // v = m·2^e with m in [√½, √2)
          IntVector e = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
          FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
          FloatVector exponent = toFloat(e);
          exponent = exponent.blend(exponent.sub(23f), subnormal);
          f = m - ONE
          z = f * f
          p = LOG(f)
          y = fma(exponent, LN2_LOW, p * f * z)
          y = fma(z, MINUS_HALF, y)
          result = fma(exponent, LN2_HIGH, f + y)
          result = result.blend(v, v.compare(VectorOperators.GE, Float.POSITIVE_INFINITY));
          result = result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
          // Not below zero and equal to itself, else NaN.
          return result.blend(Float.NaN, v.compare(VectorOperators.GE, 0f).not());
        }

        /** Exact for integers below 2^22 by the same addition that rounds. */
        private static FloatVector toFloat(IntVector small) {
          return small.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
        }

        public static FloatVector tanh(FloatVector v) {
          a = abs(v)
          // 1 − 2/(e^2a + 1), which is 1 in float beyond 9.02: the exponent stays small, one factor does.
          x = min(a, TEN) * TWO
          EXPONENTIAL
          FloatVector e = p.mul(power(shifted.reinterpretAsInts().sub(ROUND_BITS)));
          large = ONE - TWO / (e + ONE)
          z = a * a
          q = TANH(z)
          small = fma(q * z, a, a)
          FloatVector t = large.blend(small, a.compare(VectorOperators.LT, 0.625f));
          IntVector sign = v.reinterpretAsInts().and(SIGN);
          return t.reinterpretAsInts().or(sign).reinterpretAsFloats();
        }

        /** The exponential of {@code −|v|}, at most 1, with v's sign: half of {@link #sigmoid}. */
        public static FloatVector signedDecay(FloatVector v) {
          IntVector sign = v.reinterpretAsInts().and(SIGN);
          return exp(v.abs().neg()).reinterpretAsInts().or(sign).reinterpretAsFloats();
        }

        /**
         * {@code 1/(1+e^-v)} from {@link #signedDecay}. The quotient takes in what the sum rounded away
         * and its own remainder: three roundings beside the exponential's would be more than 2 units in
         * the last place.
         */
        public static FloatVector sigmoid(FloatVector decay) {
          e = abs(decay)
          // Not by comparison with 0, which −0 is equal to.
          VectorMask<Float> negative = decay.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(S);
          FloatVector above = ONE.blend(e, negative);
          below = e + ONE
          lost = e - (below - ONE)
          q = above / below
          rest = fma(-q, lost, fma(-q, below, above))
          // Within 4 percent of 1/below, which lies between ½ and 1.
          inverse = fma(below, MINUS_HALF, NEAR_INVERSE)
          return rest.fma(inverse, q);
        }
      """;

  private static final String OF_FLOATS =
      """

        /** One number's, in the bits that it has in a vector, which one number is not worth. */
        public static float exp(float v) {
          x = min(max(v, LOWEST), HIGHEST)
          EXPONENTIAL
          int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
          int half = whole >> 1;
          return p * power(half) * power(whole - half);
        }

        private static float power(int exponent) {
          return Float.intBitsToFloat(exponent + 127 << 23);
        }
      """;

  private static final Pattern FORMULA = Pattern.compile("    (\\w+) = ([^;]+)");
  private static final Pattern POLYNOMIAL = Pattern.compile("([A-Z]+)\\((\\w)\\)");
  private static final Pattern CONSTANT = Pattern.compile("\\b[A-Z][A-Z0-9_]+\\b");

  private final JavaText text = new JavaText();
  private final Map<String, String> constants = new TreeMap<>();

  static String source() {
    return new MathSource().text();
  }

  private String text() {
    text.head(HEAD);
    CONSTANTS.lines().forEach(this::constant);
    for (String line : POLYNOMIALS.lines().toList()) {
      String[] sides = line.split(" \\| ");
      String[] coefficients = sides[1].split(" ");
      text.lines("");
      for (int i = 0; i < coefficients.length; i++) {
        constant(sides[0] + "_" + (coefficients.length - 1 - i) + " | " + coefficients[i]);
      }
    }
    return text + methods(METHODS, true) + methods(OF_FLOATS, false) + "}\n";
  }

  private void constant(String line) {
    String[] sides = line.split(" \\| ");
    if (sides.length == 2) {
      constants.put(sides[0], sides[1]);
    }
    text.lines(
        sides.length == 1
            ? line
            : "private static final FloatVector " + sides[0] + " = all(" + sides[1] + ");");
  }

  private String methods(String template, boolean vectors) {
    Set<String> variables = new TreeSet<>();
    StringBuilder java = new StringBuilder();
    String all = template.replace("    EXPONENTIAL\n", EXPONENTIAL.indent(4));
    for (String line : all.lines().toList()) {
      Matcher formula = FORMULA.matcher(line);
      if (!formula.matches()) {
        variables.removeIf(unused -> line.equals("  }"));
        java.append(line).append('\n');
        continue;
      }
      for (String value : values(formula.group(1), formula.group(2))) {
        String type = vectors ? "FloatVector " : "float ";
        java.append("    ").append(variables.add(formula.group(1)) ? type : "");
        java.append(formula.group(1)).append(" = ");
        java.append(vectors ? VectorFormula.of(value, Set.of()) : ofFloats(value)).append(";\n");
      }
    }
    return java.toString();
  }

  /** What a variable becomes, one after the other; a polynomial by Horner's rule. */
  private List<String> values(String variable, String formula) {
    Matcher polynomial = POLYNOMIAL.matcher(formula);
    if (!polynomial.matches()) {
      return List.of(formula);
    }
    List<String> values = new ArrayList<>();
    String name = polynomial.group(1) + "_";
    String x = polynomial.group(2);
    int power = degree(name) - 1;
    values.add("fma(" + x + ", " + name + (power + 1) + ", " + name + power + ")");
    for (power--; power >= 0; power--) {
      values.add("fma(" + variable + ", " + x + ", " + name + power + ")");
    }
    return values;
  }

  private int degree(String name) {
    return (int) constants.keySet().stream().filter(key -> key.startsWith(name)).count() - 1;
  }

  private String ofFloats(String formula) {
    String java = formula.replaceAll("\\b(fma|min|max)\\(", "Math.$1(");
    return CONSTANT.matcher(java).replaceAll(constant -> constants.get(constant.group()));
  }
}
