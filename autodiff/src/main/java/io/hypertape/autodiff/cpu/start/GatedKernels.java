package io.hypertape.autodiff.cpu.start;

import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.KernelSelection;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kernels whose operations run by their scalar twins, which have the same bits, until C2 has
 * compiled the vectors that they need: a thread, one a JVM, brings that about on operands of its
 * own, ends when there is nothing left to compile, or soon after the last such kernels are closed.
 */
public final class GatedKernels implements Kernels, AskedRooms.Asked {

  /** Operands of fewer elements than a vector have no gain to wait for. */
  private static final int FEW = 16;

  /** Operands of more are not tried: that would take as much memory again. */
  private static final int MANY = 1 << 24;

  /** So many calls in a row are not those that a step records, but a program without recording. */
  private static final int SETTLED = 20_000;

  /** One run of so many is of operands with rests, too: more would hide how fast the others are. */
  private static final int SELDOM = 8;

  private final Kernels vectors;
  private final Kernels twins = Kernels.open(KernelMode.SCALAR, 1);
  private final Elementwise elementwise = AskedRooms.elementwise(this);
  private final Products products = AskedRooms.products(this);
  private final Convolutions convolutions = AskedRooms.convolutions(this);
  private final Layers layers = AskedRooms.layers(this);
  private final Updates updates = AskedRooms.updates(this);
  private final AtomicBoolean closed = new AtomicBoolean();
  private int openInARow;

  // Of the thread that tries: rooms have buffers that are one caller's at a time. With one thread
  // there is nothing to close.
  private @Nullable Kernels triedVectors;
  private @Nullable Kernels triedTwins;

  /** An operation and the shapes of its operands. */
  private record Operation(KernelOp op, TrialOperands operands) {
    @Override
    public String toString() {
      return op.name() + operands;
    }
  }

  /**
   * Gated ones.
   *
   * @param vectors those that twins stand in for, closed with these; no room of them is asked for
   *     before it is needed
   */
  GatedKernels(Kernels vectors) {
    this.vectors = vectors;
    Gates.JVM.enter();
  }

  /**
   * Opens the kernels that a backend begins with.
   *
   * @param simd AUTO for gated ones where vectors can run and no system property insists on others;
   *     else as {@link KernelLadder#open} does
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the kernels, to be closed by the caller
   * @throws IllegalStateException if simd is VECTOR and vector kernels cannot run, with the reason
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  public static Kernels open(Simd simd, int threads) {
    Kernels kernels = KernelLadder.open(simd, threads);
    boolean waits = KernelLadder.preset(simd) == Simd.AUTO && kernels.selection().vectorized();
    return waits ? new GatedKernels(kernels) : kernels;
  }

  /**
   * How long this JVM's callers have run twins whose vectors are still to be compiled.
   *
   * @return nanoseconds, a sum over all threads that never falls
   */
  public static long waited() {
    return Gates.JVM.demand();
  }

  @Override
  public KernelSelection selection() {
    return vectors.selection();
  }

  @Override
  public Elementwise elementwise() {
    return settled() ? vectors.elementwise() : elementwise;
  }

  @Override
  public Products products() {
    return settled() ? vectors.products() : products;
  }

  @Override
  public Convolutions convolutions() {
    return settled() ? vectors.convolutions() : convolutions;
  }

  @Override
  public Layers layers() {
    return settled() ? vectors.layers() : layers;
  }

  @Override
  public Updates updates() {
    return settled() ? vectors.updates() : updates;
  }

  /** Whether many calls in a row have found their gates open: then it is vectors at once. */
  private boolean settled() {
    if (closed.get()) {
      throw new IllegalStateException("these kernels are closed");
    }
    return openInARow >= SETTLED;
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      Gates.JVM.leave();
      twins.close();
      vectors.close();
    }
  }

  @Override
  public Object of(KernelOp op, Object... operands) {
    Operation operation = new Operation(op, TrialOperands.of(operands));
    TwinGate gate = Gates.JVM.get(operation);
    if (gate != null && gate.isOpen()) {
      openInARow++;
      // While others are tried it may be closed once more.
      return Gates.JVM.areDriven() && op != KernelOp.DOT
          ? gated(gate, null, op, operands)
          : op.of(vectors, operands);
    }
    long begin = System.nanoTime();
    Object twin = op.of(twins, operands);
    if (operation.operands.elements() < FEW || gate != null && gate.keepsTwin()) {
      openInARow++;
      return twin;
    }
    openInARow = 0;
    if (gate == null) {
      gate = Gates.JVM.add(operation, new TwinGate(operation, trials(operation)));
    }
    if (twin instanceof Call call) {
      return gated(gate, call, op, operands);
    }
    // A number, which is there at once.
    Gates.JVM.waited(gate, System.nanoTime() - begin);
    return twin;
  }

  private Call gated(TwinGate gate, @Nullable Call twin, KernelOp op, Object... operands) {
    return new GatedCall(
        gate, twin, () -> (Call) op.of(twins, operands), () -> (Call) op.of(vectors, operands));
  }

  /** With fewer elements first, so that what is called often gets compiled soon. */
  private Queue<Supplier<TwinGate.Pair>> trials(Operation operation) {
    Queue<Supplier<TwinGate.Pair>> trials = new ArrayDeque<>();
    TrialOperands all = operation.operands;
    TrialOperands fewer = all.fewer(operation.op);
    for (TrialOperands some : fewer == all ? List.of(all) : List.of(fewer, all)) {
      if (some.elements() < MANY) {
        trials.add(() -> pair(operation.op, some));
      }
    }
    return trials;
  }

  private TwinGate.Pair pair(KernelOp op, TrialOperands operands) {
    Object[] made = operands.make();
    if (triedVectors == null) {
      triedVectors = Kernels.open(KernelMode.VECTOR, 1);
      triedTwins = Kernels.open(KernelMode.SCALAR, 1);
    }
    Call vectors = tried(triedVectors, op, made);
    TrialOperands rests = operands.rests(op);
    return new TwinGate.Pair(
        rests == operands
            ? vectors
            : alsoSeldom(vectors, tried(triedVectors, op, rests.make()), SELDOM),
        tried(triedTwins, op, made),
        operands.elements());
  }

  /** A call, and every so many times another. */
  private static Call alsoSeldom(Call often, Call seldom, int times) {
    return new Call() {
      private int runs;

      @Override
      public void run() {
        often.run();
        if (++runs % times == 0) {
          seldom.run();
        }
      }
    };
  }

  private static Call tried(Kernels kernels, KernelOp op, Object... operands) {
    return switch (op) {
      case DOT -> () -> op.of(kernels, operands);
      case GEMM -> alsoAdded(kernels, op, 0, operands);
      case DENSE -> alsoAdded(kernels, op, 1, operands);
      default -> (Call) op.of(kernels, operands);
    };
  }

  /**
   * A product of the operands from one on, in turns as it is and as one that is added to what is
   * there. Blocks of a long k are, and C2, which leaves out what has never been done, would compile
   * them anew then, for every product, while callers have them interpreted.
   */
  private static Call alsoAdded(Kernels kernels, KernelOp op, int first, Object... operands) {
    Call call = (Call) op.of(kernels, operands);
    Matrix c = (Matrix) operands[operands.length - 1];
    Call adding =
        kernels.products().gemm((Matrix) operands[first], (Matrix) operands[first + 1], 1, c);
    return new Call() {
      private boolean adds;

      @Override
      public void run() {
        adds = !adds;
        (adds ? adding : call).run();
      }
    };
  }
}
