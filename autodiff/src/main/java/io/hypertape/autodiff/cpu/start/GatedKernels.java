package io.hypertape.autodiff.cpu.start;

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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kernels whose operations run by their scalar twins, which have the same bits, until C2 has
 * compiled the vectors that they need: a thread, one a JVM, brings that about on operands of its
 * own, ends when there is nothing left to compile, or soon after the last such kernels are closed.
 *
 * <p>Rooms are interfaces of many methods, all alike but for their operands, so they are proxies; a
 * call that is recorded costs nothing of that when it runs.
 */
public final class GatedKernels implements Kernels {

  /** Operands of fewer elements than a vector have no gain to wait for. */
  private static final int FEW = 16;

  /** Operands of more are not tried: that would take as much memory again. */
  private static final int MANY = 1 << 24;

  /** So many calls in a row are not those that a step records, but a program without recording. */
  private static final int SETTLED = 20_000;

  /** Methods of {@link Products} with operands a, b and c. */
  private static final Set<String> PRODUCTS = Set.of("gemm", "dense");

  private final Kernels vectors;
  private final Kernels twins = Kernels.open(KernelMode.SCALAR, 1);
  private final Elementwise elementwise = room(Elementwise.class, Kernels::elementwise);
  private final Products products = room(Products.class, Kernels::products);
  private final Convolutions convolutions = room(Convolutions.class, Kernels::convolutions);
  private final Layers layers = room(Layers.class, Kernels::layers);
  private final Updates updates = room(Updates.class, Kernels::updates);
  private final AtomicBoolean closed = new AtomicBoolean();
  private int openInARow;

  // Of the thread that tries: rooms have buffers that are one caller's at a time. With one thread
  // there is nothing to close.
  private @Nullable Kernels triedVectors;
  private @Nullable Kernels triedTwins;

  /** An operation and the shapes of its operands. */
  private record Operation(Method method, TrialOperands operands) {
    @Override
    public String toString() {
      return method.getName() + operands;
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
   * @param mode AUTO for gated ones where vectors can run and no system property insists on others;
   *     else as {@link Kernels#open} does
   * @param threads threads that large calls may use, the caller's included; at least 1
   * @return the kernels, to be closed by the caller
   * @throws IllegalStateException if mode is VECTOR and vector kernels cannot run, with the reason
   * @throws IllegalArgumentException if threads is not 1 to 1024
   */
  public static Kernels open(KernelMode mode, int threads) {
    Kernels kernels = Kernels.open(mode, threads);
    boolean waits = mode.preset() == KernelMode.AUTO && kernels.selection().vectorized();
    return waits ? new GatedKernels(kernels) : kernels;
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

  private <T> T room(Class<T> type, Function<Kernels, T> of) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(of, method, arguments));
    return type.cast(proxy);
  }

  private Object call(Function<Kernels, ?> of, Method method, Object... arguments) {
    if (method.getDeclaringClass() == Object.class) {
      return invoke(of.apply(twins), method, arguments);
    }
    Operation operation = new Operation(method, TrialOperands.of(arguments));
    TwinGate gate = Gates.JVM.get(operation);
    if (gate != null && gate.isOpen()) {
      openInARow++;
      return invoke(of.apply(vectors), method, arguments);
    }
    long begin = System.nanoTime();
    Object twin = invoke(of.apply(twins), method, arguments);
    if (operation.operands.elements() < FEW || gate != null && gate.keepsTwin()) {
      openInARow++;
      return twin;
    }
    openInARow = 0;
    if (gate == null) {
      gate = Gates.JVM.add(operation, new TwinGate(operation, trials(of, operation)));
    }
    if (twin instanceof Call call) {
      return new GatedCall(gate, call, () -> (Call) invoke(of.apply(vectors), method, arguments));
    }
    // A number, which is there at once.
    gate.waited(System.nanoTime() - begin);
    return twin;
  }

  /** What the method throws is unchecked, and thrown as it is. */
  static Object invoke(Object room, Method method, Object... arguments) {
    try {
      return method.invoke(room, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With fewer elements first, so that what is called often gets compiled soon. */
  private Queue<Supplier<TwinGate.Pair>> trials(Function<Kernels, ?> of, Operation operation) {
    Queue<Supplier<TwinGate.Pair>> trials = new ArrayDeque<>();
    TrialOperands all = operation.operands;
    TrialOperands fewer = all.fewer(operation.method.getName());
    for (TrialOperands some : fewer == all ? List.of(all) : List.of(fewer, all)) {
      if (some.elements() < MANY) {
        trials.add(() -> pair(of, operation.method, some));
      }
    }
    return trials;
  }

  private TwinGate.Pair pair(Function<Kernels, ?> of, Method method, TrialOperands operands) {
    Object[] arguments = operands.make();
    if (triedVectors == null) {
      triedVectors = Kernels.open(KernelMode.VECTOR, 1);
      triedTwins = Kernels.open(KernelMode.SCALAR, 1);
    }
    return new TwinGate.Pair(
        tried(triedVectors, of, method, arguments),
        tried(triedTwins, of, method, arguments),
        operands.elements());
  }

  /**
   * The operation; a product also as one that is added to what is there, in turns. Blocks of a long
   * k are, and C2, which leaves out what has never been done, would compile them anew then, for
   * every product, while callers have them interpreted.
   */
  private static Call tried(
      Kernels kernels, Function<Kernels, ?> of, Method method, Object... arguments) {
    Call call = made(of.apply(kernels), method, arguments);
    if (!PRODUCTS.contains(method.getName())) {
      return call;
    }
    Iterator<Matrix> operands =
        Stream.of(arguments).filter(Matrix.class::isInstance).map(Matrix.class::cast).iterator();
    Call adding = kernels.products().gemm(operands.next(), operands.next(), 1, operands.next());
    return new Call() {
      private boolean adds;

      @Override
      public void run() {
        adds = !adds;
        (adds ? adding : call).run();
      }
    };
  }

  /** An operation, also one that is no call. */
  private static Call made(Object room, Method method, Object... arguments) {
    if (method.getReturnType() != Call.class) {
      return () -> invoke(room, method, arguments);
    }
    return (Call) invoke(room, method, arguments);
  }
}
