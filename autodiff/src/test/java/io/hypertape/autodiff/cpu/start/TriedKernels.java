package io.hypertape.autodiff.cpu.start;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.KernelMode;
import io.hypertape.kernels.KernelSelection;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.elementwise.Elementwise;
import io.hypertape.kernels.gemm.Products;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.layers.Layers;
import io.hypertape.kernels.updates.Updates;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scalar kernels. Before an operation of a new shape is done, it is done on operands like its own,
 * and on fewer, in arrays that are the trial's.
 */
public final class TriedKernels implements Kernels {

  private final Kernels twins = Kernels.open(KernelMode.SCALAR, 1);
  private final Elementwise elementwise = room(Elementwise.class, twins.elementwise());
  private final Products products = room(Products.class, twins.products());
  private final Convolutions convolutions = room(Convolutions.class, twins.convolutions());
  private final Layers layers = room(Layers.class, twins.layers());
  private final Updates updates = room(Updates.class, twins.updates());

  private final Set<Object> keys = new HashSet<>();
  private final Set<String> whole;
  private final Set<String> fewer;

  /** Notes the names of operations that were tried, and of those that were so on fewer elements. */
  public TriedKernels(Set<String> whole, Set<String> fewer) {
    this.whole = whole;
    this.fewer = fewer;
  }

  /** The names of all operations there are. */
  public static Set<String> operations() {
    return Stream.of(
            Elementwise.class, Products.class, Convolutions.class, Layers.class, Updates.class)
        .flatMap(room -> Arrays.stream(room.getDeclaredMethods()))
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private <T> T room(Class<T> type, T twin) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              TrialOperands all = TrialOperands.of(arguments);
              if (keys.add(List.of(method, all))) {
                TrialOperands parts = all.fewer(method.getName());
                run(twin, method, all.make());
                run(twin, method, parts.make());
                whole.add(method.getName());
                if (parts != all) {
                  // Not always less: long strides keep what is left apart.
                  assertTrue(parts.elements() <= all.elements(), method.getName());
                  fewer.add(method.getName());
                }
              }
              return GatedKernels.invoke(twin, method, arguments);
            }));
  }

  private static void run(Object room, Method method, Object... arguments) {
    if (GatedKernels.invoke(room, method, arguments) instanceof Call call) {
      call.run();
    }
  }

  @Override
  public KernelSelection selection() {
    return twins.selection();
  }

  @Override
  public Elementwise elementwise() {
    return elementwise;
  }

  @Override
  public Products products() {
    return products;
  }

  @Override
  public Convolutions convolutions() {
    return convolutions;
  }

  @Override
  public Layers layers() {
    return layers;
  }

  @Override
  public Updates updates() {
    return updates;
  }

  @Override
  public void close() {
    twins.close();
  }
}
