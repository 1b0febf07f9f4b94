package io.hypertape.kernels;

import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Rooms whose operations are gated: each is recorded on vectors and by its twin, and tried with
 * operands like its own. Rooms are interfaces of many methods, all alike but for their operands, so
 * they are proxies; a call that is recorded costs nothing of that when it runs.
 */
final class GatedRooms {

  /** Operands of fewer elements than a vector have no gain to wait for. */
  private static final int FEW = 16;

  /** Operands of more are not tried: that would take as much memory again. */
  private static final int MANY = 1 << 24;

  /** So many calls in a row are not those that a step records, but a program without recording. */
  private static final int SETTLED = 20_000;

  private final Kernels.Rooms twins = ScalarKernels.rooms();
  private final Supplier<Kernels.Rooms> makeVectors;
  private final Supplier<Kernels.Rooms> makeTried;
  private final Kernels.Rooms gated;
  private int openInARow;

  // Made when they are needed: their classes take a while to load.
  private Kernels.Rooms vectors;

  // Of the thread that tries: rooms have buffers that are one caller's at a time.
  private Kernels.Rooms triedVectors;
  private Kernels.Rooms triedTwins;

  /** An operation and the shapes of its operands. */
  private record Operation(Method method, TrialOperands operands) {
    @Override
    public String toString() {
      return method.getName() + operands;
    }
  }

  /**
   * Gated rooms.
   *
   * @param vectors makes rooms of vector kernels for the caller
   * @param tried makes some for trials
   */
  GatedRooms(Supplier<Kernels.Rooms> vectors, Supplier<Kernels.Rooms> tried) {
    this.makeVectors = vectors;
    this.makeTried = tried;
    this.gated = proxies();
  }

  /** Gated rooms, or those of vectors after many calls in a row whose gates were open. */
  Kernels.Rooms rooms() {
    return openInARow < SETTLED ? gated : vectors();
  }

  private Kernels.Rooms proxies() {
    return new Kernels.Rooms(
        room(Elementwise.class, Kernels.Rooms::elementwise),
        room(Products.class, Kernels.Rooms::products),
        room(Convolutions.class, Kernels.Rooms::convolutions),
        room(Layers.class, Kernels.Rooms::layers),
        room(Updates.class, Kernels.Rooms::updates));
  }

  private <T> T room(Class<T> type, Function<Kernels.Rooms, T> of) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> call(of, method, arguments));
    return type.cast(proxy);
  }

  private Object call(Function<Kernels.Rooms, ?> of, Method method, Object... arguments) {
    if (method.getDeclaringClass() == Object.class) {
      return invoke(of.apply(twins), method, arguments);
    }
    Operation operation = new Operation(method, TrialOperands.of(arguments));
    TwinGate gate = Gates.JVM.get(operation);
    if (gate != null && gate.isOpen()) {
      openInARow++;
      return invoke(of.apply(vectors()), method, arguments);
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
      return new GatedCall(gate, call, () -> (Call) invoke(of.apply(vectors()), method, arguments));
    }
    // A number, which is there at once.
    gate.waited(System.nanoTime() - begin);
    return twin;
  }

  private Kernels.Rooms vectors() {
    if (vectors == null) {
      vectors = makeVectors.get();
    }
    return vectors;
  }

  /** What the method throws is unchecked, and thrown as it is. */
  private static Object invoke(Object room, Method method, Object... arguments) {
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
  private Queue<Supplier<TwinGate.Pair>> trials(
      Function<Kernels.Rooms, ?> of, Operation operation) {
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

  private TwinGate.Pair pair(Function<Kernels.Rooms, ?> of, Method method, TrialOperands operands) {
    Object[] arguments = operands.make();
    if (triedVectors == null) {
      triedVectors = makeTried.get();
      triedTwins = ScalarKernels.rooms();
    }
    return new TwinGate.Pair(
        made(of.apply(triedVectors), method, arguments),
        made(of.apply(triedTwins), method, arguments),
        operands.elements());
  }

  /** An operation, also one that is no call. */
  private static Call made(Object room, Method method, Object... arguments) {
    if (method.getReturnType() != Call.class) {
      return () -> invoke(room, method, arguments);
    }
    return (Call) invoke(room, method, arguments);
  }
}
