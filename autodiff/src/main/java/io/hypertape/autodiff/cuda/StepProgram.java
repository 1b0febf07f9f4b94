package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.cuda.CudaStream;
import io.hypertape.bindings.cuda.DeviceMemory;
import io.hypertape.bindings.cuda.MemoryPool;
import java.lang.foreign.Arena;

/**
 * Puts small pieces of work together to one kernel: see program.cu. While work is recorded, they
 * wait for the next piece that does not fit; else each is launched at once. What they compute is
 * the same bit for bit, since how many pieces a program has changes nothing in them.
 */
final class StepProgram implements AutoCloseable {

  static final int CONSTANT = 64;
  static final int COPY = 65;
  static final int BINARY = 32;
  private static final int ADAM_FACTORS = 76;
  private static final int FINISH = 80;
  private static final int SUM = 81;
  private static final int ADD_SUM = 82;

  /** Longer rows are cut into pieces by a kernel of their own. */
  static final int LONGEST_SUM = 8191;

  private static final int FEW_THREADS = 32;
  private static final int MOST_PARTIALS = CudaFusedUpdates.MOST_PIECES * 3 * ProgramBlock.ITEMS;
  private static final long TICKET_BYTES = 256;
  private static final long PARTIALS = TICKET_BYTES + 4L * FactorSlots.FACTORS * FactorSlots.SLOTS;

  private final Launcher launcher;
  private final Recorder recorder;
  private final DeviceMemory memory;
  private final ProgramBlock block;
  private final Touched touched = new Touched();
  private final Chains chains = new Chains();
  private final long[] cellAddress = new long[ProgramBlock.CELLS];
  private final boolean[] isOfTail = new boolean[ProgramBlock.CELLS];
  private final ItemTensors tensors = new ItemTensors();
  private final FactorSlots slots = new FactorSlots();
  private ProgramKind kind = ProgramKind.NONE;
  private boolean tail;
  private boolean sums;
  private int head;
  private int partials;

  /** Of the last item. */
  private int lastRows;

  private int lastColumns;

  StepProgram(
      Launcher launcher, Recorder recorder, MemoryPool pool, CudaStream stream, Arena arena) {
    this.launcher = launcher;
    this.recorder = recorder;
    this.block = new ProgramBlock(arena);
    this.memory = pool.allocate(PARTIALS + 4L * MOST_PARTIALS);
    try {
      stream.fillBytes(memory.address(), 0, TICKET_BYTES);
    } catch (RuntimeException | Error e) {
      CloseStack opened = new CloseStack();
      opened.add(memory);
      opened.closeAfter(e);
      throw e;
    }
    block.clear();
  }

  /**
   * An operation on single numbers.
   *
   * @param code which, with what comes before its operands
   * @param in addresses of the operands
   * @param out addresses of the results
   */
  void scalar(int code, long[] in, long... out) {
    append(code, 0, false, in, out);
    done();
  }

  /** out = a number. */
  void constant(float value, long out) {
    append(CONSTANT, Float.floatToRawIntBits(value), true, new long[0], out);
    done();
  }

  private void append(int code, int number, boolean hasNumber, long[] in, long... out) {
    int bytes = 1 + (hasNumber ? 4 : 0) + in.length + out.length;
    if (block.cells() + in.length + out.length > ProgramBlock.CELLS
        || block.code() + bytes > ProgramBlock.CODE
        || conflicts(in, out)) {
      launch();
    }
    int[] cells = new int[in.length + out.length];
    for (int i = 0; i < in.length; i++) {
      cells[i] = operand(in[i]);
    }
    for (int i = 0; i < out.length; i++) {
      cells[in.length + i] = result(out[i]);
      slots.forget(out[i], Float.BYTES);
    }
    block.code(code);
    if (hasNumber) {
      block.number(number);
    }
    for (int cell : cells) {
      block.code(cell);
    }
    if (!tail) {
      head = block.code();
    }
  }

  private boolean conflicts(long[] in, long[] out) {
    for (long address : in) {
      if (find(address) < 0 && touched.overlaps(Touched.ITEM_WRITE, address, Float.BYTES)) {
        return true;
      }
    }
    for (long address : out) {
      // The first block would write what another one has yet to read.
      if (!tail && touched.overlaps(Touched.GIVEN, address, Float.BYTES)) {
        return true;
      }
    }
    return false;
  }

