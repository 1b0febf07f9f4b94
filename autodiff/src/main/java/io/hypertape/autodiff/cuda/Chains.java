package io.hypertape.autodiff.cuda;

/**
 * Elementwise functions that follow each other on tensors of one size: whoever computes an element
 * of the one computes the same element of the next, so nobody has to wait. Chains that share no
 * memory stand side by side in one program.
 */
final class Chains {

  /** Depends on no chain. */
  static final int NONE = -1;

  /** Depends on several, or in another way than element by element. */
  static final int CONFLICT = -2;

  private static final int OPERANDS = 3;

  private final long[] address = new long[OPERANDS * ProgramBlock.ITEMS];
  private final long[] bytes = new long[OPERANDS * ProgramBlock.ITEMS];
  private final boolean[] isWritten = new boolean[OPERANDS * ProgramBlock.ITEMS];
  private final int[] chain = new int[OPERANDS * ProgramBlock.ITEMS];
  private final int[] n = new int[ProgramBlock.ITEMS];
  private final int[] first = new int[ProgramBlock.ITEMS];
  private final int[] blocks = new int[ProgramBlock.ITEMS];
  private int entries;
  private int chains;

  void clear() {
    entries = 0;
    chains = 0;
  }

  /** The chain that an operand ties to, beside one that others tie to. */
  int tied(int so, long at, long size, boolean written) {
    int tied = so;
    for (int i = 0; i < entries && tied != CONFLICT; i++) {
      if ((written || isWritten[i]) && at < address[i] + bytes[i] && address[i] < at + size) {
        // What is written twice and was not read between is a measurement that repeats itself.
        boolean isElementwise = at == address[i] && size == bytes[i] && !(written && isWritten[i]);
        tied = isElementwise && (tied == NONE || tied == chain[i]) ? chain[i] : CONFLICT;
      }
    }
    return tied;
  }

  /** A chain of so many elements, where functions that depend on none may stand, too; or none. */
  int ofSize(int elements) {
    for (int i = 0; i < chains; i++) {
      if (n[i] == elements) {
        return i;
      }
    }
    return NONE;
  }

  /** Begins one in blocks of its own. */
  int begin(int elements, int firstBlock, int itsBlocks) {
    n[chains] = elements;
    first[chains] = firstBlock;
    blocks[chains] = itsBlocks;
    return chains++;
  }

  void add(int to, long at, long size, boolean written) {
    address[entries] = at;
    bytes[entries] = size;
    isWritten[entries] = written;
    chain[entries++] = to;
  }

  int first(int of) {
    return first[of];
  }

  int blocks(int of) {
    return blocks[of];
  }
}
