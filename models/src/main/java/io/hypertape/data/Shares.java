package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * How large the parts of a set are. Each example falls into one by a hash, and not by chance: it
 * stays where it was when others come or go, and examples of one hash fall into one part.
 *
 * @param valid share of the part to choose by, 0 for none
 * @param test share of the part to judge by, above 0
 * @param seed another one divides otherwise
 */
public record Shares(double valid, double test, long seed) {

  private static final double WHOLE = 0x1p-53;

  /** Checks the shares. */
  public Shares {
    if (!(valid >= 0 && test > 0 && valid + test < 1)) {
      throw new IllegalArgumentException(
          "shares of "
              + valid
              + " to choose by and "
              + test
              + " to judge by; 0 or more and above 0, together below 1, are needed");
    }
  }

  /**
   * With seed 1.
   *
   * @param valid share of the part to choose by, 0 for none
   * @param test share of the part to judge by, above 0
   */
  public Shares(double valid, double test) {
    this(valid, test, 1);
  }

  /**
   * Four fifths to learn from, a tenth to choose and a tenth to judge by.
   *
   * @return 80:10:10
   */
  public static Shares usual() {
    return new Shares(0.1, 0.1);
  }

  /**
   * Numbers of the examples of each part, in their order.
   *
   * @param train to learn from
   * @param valid to choose by; empty if its share is 0
   * @param test to judge by
   */
  public record Parts(int[] train, Optional<int[]> valid, int[] test) {

    /** Checks that all is there. */
    public Parts {
      Nulls.check(train, "parts: train");
      Nulls.check(valid, "parts: valid");
      Nulls.check(test, "parts: test");
    }
  }

  /**
   * Divides examples.
   *
   * @param name of the set, for errors
   * @param size number of examples
   * @param key a hash of each; equal ones fall into one part
   * @return the parts
   * @throws IllegalArgumentException if a part has no example
   */
  public Parts divide(String name, int size, IntToLongFunction key) {
    Nulls.check(name, "shares: name");
    Nulls.check(key, "shares: key");
    if (size < 0) {
      throw new IllegalArgumentException(name + ": " + size + " examples; 0 or more would fit");
    }
    byte[] part = new byte[size];
    for (int i = 0; i < size; i++) {
      double place = (mix(key.applyAsLong(i) ^ mix(seed)) >>> 11) * WHOLE;
      part[i] = (byte) (place < test ? 2 : place < test + valid ? 1 : 0);
    }
    int[][] rows = new int[3][];
    for (int p = 0; p < rows.length; p++) {
      int which = p;
      rows[p] = IntStream.range(0, size).filter(i -> part[i] == which).toArray();
      if (rows[p].length == 0 && (p != 1 || valid > 0)) {
        throw new IllegalArgumentException(
            name
                + ": of "
                + size
                + " examples none falls to the part to "
                + (p == 0 ? "learn from" : p == 1 ? "choose by" : "judge by")
                + "; more are needed, another share or another seed");
      }
    }
    return new Parts(rows[0], valid > 0 ? Optional.of(rows[1]) : Optional.empty(), rows[2]);
  }

  /**
   * A hash of a number.
   *
   * @param value the number
   * @return the same for equal numbers
   */
  public static long hash(long value) {
    return mix(value + 0x9E3779B97F4A7C15L);
  }

  /**
   * A hash of texts in their order.
   *
   * @param texts the texts
   * @return the same for equal texts, on every machine
   */
  public static long hash(String... texts) {
    long hash = 0xCBF29CE484222325L;
    for (String text : Nulls.copy(texts, "hash: texts")) {
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
      }
      // What no char is ends a text.
      hash = (hash ^ 0x10000) * 0x100000001B3L;
    }
    return mix(hash);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
