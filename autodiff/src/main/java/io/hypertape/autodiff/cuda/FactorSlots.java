package io.hypertape.autodiff.cuda;

import java.util.Arrays;

/** For which decays and steps Adam's factors are known, as long as nothing writes to these. */
final class FactorSlots {

  /** Numbers of a slot. */
  static final int FACTORS = 4;

  static final int SLOTS = 8;

  private final long[] beta1 = new long[SLOTS];
  private final long[] beta2 = new long[SLOTS];
  private final long[] step = new long[SLOTS];
  private int next;

  /** The slot of these addresses; negative if there is none. */
  int find(long b1, long b2, long t) {
    for (int i = 0; i < SLOTS; i++) {
      if (beta1[i] == b1 && beta2[i] == b2 && step[i] == t) {
        return i;
      }
    }
    return -1;
  }

  /** The slot that is taken next; what was there is forgotten. */
  int next() {
    beta1[next] = 0;
    return next;
  }

  /** The next slot has the factors of these addresses from now on. */
  void take(long b1, long b2, long t) {
    beta1[next] = b1;
    beta2[next] = b2;
    step[next] = t;
    next = (next + 1) % SLOTS;
  }

  /** Something was written there. */
  void forget(long address, long bytes) {
    for (int i = 0; i < SLOTS; i++) {
      if (isWithin(beta1[i], address, bytes)
          || isWithin(beta2[i], address, bytes)
          || isWithin(step[i], address, bytes)) {
        beta1[i] = 0;
      }
    }
  }

  private static boolean isWithin(long place, long address, long bytes) {
    return place >= address && place < address + bytes;
  }

  void clear() {
    Arrays.fill(beta1, 0);
  }
}