  /** The cell that holds what lies at an address now; negative if none does. */
  private int find(long address) {
    for (int i = block.cells() - 1; i >= 0; i--) {
      if (cellAddress[i] == address) {
        return i;
      }
    }
    return -1;
  }

  private int operand(long address) {
    int known = find(address);
    if (known >= 0) {
      return known;
    }
    touched.add(Touched.GIVEN, address, Float.BYTES);
    return cell(address, true, false);
  }

  private int result(long address) {
    touched.add(tail ? Touched.TAIL_WRITE : Touched.HEAD_WRITE, address, Float.BYTES);
    return cell(address, false, tail);
  }

  private int cell(long address, boolean given, boolean ofTail) {
    int cell = block.cell(address, given);
    cellAddress[cell] = address;
    isOfTail[cell] = ofTail;
    return cell;
  }

  /** out = the sum of dense numbers, {@link #LONGEST_SUM} at most. */
  void sum(long vector, int n, long out) {
    if (block.cells() + 2 > ProgramBlock.CELLS
        || block.code() + 7 > ProgramBlock.CODE
        || touched.overlaps(Touched.HEAD_WRITE | Touched.TAIL_WRITE, vector, 4L * n)) {
      launch();
    }
    tail = true;
    sums = true;
    touched.add(Touched.TAIL_READ, vector, 4L * n);
    // No cell of a number: only the address is of use.
    int from = cell(vector, false, true);
    cellAddress[from] = 0;
    int to = result(out);
    slots.forget(out, Float.BYTES);
    block.code(SUM).code(from).number(n).code(to);
    done();
  }

  /**
   * A tensor's share of a program.
   *
   * @param its what
   * @param hyperparameters addresses of single numbers
   * @param n elements, or the length of a row
   * @param quads groups of four, or the distance of rows
   * @param rows if it has any
   * @param blocks how many share it
   * @param results sums that each block leaves
   * @return its number
   */
  int item(
      ProgramKind its,
      ItemTensors operands,
      long[] hyperparameters,
      int n,
      int quads,
      int rows,
      int blocks,
      int results) {
    if ((kind != its && block.items() > 0)
        || block.items() == ProgramBlock.ITEMS
        || block.cells() + hyperparameters.length + 2 * results > ProgramBlock.CELLS
        || partials + blocks * results > MOST_PARTIALS
        || block.code() + 6 * results > ProgramBlock.CODE
        || isOrdered(operands, hyperparameters)) {
      launch();
    }
    kind = its;
    lastRows = rows;
    lastColumns = n;
    int item = block.item(n, quads, rows, partials, blocks);
    partials += blocks * results;
    for (int k = 0; k < hyperparameters.length; k++) {
      block.hyperparameter(item, k, operand(hyperparameters[k]));
    }
    operands.enter(block, item, touched);
    operands.written(slots::forget);
    tail = true;
    return item;
  }

  /** Whether pieces wait for others: else a kernel for one of them alone is as good. */
  boolean waits() {
    return recorder.isRecording();
  }

  /**
   * out[i] = f(a[i], b[i]).
   *
   * @param code of the function, as for single numbers
   * @param bits of the number, of a constant
   * @param a address; with a step of 0 one number for all
   * @param aStep 0 or 1
   * @param b address, if the function takes it
   * @param bStep 0 or 1
   * @param out address
   * @param n elements, 2 at least
   */
  void chain(int code, int bits, long a, int aStep, long b, int bStep, long out, int n) {
    boolean hasA = code != CONSTANT;
    boolean hasB = code >= BINARY && code < CONSTANT;
    tensors.clear();
    if (hasA) {
      tensors.in(0, a, aStep == 0 ? 4 : 4L * n);
    }
    if (hasB) {
      tensors.in(1, b, bStep == 0 ? 4 : 4L * n);
    }
    tensors.out(0, out, 4L * n);
    int tied =
        kind == ProgramKind.CHAIN || block.items() == 0 ? tensors.tied(chains) : Chains.CONFLICT;
    if (tied == Chains.CONFLICT
        || block.items() == ProgramBlock.ITEMS
        || tensors.areOrderedBesideItems(touched)) {
      launch();
      tied = Chains.NONE;
    }
    kind = ProgramKind.CHAIN;
    tied = tied == Chains.NONE ? chains.ofSize(n) : tied;
    if (tied == Chains.NONE) {
      tied = chains.begin(n, block.blocks(), block.reserve(launcher.blocksFor(n)));
    }
    int steps = aStep | bStep << 1;
    int item = block.item(n, steps, code, bits, chains.first(tied), chains.blocks(tied));
    tensors.enter(block, item, touched);
    tensors.enter(chains, tied);
    tensors.written(slots::forget);
    tail = true;
    done();
  }

