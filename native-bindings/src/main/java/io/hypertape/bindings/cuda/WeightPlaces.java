package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Where cuDNN puts matrices and biases in its weight space; asked for once. */
final class WeightPlaces {

  private static final NativeFunction PLACE =
      new NativeFunction(
          Api.CUDNN, "cudnnGetRNNWeightParams", "pseudoLayer", "weightSpace*", "bytes", "linear");
  private static final NativeFunction SIZE =
      new NativeFunction(Api.CUDNN, "cudnnGetTensorSizeInBytes");

  /** The input's matrix, the hidden state's, and the two biases. */
  private static final int TENSORS_OF_A_LAYER = 4;

  private final CudnnHandle handle;
  private final RecurrentShape shape;
  private final MemorySegment layers;
  private final MemorySegment matrix;
  private final MemorySegment bias;
  private final long weightBytes;
  private List<WeightSpan> spans = List.of();

  WeightPlaces(
      CudnnHandle handle,
      RecurrentShape shape,
      Descriptors descriptors,
      MemorySegment layers,
      long weightBytes) {
    this.handle = handle;
    this.shape = shape;
    this.layers = layers;
    this.weightBytes = weightBytes;
    this.matrix = descriptors.add(Descriptor.Kind.TENSOR).handle();
    this.bias = descriptors.add(Descriptor.Kind.TENSOR).handle();
  }

  List<WeightSpan> spans(long weightSpace) {
    if (spans.isEmpty()) {
      spans = find(weightSpace);
    }
    return spans;
  }

  private List<WeightSpan> find(long weightSpace) {
    int gates = shape.cell().gates();
    List<WeightSpan> matrices = new ArrayList<>();
    List<WeightSpan> biases = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cells = arena.allocate(ValueLayout.JAVA_LONG, 3);
      for (int layer = 0; layer < shape.layers(); layer++) {
        for (int linear = 0; linear < 2 * gates; linear++) {
          ask(layer, linear, weightSpace, cells);
          int kind = linear / gates;
          int tensor = TENSORS_OF_A_LAYER * layer + kind;
          int features = kind == 0 ? shape.inputsOf(layer) : shape.hidden();
          long rows = (long) Float.BYTES * shape.hidden();
          int gate = linear % gates;
          add(matrices, tensor, gate, place(cells, 0, weightSpace), size(matrix, rows * features));
          add(biases, tensor + 2, gate, place(cells, 1, weightSpace), size(bias, rows));
        }
      }
    }
    matrices.addAll(biases);
    return List.copyOf(matrices);
  }

  private void ask(int layer, int linear, long weightSpace, MemorySegment cells) {
    int status =
        Cudnn.cudnnGetRNNWeightParams(
            handle.segment(),
            layers,
            layer,
            weightBytes,
            MemorySegment.ofAddress(weightSpace),
            linear,
            matrix,
            cells,
            bias,
            cells.asSlice(Long.BYTES));
    Status.check(status, PLACE, layer, weightSpace, weightBytes, linear);
  }

  private static long place(MemorySegment cells, int which, long weightSpace) {
    return cells.getAtIndex(ValueLayout.JAVA_LONG, which) - weightSpace;
  }

  /** What cuDNN says of the size; another one would mean another order than PyTorch's. */
  private static long size(MemorySegment descriptor, long expected) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
      Status.check(Cudnn.cudnnGetTensorSizeInBytes(descriptor, bytes), SIZE);
      if (ResultCells.int64(bytes) != expected) {
        throw new IllegalStateException(
            "cuDNN keeps "
                + ResultCells.int64(bytes)
                + " bytes for a gate's weights instead of "
                + expected
                + "; this version of cuDNN is not known");
      }
      return expected;
    }
  }

  private static void add(List<WeightSpan> spans, int tensor, int gate, long place, long bytes) {
    WeightSpan span = new WeightSpan(tensor, gate * bytes, place, bytes);
    int last = spans.size() - 1;
    if (last >= 0 && spans.get(last).isFollowedBy(span)) {
      spans.set(last, spans.get(last).joined(span));
    } else {
      spans.add(span);
    }
  }
}
