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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scalar kernels. Before an operation of a new shape is done, it is done on operands like its own,
 * and on fewer, in arrays that are the trial's.
 */
public final class TriedKernels implements Kernels, AskedRooms.Asked {

  private final Kernels twins = Kernels.open(KernelMode.SCALAR, 1);
  private final Elementwise elementwise = AskedRooms.elementwise(this);
  private final Products products = AskedRooms.products(this);
  private final Convolutions convolutions = AskedRooms.convolutions(this);
  private final Layers layers = AskedRooms.layers(this);
  private final Updates updates = AskedRooms.updates(this);

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
    return Stream.of(KernelOp.values()).map(Enum::name).collect(Collectors.toSet());
  }

  @Override
  public Object of(KernelOp op, Object... operands) {
    TrialOperands all = TrialOperands.of(operands);
    if (keys.add(List.of(op, all))) {
      TrialOperands parts = all.fewer(op);
      run(op, all.make());
      run(op, parts.make());
      whole.add(op.name());
      if (parts != all) {
        // Not always less: long strides keep what is left apart.
        assertTrue(parts.elements() <= all.elements(), op.name());
        fewer.add(op.name());
      }
    }
    return op.of(twins, operands);
  }

  private void run(KernelOp op, Object... operands) {
    if (op.of(twins, operands) instanceof Call call) {
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
