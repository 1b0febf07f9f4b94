package io.hypertape.autodiff.cuda;

import java.util.Arrays;

/** Which memory the parts of a program read and write, so that their order can be told. */
final class Touched {

  /** Read by tensors' items, written by them. */
  static final int ITEM_READ = 1;

  static final int ITEM_WRITE = 2;

  /** Single numbers that are read before all else. */
  static final int GIVEN = 4;

  /** Written by the first block while others run. */
  static final int HEAD_WRITE = 8;

  /** Read and written when all else is done. */
  static final int TAIL_READ = 16;

  static final int TAIL_WRITE = 32;

  private long[] first = new long[128];
  private long[] end = new long[128];
  private int[] kind = new int[128];
  private int count;

  void clear() {
    count = 0;
  }

  void add(int theKind, long address, long bytes) {
    if (count == kind.length) {
      first = Arrays.copyOf(first, 2 * count);
      end = Arrays.copyOf(end, 2 * count);
      kind = Arrays.copyOf(kind, 2 * count);
    }
    first[count] = address;
    end[count] = address + bytes;
    kind[count++] = theKind;
  }

  /** Whether any of these kinds shares a byte. */
  boolean overlaps(int kinds, long address, long bytes) {
    for (int i = 0; i < count; i++) {
      if ((kind[i] & kinds) != 0 && address < end[i] && first[i] < address + bytes) {
        return true;
      }
    }
    return false;
  }
}
