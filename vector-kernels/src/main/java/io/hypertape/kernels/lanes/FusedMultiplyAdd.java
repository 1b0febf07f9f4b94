package io.hypertape.kernels.lanes;

/**
 * Whether {@link Math#fma} is an instruction. Where it is none, Java computes it with BigDecimal,
 * also for each lane of a vector.
 *
 * <p>The JVM's flag UseFMA would tell, but reading one takes 25 ms; this takes 30 µs, and the two
 * answers lie so far apart that noise cannot turn one into the other: as an instruction a call
 * costs what any small method costs, interpreted or compiled (0.6 to 1 times as much on a Zen 4);
 * on operands whose sum has 337 digits BigDecimal costs 380 times as much interpreted, and 250
 * times once everything is compiled. The shortest of many rounds counts, so that all of them would
 * have to be disturbed.
 */
public final class FusedMultiplyAdd {

  private static final int ROUNDS = 16;
  private static final int CALLS = 16;

  /** Far above the ratio of an instruction, far below that of BigDecimal. */
  private static final int RATIO = 6;

  /** Clocks that tick seldom show short rounds as 0: this is less than 63 ns a call. */
  private static final long SHORT = 1000;

  private FusedMultiplyAdd() {}

  public static boolean isInstruction() {
    long fused = Long.MAX_VALUE;
    long plain = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      plain = Math.min(plain, plain());
      fused = Math.min(fused, fused());
    }
    return fused <= Math.max(SHORT, RATIO * plain);
  }

  private static long fused() {
    long begin = System.nanoTime();
    float sum = Float.MAX_VALUE / 2;
    for (int i = 0; i < CALLS; i++) {
      sum = Math.fma(Float.MIN_VALUE, Float.MIN_VALUE, sum);
    }
    return elapsed(begin, sum);
  }

  private static long plain() {
    long begin = System.nanoTime();
    float sum = Float.MAX_VALUE / 2;
    for (int i = 0; i < CALLS; i++) {
      sum = multiplyAdd(Float.MIN_VALUE, Float.MIN_VALUE, sum);
    }
    return elapsed(begin, sum);
  }

  private static float multiplyAdd(float a, float b, float c) {
    return a * b + c;
  }

  /** Takes the sum, so that it must have been computed. */
  private static long elapsed(long begin, float sum) {
    long end = System.nanoTime();
    return sum > 0 ? end - begin : Long.MAX_VALUE;
  }
}
