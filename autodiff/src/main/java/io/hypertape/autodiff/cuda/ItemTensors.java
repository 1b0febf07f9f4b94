package io.hypertape.autodiff.cuda;

/** The tensors of an item: which it reads and which it writes, each at a place of its own. */
final class ItemTensors {

  private static final int MOST = 8;

  /** What is computed of single numbers: whoever reads it comes after that. */
  private static final int RESULTS = Touched.HEAD_WRITE | Touched.TAIL_WRITE;

  /** All that is done with single numbers: whoever writes to them comes after that. */
  private static final int SINGLE = Touched.GIVEN | Touched.TAIL_READ | RESULTS;

  /** The same with what items do. */
  private static final int ALL = Touched.ITEM_READ | Touched.ITEM_WRITE | SINGLE;

  private final long[] address = new long[MOST];
  private final long[] bytes = new long[MOST];
  private final int[] place = new int[MOST];
  private final boolean[] isWritten = new boolean[MOST];
  private int count;

  /** What the forgetting of an address range is. */
  interface Range {
    void of(long address, long bytes);
  }

  ItemTensors clear() {
    count = 0;
    return this;
  }

  ItemTensors in(int k, long from, long size) {
    return add(k, from, size, false);
  }

  ItemTensors out(int k, long to, long size) {
    return add(k, to, size, true);
  }

  private ItemTensors add(int k, long at, long size, boolean written) {
    address[count] = at;
    bytes[count] = size;
    place[count] = k;
    isWritten[count++] = written;
    return this;
  }

  /** Whether they must come after something that is in the program already. */
  boolean areOrdered(Touched touched) {
    return overlap(touched, RESULTS | Touched.ITEM_WRITE, ALL);
  }

  /** The same for what joins the item that wrote it: that it reads this again is its own matter. */
  boolean areOrderedBeside(Touched touched) {
    return overlap(touched, RESULTS, ALL);
  }

  /** The same for what other items cannot be in the way of. */
  boolean areOrderedBesideItems(Touched touched) {
    return overlap(touched, RESULTS, SINGLE);
  }

  /** The chain that they tie to. */
  int tied(Chains chains) {
    int tied = Chains.NONE;
    for (int i = 0; i < count; i++) {
      tied = chains.tied(tied, address[i], bytes[i], isWritten[i]);
    }
    return tied;
  }

  void enter(Chains chains, int chain) {
    for (int i = 0; i < count; i++) {
      chains.add(chain, address[i], bytes[i], isWritten[i]);
    }
  }

  private boolean overlap(Touched touched, int read, int written) {
    for (int i = 0; i < count; i++) {
      if (touched.overlaps(isWritten[i] ? written : read, address[i], bytes[i])) {
        return true;
      }
    }
    return false;
  }

  void enter(ProgramBlock block, int item, Touched touched) {
    for (int i = 0; i < count; i++) {
      if (isWritten[i]) {
        block.out(item, place[i], address[i]);
        touched.add(Touched.ITEM_WRITE, address[i], bytes[i]);
      } else {
        block.in(item, place[i], address[i]);
        touched.add(Touched.ITEM_READ, address[i], bytes[i]);
      }
    }
  }

  void written(Range range) {
    for (int i = 0; i < count; i++) {
      if (isWritten[i]) {
        range.of(address[i], bytes[i]);
      }
    }
  }
}
