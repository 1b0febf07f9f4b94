package io.hypertape.autodiff.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The struct that a program's kernel takes, as program.cu declares it, and how much is in it. */
final class ProgramBlock {

  static final int CELLS = 96;
  static final int CODE = 384;
  static final int ITEMS = 32;

  private static final long PARTIAL = CELLS * 8L;
  private static final long TICKET = PARTIAL + 8;
  private static final long SIZES = TICKET + 8;
  private static final long GIVEN = SIZES + 16;
  private static final long CODES = GIVEN + 16;
  private static final long FIRST_ITEM = CODES + CODE;
  private static final long ITEM = 88;
  private static final long OUT = 32;
  private static final long NUMBERS = 56;
  private static final long HYPERPARAMETERS = 80;

  private final MemorySegment struct;
  private int cells;
  private int code;
  private int items;
  private int blocks;

  ProgramBlock(Arena arena) {
    this.struct = arena.allocate(FIRST_ITEM + ITEM * ITEMS, 16);
  }

  MemorySegment struct() {
    return struct;
  }

  /** Stale addresses must not stay: what lies there may have been freed. */
  void clear() {
    struct.fill((byte) 0);
    cells = 0;
    code = 0;
    items = 0;
    blocks = 0;
  }

  int cells() {
    return cells;
  }

  int code() {
    return code;
  }

  int items() {
    return items;
  }

  /** Blocks of all items. */
  int blocks() {
    return blocks;
  }

  int cell(long address, boolean given) {
    struct.set(ValueLayout.JAVA_LONG, 8L * cells, address);
    if (given) {
      long word = GIVEN + cells / 32 * 4;
      struct.set(
          ValueLayout.JAVA_INT, word, struct.get(ValueLayout.JAVA_INT, word) | 1 << cells % 32);
    }
    return cells++;
  }

  ProgramBlock code(int value) {
    struct.set(ValueLayout.JAVA_BYTE, CODES + code++, (byte) value);
    return this;
  }

  /** Four bytes of a number. */
  ProgramBlock number(int value) {
    return code(value).code(value >> 8).code(value >> 16).code(value >> 24);
  }

  /** Begins an item of so many blocks; what it is made of is put in next. */
  int item(int n, int quads, int rows, int partial, int itsBlocks) {
    int item = item(n, quads, rows, partial, blocks, itsBlocks);
    blocks += itsBlocks;
    return item;
  }

  /** Begins one that shares the blocks of another. */
  int item(int n, int quads, int rows, int partial, int firstBlock, int itsBlocks) {
    int[] numbers = {n, quads, firstBlock, itsBlocks, partial, rows};
    long at = FIRST_ITEM + ITEM * items + NUMBERS;
    for (int i = 0; i < numbers.length; i++) {
      struct.set(ValueLayout.JAVA_INT, at + 4L * i, numbers[i]);
    }
    return items++;
  }

  /** Blocks for items that are put in next. */
  int reserve(int more) {
    blocks += more;
    return more;
  }

  void in(int item, int k, long address) {
    struct.set(ValueLayout.JAVA_LONG, FIRST_ITEM + ITEM * item + 8L * k, address);
  }

  void out(int item, int k, long address) {
    struct.set(ValueLayout.JAVA_LONG, FIRST_ITEM + ITEM * item + OUT + 8L * k, address);
  }

  long out(int item, int k) {
    return struct.get(ValueLayout.JAVA_LONG, FIRST_ITEM + ITEM * item + OUT + 8L * k);
  }

  void hyperparameter(int item, int k, int cell) {
    struct.set(ValueLayout.JAVA_BYTE, FIRST_ITEM + ITEM * item + HYPERPARAMETERS + k, (byte) cell);
  }

  /** What the kernel has to know of the whole. */
  void finish(long partial, long ticket, int head) {
    struct.set(ValueLayout.JAVA_LONG, PARTIAL, partial);
    struct.set(ValueLayout.JAVA_LONG, TICKET, ticket);
    int[] numbers = {cells, items, head, code};
    for (int i = 0; i < numbers.length; i++) {
      struct.set(ValueLayout.JAVA_INT, SIZES + 4L * i, numbers[i]);
    }
  }
}