  /** Whether an item must come after something that is in the program already. */
  private boolean isOrdered(ItemTensors operands, long[] hyperparameters) {
    for (long address : hyperparameters) {
      int cell = find(address);
      if (cell >= 0 ? isOfTail[cell] : touched.overlaps(Touched.ITEM_WRITE, address, Float.BYTES)) {
        return true;
      }
    }
    return operands.areOrdered(touched);
  }

  /** What a joined part of the last item touches; false, and nothing is done, if it cannot join. */
  boolean join(ProgramKind its, ItemTensors more) {
    int item = block.items() - 1;
    if (kind != its || item != 0 || block.code() > head || more.areOrderedBeside(touched)) {
      return false;
    }
    more.enter(block, item, touched);
    more.written(slots::forget);
    done();
    return true;
  }

  /**
   * What is written by the last item of a kind, if it is of so many rows and columns: a view of
   * some of them, or with other ones, begins at the same address; 0 if that is none or nothing.
   */
  long lastResult(ProgramKind its, int k, int rows, int columns) {
    boolean fits = kind == its && block.items() == 1 && lastRows == rows && lastColumns == columns;
    return fits ? block.out(0, k) : 0;
  }

  /** Adds what the blocks of an item left to a hypergradient. */
  void finishSum(int item, int k, int factor, long alpha, long out) {
    int rate = operand(alpha);
    int to = result(out);
    slots.forget(out, Float.BYTES);
    block.code(FINISH).code(item).code(k).code(factor).code(rate).code(to);
  }

  /** out = so far + what the blocks of an item left. */
  void addSum(int item, int k, long soFar, long out) {
    int before = operand(soFar);
    int to = result(out);
    slots.forget(out, Float.BYTES);
    block.code(ADD_SUM).code(item).code(k).code(before).code(to);
  }

  /**
   * Where Adam's factors lie, computed once for all tensors of the same decays and step: they need
   * double precision, of which most GPUs have little.
   */
  long[] adamFactors(long beta1, long beta2, long t) {
    int known = slots.find(beta1, beta2, t);
    int slot = known < 0 ? slots.next() : known;
    long[] factors = new long[FactorSlots.FACTORS];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = memory.address() + TICKET_BYTES + 4L * (factors.length * slot + i);
    }
    if (known < 0) {
      if (block.items() > 0) {
        launch();
      }
      append(ADAM_FACTORS, 0, false, new long[] {beta1, beta2, t}, factors);
      launch();
      // Not before: a launch may be refused.
      slots.take(beta1, beta2, t);
    }
    return factors;
  }

  /** A piece is complete. */
  void done() {
    if (!recorder.isRecording()) {
      flush();
    }
  }

  /**
   * Before anything else is done: it may depend on what waits, and change what that was made of.
   */
  void flush() {
    slots.clear();
    launch();
  }

  private void launch() {
    if (block.code() == 0 && block.items() == 0) {
      return;
    }
    try {
      long base = memory.address();
      block.finish(base + PARTIALS, base, head);
      boolean few = block.items() == 0 && !sums;
      launcher.launch(
          kind, Math.max(1, block.blocks()), few ? FEW_THREADS : Launcher.BLOCK, block.struct());
    } finally {
      discard();
    }
  }

  private void discard() {
    block.clear();
    touched.clear();
    chains.clear();
    kind = ProgramKind.NONE;
    tail = false;
    sums = false;
    head = 0;
    partials = 0;
  }

  /** Forgets what waits, and what was to be computed by what has been recorded. */
  void abort() {
    slots.clear();
    discard();
  }

  @Override
  public void close() {
    memory.close();
  }
}
