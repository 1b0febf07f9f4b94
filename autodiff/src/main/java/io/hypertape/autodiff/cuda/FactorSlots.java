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

  /** A slot that is theirs from now on. */
  int take(long b1, long b2, long t) {
    int slot = next;
    next = (next + 1) % SLOTS;
    beta1[slot] = b1;
    beta2[slot] = b2;
    step[slot] = t;
    return slot;
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
