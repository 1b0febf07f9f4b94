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
 * Exponential, logarithm, hyperbolic tangent and sigmoid from tables of their coefficients: of rows
 * on vectors, and of one number from the same formulas.
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

  /** e^x as 2^k·p: the sum of k and what rounds it to an integer, and p. */
  private static final String EXPONENTIAL =
      """
      shifted = fma(x, LOG2_E, ROUND)
      k = shifted - ROUND
      r = fma(k, MINUS_LN2_LOW, fma(k, MINUS_LN2_HIGH, x))
      p = EXP(r)
      p = fma(p, r * r, r) + ONE
      """;

  private static final String HEAD =
      """
      package io.hypertape.kernels.elementwise;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.IntVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Exponential, logarithm, hyperbolic tangent and sigmoid from exact vector operations only. {@code
       * VectorOperators.EXP} and its like call a vector library from compiled code but {@link Math} from
       * the interpreter: the same run would give other bits as methods get compiled.
       *
       * <p>Reductions and polynomials are those of Moshier's Cephes (expf, logf, tanhf); errors stay
       * below 2 units in the last place.
       *
       * <p>Each loop is written out, and so longer than what the compiler inlines into its callers (325
       * bytes), and so is what remains at the end of a row: each is compiled by itself. Several of them in
       * one would be more than it takes before it stops inlining midway, and vectors go through the heap.
       */
      @LeafLoop
      final class VectorMath {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();

        /** Elements that stay in the first-level cache from one step to the next. */
        private static final int BLOCK = 1 << 11;

      INTEGERS
        // Constants are vectors made once: made where they are used, they are so many that the compiler
        // stops inlining midway, too.

      """;

  private static final String SCALAR_HEAD =
      """
      package io.hypertape.kernels.lanes;

      /**
       * Exponential, logarithm, hyperbolic tangent and sigmoid of one number, in the bits that they have
       * in a vector of any length: the same formulas, products and sums fused in the same places.
       */
      public final class ScalarMath {

      INTEGERS
        private ScalarMath() {}

      POWER

        /** Without a branch, which would be taken at random: the first if the sign bit is set. */
        private static float select(int sign, float yes, float no) {
          int bits = Float.floatToRawIntBits(no);
          return Float.intBitsToFloat(bits ^ (bits ^ Float.floatToRawIntBits(yes)) & sign >> 31);
        }
      """;

  private static final String INTEGERS =
      """
        private static final int SIGN = 0x8000_0000;
        private static final int SQRT_HALF = 0x3F35_04F3;
        private static final int ROUND_BITS = Float.floatToRawIntBits(0x1.8p23f);

      """;

  private static final String POWER =
      """
        private static float power(int exponent) {
          return Float.intBitsToFloat(exponent + 127 << 23);
        }
      """;

  private static final String HELPERS =
      """

        private VectorMath() {}

        private static FloatVector all(float value) {
          return FloatVector.broadcast(S, value);
        }

        private static FloatVector power(IntVector exponent) {
          return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        }

      POWER

        /** Exact for integers below 2^22 by the same addition that rounds. */
        private static FloatVector toFloat(IntVector small) {
          return small.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
        }
      """;

  // Of a vector v each. Lines without an end are formulas, the last one is the result. Behind a bar
  // stands what a line of vectors is of one number.

  private static final String EXP =
      """
      // Beyond these bounds the result is 0 or ∞ anyway, and the exponent below stays in range. NaN
      // passes.
      x = min(max(v, LOWEST), HIGHEST)
      EXPONENTIAL
      // 2^k in two factors, since 2^128 is no float and results may be subnormal.
      IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);\
       | int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
      IntVector half = whole.lanewise(VectorOperators.ASHR, 1); | int half = whole >> 1;
      p.mul(power(half)).mul(power(whole.sub(half))) | p * power(half) * power(whole - half)
      """;

  private static final String LOG =
      """
      VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);\
       | boolean subnormal = v < Float.MIN_NORMAL;
      IntVector bits = v.blend(v.mul(0x1p23f), subnormal).reinterpretAsInts();\
       | int bits = Float.floatToRawIntBits(subnormal ? v * 0x1p23f : v);
      // v = m·2^e with m in [√½, √2)
      IntVector e = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);\
       | int e = bits - SQRT_HALF >> 23;
      FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();\
       | float m = Float.intBitsToFloat(bits - (e << 23));
      FloatVector exponent = toFloat(e); | float exponent = e;
      exponent = exponent.blend(exponent.sub(23f), subnormal);\
       | exponent = subnormal ? exponent - 23f : exponent;
      f = m - ONE
      z = f * f
      p = LOG(f)
      y = fma(exponent, LN2_LOW, p * f * z)
      y = fma(z, MINUS_HALF, y)
      result = fma(exponent, LN2_HIGH, f + y)
      result = result.blend(v, v.compare(VectorOperators.GE, Float.POSITIVE_INFINITY));\
       | result = v >= Float.POSITIVE_INFINITY ? v : result;
      result = result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));\
       | result = v == 0f ? Float.NEGATIVE_INFINITY : result;
      // Not below zero and equal to itself, else NaN.
      result.blend(Float.NaN, v.compare(VectorOperators.GE, 0f).not())\
       | v >= 0f ? result : Float.NaN
      """;

  private static final String TANH =
      """
      a = abs(v)
      // 1 − 2/(e^2a + 1), which is 1 in float beyond 9.02: the exponent stays small, one factor does.
      x = min(a, TEN) * TWO
      EXPONENTIAL
      FloatVector e = p.mul(power(shifted.reinterpretAsInts().sub(ROUND_BITS)));\
       | float e = p * power(Float.floatToRawIntBits(shifted) - ROUND_BITS);
      large = ONE - TWO / (e + ONE)
      z = a * a
      q = TANH(z)
      small = fma(q * z, a, a)
      FloatVector t = large.blend(small, a.compare(VectorOperators.LT, 0.625f));\
       | float t = a < 0.625f ? small : large;
      IntVector sign = v.reinterpretAsInts().and(SIGN);\
       | int sign = Float.floatToRawIntBits(v) & SIGN;
      t.reinterpretAsInts().or(sign).reinterpretAsFloats()\
       | Float.intBitsToFloat(Float.floatToRawIntBits(t) | sign)
      """;

  /** The exponential of −|v|, at most 1, with v's sign: half of the sigmoid. */
  private static final String DECAY =
      """
      x = max(-abs(v), LOWEST)
      EXPONENTIAL
      IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);\
       | int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
      IntVector half = whole.lanewise(VectorOperators.ASHR, 1); | int half = whole >> 1;
      FloatVector size = p.mul(power(half)).mul(power(whole.sub(half)));\
       | float size = p * power(half) * power(whole - half);
      IntVector sign = v.reinterpretAsInts().and(SIGN);\
       | int sign = Float.floatToRawIntBits(v) & SIGN;
      size.reinterpretAsInts().or(sign).reinterpretAsFloats()\
       | Float.intBitsToFloat(Float.floatToRawIntBits(size) | sign)
      """;

  /** The sigmoid, from that. */
  private static final String QUOTIENT =
      """
      e = abs(decay)
      // Not by comparison with 0, which −0 is equal to.
      VectorMask<Float> negative = decay.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(S);\
       | int negative = Float.floatToRawIntBits(decay);
      FloatVector above = ONE.blend(e, negative); | float above = select(negative, e, 1f);
      below = e + ONE
      // What the sum rounded away, and the quotient's own remainder: three roundings beside the
      // exponential's would be more than 2 units in the last place.
      lost = e - (below - ONE)
      q = above / below
      remainder = fma(-q, lost, fma(-q, below, above))
      // Within 4 percent of 1/below, which lies between ½ and 1.
      inverse = fma(below, MINUS_HALF, NEAR_INVERSE)
      remainder.fma(inverse, q) | Fma.fma(remainder, inverse, q)
      """;

  private static final String ONE_NUMBER =
      """
          if (length == 1) {
            // A step size by its logarithm, say: no vector, which it would leave on the heap.
            float v = in[inOff];
            BODY ONE_EXP out[outOff] = RESULT;
            return;
          }
      """;

  private static final String LOOP =
      """

        static void NAME(int length, float[] in, int inOff, float[] out, int outOff) {
      WITH    int i = 0;
          for (; i < S.loopBound(length); i += L) {
            FloatVector v = FloatVector.fromArray(S, in, inOff + i);
            BODY FUNCTION RESULT.intoArray(out, outOff + i);
          }
          if (i < length) {
            NAMERest(length - i, in, inOff + i, out, outOff + i);
          }
        }

        private static void NAMERest(int length, float[] in, int inOff, float[] out, int outOff) {
      WITH    VectorMask<Float> mask = S.indexInRange(0, length);
          FloatVector v = FloatVector.fromArray(S, in, inOff, mask);
          BODY FUNCTION RESULT.intoArray(out, outOff, mask);
        }
      """;

  private static final String SIGMOID =
      """

        /** 1/(1+e^−v) in two steps, of which one alone is as long as the compiler inlines. */
        static void sigmoid(int length, float[] in, int inOff, float[] out, int outOff) {
          int bound = S.loopBound(length);
          for (int from = 0; from < bound; from += BLOCK) {
            int to = Math.min(from + BLOCK, bound);
            for (int i = from; i < to; i += L) {
              FloatVector v = FloatVector.fromArray(S, in, inOff + i);
              BODY DECAY RESULT.intoArray(out, outOff + i);
            }
            for (int i = from; i < to; i += L) {
              FloatVector decay = FloatVector.fromArray(S, out, outOff + i);
              BODY QUOTIENT RESULT.intoArray(out, outOff + i);
            }
          }
          if (bound < length) {
            sigmoidRest(length - bound, in, inOff + bound, out, outOff + bound);
          }
        }

        private static void sigmoidRest(int length, float[] in, int inOff, float[] out, int outOff) {
          VectorMask<Float> mask = S.indexInRange(0, length);
          FloatVector v = FloatVector.fromArray(S, in, inOff, mask);
          BODY DECAY FloatVector decay = RESULT;
          BODY QUOTIENT RESULT.intoArray(out, outOff, mask);
        }
      """;

  private static final String OF_ONE =
      """

        /** WITH. */
        public static float NAME(float v) {
          BODY ONE_FUNCTION return RESULT;
        }
      """;

  /** What the sigmoid has before its quotient. */
  private static final String DECAY_FIRST = "    BODY ONE_DECAY float decay = RESULT;\n    BODY";

  private static final Map<String, String> BODIES =
      Map.of("EXP", EXP, "LOG", LOG, "TANH", TANH, "DECAY", DECAY, "QUOTIENT", QUOTIENT);

  private static final Pattern FORMULA = Pattern.compile("(\\w+) = ([^;]+)");
  private static final Pattern BODY = Pattern.compile("( +)BODY (\\w+) (.*)");
  private static final Pattern CONSTANT = Pattern.compile("\\b[A-Z][A-Z0-9_]+\\b");
  private static final Pattern POLYNOMIAL = Pattern.compile("([A-Z]+)\\((\\w)\\)");

  private final JavaText text = new JavaText();
  private final Map<String, String> constants = new TreeMap<>();

  private MathSource() {
    text.head(HEAD.replace("INTEGERS\n", INTEGERS));
    CONSTANTS.lines().forEach(this::constant);
    for (String line : POLYNOMIALS.lines().toList()) {
      String[] sides = line.split(" \\| ");
      String[] coefficients = sides[1].split(" ");
      for (int i = 0; i < coefficients.length; i++) {
        constant(sides[0] + "_" + (coefficients.length - 1 - i) + " | " + coefficients[i]);
      }
    }
  }

  /** Functions of rows. */
  static String vectors() {
    MathSource source = new MathSource();
    return source.text
        + HELPERS.replace("POWER\n", POWER)
        + source.filled(method(LOOP, "exp", "EXP", ONE_NUMBER)).replace("Fma.", "Math.")
        + source.filled(method(LOOP, "log", "LOG", ""))
        + source.filled(method(LOOP, "tanh", "TANH", ""))
        + source.filled(SIGMOID)
        + "}\n";
  }

  /** Functions of one number. */
  static String scalars() {
    MathSource source = new MathSource();
    String sigmoid = OF_ONE.replace("    BODY", DECAY_FIRST);
    return SCALAR_HEAD.replace("INTEGERS\n", INTEGERS).replace("POWER\n", POWER)
        + source.filled(method(OF_ONE, "exp", "EXP", "e^v"))
        + source.filled(method(OF_ONE, "log", "LOG", "Natural logarithm"))
        + source.filled(method(OF_ONE, "tanh", "TANH", "Hyperbolic tangent"))
        + source.filled(method(sigmoid, "sigmoid", "QUOTIENT", "1/(1+e^−v)"))
        + "}\n";
  }

  private void constant(String line) {
    String[] sides = line.split(" \\| ");
    if (sides.length == 2) {
      constants.put(sides[0], sides[1]);
    }
    String type = "private static final FloatVector ";
    text.lines(sides.length == 1 ? line : type + sides[0] + " = all(" + sides[1] + ");");
  }

  private static String method(String template, String name, String function, String with) {
    return template.replace("NAME", name).replace("FUNCTION", function).replace("WITH", with);
  }

  /** Methods with formulas in the place of their names. */
  private String filled(String template) {
    StringBuilder java = new StringBuilder();
    for (String line : template.lines().toList()) {
      Matcher body = BODY.matcher(line);
      java.append(body.matches() ? body(body.group(1), body.group(2), body.group(3)) : line + "\n");
    }
    return java.toString();
  }

  private String body(String indent, String function, String use) {
    boolean vectors = !function.startsWith("ONE_");
    String name = function.replace("ONE_", "");
    Set<String> variables = new TreeSet<>();
    StringBuilder java = new StringBuilder();
    List<String> lines = BODIES.get(name).replace("EXPONENTIAL\n", EXPONENTIAL).lines().toList();
    for (String line : lines) {
      Matcher formula = FORMULA.matcher(line);
      if (!formula.matches()) {
        String[] sides = line.split(" \\| ", 2);
        String its = sides[vectors ? 0 : sides.length - 1];
        if (vectors || !its.startsWith("//")) {
          java.append(indent).append(line == lines.getLast() ? use.replace("RESULT", its) : its);
          java.append('\n');
        }
        continue;
      }
      for (String value : values(formula.group(1), formula.group(2))) {
        String type = vectors ? "FloatVector " : "float ";
        java.append(indent).append(variables.add(formula.group(1)) ? type : "");
        java.append(formula.group(1)).append(" = ");
        java.append(vectors ? VectorFormula.of(value, Set.of()) : ofFloats(value)).append(";\n");
      }
    }
    return java.toString();
  }

  /** What a variable becomes; a polynomial by Horner's rule. */
  private List<String> values(String variable, String formula) {
    Matcher polynomial = POLYNOMIAL.matcher(formula);
    if (!polynomial.matches()) {
      return List.of(formula);
    }
    List<String> values = new ArrayList<>();
    String name = polynomial.group(1) + "_";
    String x = polynomial.group(2);
    int power = (int) constants.keySet().stream().filter(key -> key.startsWith(name)).count() - 2;
    values.add("fma(" + x + ", " + name + (power + 1) + ", " + name + power + ")");
    for (power--; power >= 0; power--) {
      values.add("fma(" + variable + ", " + x + ", " + name + power + ")");
    }
    return values;
  }

  private String ofFloats(String value) {
    String java = value.replace("fma(", "Fma.fma(").replaceAll("\\b(m..|abs)\\(", "Math.$1(");
    return CONSTANT.matcher(java).replaceAll(constant -> constants.get(constant.group()));
  }
}
