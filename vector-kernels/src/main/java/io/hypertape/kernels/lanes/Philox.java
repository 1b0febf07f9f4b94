package io.hypertape.kernels.lanes;

/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, 'Parallel Random
 * Numbers: As Easy as 1, 2, 3' (SC 2011). Number i of a sequence is a function of seed, stream and
 * i alone, so that any part can be made anywhere. Arithmetic is on integers and by StrictMath: the
 * same bits on every machine.
 */
public final class Philox {

  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private Philox() {}

  /**
   * One block: ten rounds on a 128-bit counter under a 64-bit key.
   *
   * @param key the key, lower word first in its lower half
   * @param c0 counter, lowest word
   * @param c1 counter, second word
   * @param c2 counter, third word
   * @param c3 counter, highest word
   * @param out receives four words
   */
  public static void block(long key, int c0, int c1, int c2, int c3, int[] out) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    int x0 = c0;
    int x1 = c1;
    int x2 = c2;
    int x3 = c3;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = (M0 & 0xFFFFFFFFL) * (x0 & 0xFFFFFFFFL);
      long p1 = (M1 & 0xFFFFFFFFL) * (x2 & 0xFFFFFFFFL);
      int y0 = (int) (p1 >>> 32) ^ x1 ^ k0;
      int y2 = (int) (p0 >>> 32) ^ x3 ^ k1;
      x1 = (int) p1;
      x3 = (int) p0;
      x0 = y0;
      x2 = y2;
      k0 += W0;
      k1 += W1;
    }
    out[0] = x0;
    out[1] = x1;
    out[2] = x2;
    out[3] = x3;
  }

  /** Word i of a sequence: word i mod 4 of block i div 4. */
  private static int word(long seed, long stream, long i, int[] scratch) {
    long counter = i >>> 2;
    block(
        seed, (int) counter, (int) (counter >>> 32), (int) stream, (int) (stream >>> 32), scratch);
    return scratch[(int) (i & 3)];
  }

  public static float toUniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  /** Box and Muller's transform of a pair of words; the first of its two numbers. */
  public static double toNormal(int first, int second) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(((first & 0xFFFFFFFFL) + 0.5) * 0x1p-32));
    return radius * StrictMath.cos(2 * Math.PI * ((second & 0xFFFFFFFFL) + 0.5) * 0x1p-32);
  }

  /**
   * A uniform number.
   *
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param i its index
   * @return a multiple of 2^−24 in [0, 1)
   */
  public static float uniformFloat(long seed, long stream, long i) {
    return toUniform(word(seed, stream, i, new int[4]));
  }

  /**
   * A standard normal number.
   *
   * @param seed the key
   * @param stream tells sequences under one seed apart
   * @param i its index
   * @return a number of mean 0 and deviation 1
   */
  public static double normal(long seed, long stream, long i) {
    int[] words = new int[4];
    word(seed, stream, 2 * i, words);
    int at = (int) (2 * i & 3);
    return toNormal(words[at], words[at + 1]);
  }

  public static void uniform(long seed, long stream, long first, float[] out, int off, int n) {
    int[] words = new int[4];
    int i = 0;
    while (i < n) {
      long index = first + i;
      word(seed, stream, index, words);
      int at = (int) (index & 3);
      if (at == 0 && i <= n - 4) {
        // Apart from those at the edges: constant places cost no loads.
        out[off + i] = toUniform(words[0]);
        out[off + i + 1] = toUniform(words[1]);
        out[off + i + 2] = toUniform(words[2]);
        out[off + i + 3] = toUniform(words[3]);
        i += 4;
      } else {
        for (; at < 4 && i < n; at++) {
          out[off + i++] = toUniform(words[at]);
        }
      }
    }
  }

  public static void normal(long seed, long stream, long first, float[] out, int off, int n) {
    for (int i = 0; i < n; i++) {
      out[off + i] = (float) normal(seed, stream, first + i);
    }
  }
}
