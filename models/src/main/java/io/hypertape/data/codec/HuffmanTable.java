package io.hypertape.data.codec;

/** A Huffman table of a JPEG (T.81, annex C and F.2.2.3). */
final class HuffmanTable {

  private static final int LONGEST = 16;
  private static final int QUICK = 9;

  private final byte[] symbols;
  // Symbol and length of every code that begins a word of QUICK bits; 0 for longer ones.
  private final short[] quick = new short[1 << QUICK];
  // For each length: the first word of LONGEST bits behind its codes, and symbol less code.
  private final int[] end = new int[LONGEST + 1];
  private final int[] offset = new int[LONGEST + 1];

  /**
   * A table.
   *
   * @param counts codes of 1 to 16 bits
   * @param symbols in the order of their codes
   */
  HuffmanTable(int[] counts, byte[] symbols) throws ImageFormatException {
    this.symbols = symbols;
    int code = 0;
    int k = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code <<= 1;
      offset[length] = k - code;
      for (int i = 0; i < counts[length - 1]; i++, k++, code++) {
        if (code >= 1 << length) {
          throw new ImageFormatException("a Huffman table with more codes than there can be");
        }
        if (length <= QUICK) {
          int first = code << QUICK - length;
          for (int word = first; word < first + (1 << QUICK - length); word++) {
            quick[word] = (short) (length << Byte.SIZE | symbols[k] & 0xFF);
          }
        }
      }
      end[length] = code << LONGEST - length;
    }
  }

  /** The next symbol; −1 if there is no such code or no more data. */
  int next(BitReader bits) {
    int word = bits.peek(LONGEST);
    int found = quick[word >> LONGEST - QUICK];
    if (found != 0) {
      return bits.skip(found >> Byte.SIZE) ? found & 0xFF : -1;
    }
    for (int length = QUICK + 1; length <= LONGEST; length++) {
      if (word < end[length]) {
        int symbol = symbols[offset[length] + (word >> LONGEST - length)] & 0xFF;
        return bits.skip(length) ? symbol : -1;
      }
    }
    return -1;
  }
}
