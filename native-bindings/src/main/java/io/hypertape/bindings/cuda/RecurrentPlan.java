package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * How cuDNN computes recurrent layers of one shape: descriptors, sizes and the places of weights.
 * Belongs to a {@link CudnnRecurrence}.
 */
public final class RecurrentPlan {

  private static final NativeFunction LAYERS =
      new NativeFunction(Api.CUDNN, "cudnnSetRNNDescriptor_v8", "shape", "mathType");
  private static final NativeFunction SEQUENCE =
      new NativeFunction(
          Api.CUDNN, "cudnnSetRNNDataDescriptor", "maxSeqLength", "batchSize", "vectorSize");
  private static final NativeFunction STATE =
      new NativeFunction(Api.CUDNN, "cudnnSetTensorNdDescriptor", "shape");
  private static final NativeFunction WEIGHTS =
      new NativeFunction(Api.CUDNN, "cudnnGetRNNWeightSpaceSize", "shape");
  private static final NativeFunction SPACES =
      new NativeFunction(Api.CUDNN, "cudnnGetRNNTempSpaceSizes", "shape");
  private static final NativeFunction FORWARD =
      new NativeFunction(
          Api.CUDNN,
          "cudnnRNNForward",
          "shape",
          "x*",
          "hx*",
          "cx*",
          "y*",
          "hy*",
          "cy*",
          "weightSpace*",
          "workSpace*",
          "reserveSpace*");
  private static final NativeFunction DATA =
      new NativeFunction(
          Api.CUDNN,
          "cudnnRNNBackwardData_v8",
          "shape",
          "y*",
          "dy*",
          "dhy*",
          "dcy*",
          "hx*",
          "cx*",
          "dx*",
          "dhx*",
          "dcx*",
          "weightSpace*",
          "workSpace*",
          "reserveSpace*");
  private static final NativeFunction WEIGHT_GRADIENTS =
      new NativeFunction(
          Api.CUDNN,
          "cudnnRNNBackwardWeights_v8",
          "shape",
          "x*",
          "hx*",
          "y*",
          "dweightSpace*",
          "workSpace*",
          "reserveSpace*");

  private final CudnnHandle handle;
  private final RecurrentShape shape;
  private final Descriptors descriptors = new Descriptors();
  private final MemorySegment layers;
  private final MemorySegment input;
  private final MemorySegment output;
  private final MemorySegment hidden;
  private final MemorySegment cell;
  private final WeightPlaces places;
  private final long weightBytes;
  private final long workspaceBytes;
  private final long reserveBytes;

  RecurrentPlan(CudnnHandle handle, RecurrentShape shape, int mathType, MemorySegment noDropout) {
    this.handle = handle;
    this.shape = shape;
    try (Arena arena = Arena.ofConfined()) {
      layers = descriptors.add(Descriptor.Kind.RNN).handle();
      input = descriptors.add(Descriptor.Kind.RNN_DATA).handle();
      output = descriptors.add(Descriptor.Kind.RNN_DATA).handle();
      hidden = descriptors.add(Descriptor.Kind.TENSOR).handle();
      cell = shape.cell() == RecurrentShape.Cell.LSTM ? hidden : MemorySegment.NULL;
      setLayers(mathType, noDropout);
      setSequence(arena, input, shape.inputs());
      setSequence(arena, output, shape.hidden());
      setState(arena);
      MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
      int status = Cudnn.cudnnGetRNNWeightSpaceSize(handle.segment(), layers, bytes);
      check(status, WEIGHTS);
      weightBytes = ResultCells.int64(bytes);
      MemorySegment more = arena.allocate(ValueLayout.JAVA_LONG);
      status =
          Cudnn.cudnnGetRNNTempSpaceSizes(
              handle.segment(), layers, Cudnn.CUDNN_FWD_MODE_TRAINING(), input, bytes, more);
      check(status, SPACES);
      workspaceBytes = ResultCells.int64(bytes);
      reserveBytes = ResultCells.int64(more);
      places = new WeightPlaces(handle, shape, descriptors, layers, weightBytes);
    } catch (Throwable t) {
      Closing.after(t, descriptors);
      throw t;
    }
  }

  private void check(int status, NativeFunction call) {
    if (status != Status.SUCCESS) {
      throw Status.failure(status, call, shape);
    }
  }

  private void setLayers(int mathType, MemorySegment noDropout) {
    int status =
        Cudnn.cudnnSetRNNDescriptor_v8(
            layers,
            Cudnn.CUDNN_RNN_ALGO_STANDARD(),
            shape.cell().mode(),
            Cudnn.CUDNN_RNN_DOUBLE_BIAS(),
            Cudnn.CUDNN_UNIDIRECTIONAL(),
            Cudnn.CUDNN_LINEAR_INPUT(),
            Cudnn.CUDNN_DATA_FLOAT(),
            Cudnn.CUDNN_DATA_FLOAT(),
            mathType,
            shape.inputs(),
            shape.hidden(),
            // As wide as the hidden state: no projection.
            shape.hidden(),
            shape.layers(),
            noDropout,
            Cudnn.CUDNN_RNN_PADDED_IO_ENABLED());
    if (status != Status.SUCCESS) {
      throw Status.failure(status, LAYERS, shape, mathType);
    }
  }

  /** All sequences are of full length, so that nothing in the unpacked layout is padding. */
  private void setSequence(Arena arena, MemorySegment descriptor, int features) {
    MemorySegment lengths = arena.allocate(ValueLayout.JAVA_INT, shape.batch());
    for (int i = 0; i < shape.batch(); i++) {
      lengths.setAtIndex(ValueLayout.JAVA_INT, i, shape.steps());
    }
    int status =
        Cudnn.cudnnSetRNNDataDescriptor(
            descriptor,
            Cudnn.CUDNN_DATA_FLOAT(),
            Cudnn.CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED(),
            shape.steps(),
            shape.batch(),
            features,
            lengths,
            MemorySegment.NULL);
    Status.check(status, SEQUENCE, shape.steps(), shape.batch(), features);
  }

  private void setState(Arena arena) {
    int features = shape.hidden();
    MemorySegment lengths =
        arena.allocateFrom(ValueLayout.JAVA_INT, shape.layers(), shape.batch(), features);
    MemorySegment strides =
        arena.allocateFrom(ValueLayout.JAVA_INT, shape.batch() * features, features, 1);
    int status =
        Cudnn.cudnnSetTensorNdDescriptor(hidden, Cudnn.CUDNN_DATA_FLOAT(), 3, lengths, strides);
    check(status, STATE);
  }

  /**
   * Size of the weights as cuDNN wants them.
   *
   * @return bytes
   */
  public long weightBytes() {
    return weightBytes;
  }

  /**
   * What a call needs of memory beside its operands.
   *
   * @return bytes
   */
  public long workspaceBytes() {
    return workspaceBytes;
  }

  /**
   * What {@link #forward} keeps for the backward pass.
   *
   * @return bytes
   */
  public long reserveBytes() {
    return reserveBytes;
  }

  /**
   * Where the pieces of the weights go.
   *
   * @param weightSpace address of {@link #weightBytes} bytes on the device, which are not touched
   * @return all pieces, as few as possible
   * @throws CudaException if cuDNN refuses
   */
  public List<WeightSpan> weights(long weightSpace) {
    handle.ensureOpen();
    return places.spans(weightSpace);
  }

  /**
   * Queues the layers over the sequence, as for training.
   *
   * @param x address of the input on the device
   * @param hx address of the first hidden states
   * @param cx address of the first cell states; 0 for a GRU
   * @param y address of the output
   * @param hy address where the last hidden states go
   * @param cy address where the last cell states go; 0 for a GRU
   * @param weights address of the weight space
   * @param workspace address of {@link #workspaceBytes} bytes
   * @param reserve address of {@link #reserveBytes} bytes, written
   * @throws CudaException if cuDNN refuses
   */
  public void forward(
      long x,
      long hx,
      long cx,
      long y,
      long hy,
      long cy,
      long weights,
      long workspace,
      long reserve) {
    handle.ensureOpen();
    // From cuDNN 8.9.1 on the lengths come from the descriptors, not from the device.
    int status =
        Cudnn.cudnnRNNForward(
            handle.segment(),
            layers,
            Cudnn.CUDNN_FWD_MODE_TRAINING(),
            MemorySegment.NULL,
            input,
            MemorySegment.ofAddress(x),
            output,
            MemorySegment.ofAddress(y),
            hidden,
            MemorySegment.ofAddress(hx),
            MemorySegment.ofAddress(hy),
            cell,
            MemorySegment.ofAddress(cx),
            MemorySegment.ofAddress(cy),
            weightBytes,
            MemorySegment.ofAddress(weights),
            workspaceBytes,
            MemorySegment.ofAddress(workspace),
            reserveBytes,
            MemorySegment.ofAddress(reserve));
    if (status != Status.SUCCESS) {
      throw Status.failure(
          status, FORWARD, shape, x, hx, cx, y, hy, cy, weights, workspace, reserve);
    }
  }

  /**
   * Queues the cotangents of input and first states. Uses the reserve up: it serves one such pass.
   *
   * @param y address of the output that {@link #forward} wrote
   * @param dy address of the output's cotangent
   * @param dhy address of the last hidden states' cotangent
   * @param dcy address of the last cell states' cotangent; 0 for a GRU
   * @param hx address of the first hidden states
   * @param cx address of the first cell states; 0 for a GRU
   * @param dx address of the result for the input
   * @param dhx address of the result for the first hidden states
   * @param dcx address of the result for the first cell states; 0 for a GRU
   * @param weights address of the weight space
   * @param workspace address of {@link #workspaceBytes} bytes, to be left alone until {@link
   *     #backwardWeights}
   * @param reserve address of what {@link #forward} kept
   * @throws CudaException if cuDNN refuses
   */
  public void backwardData(
      long y,
      long dy,
      long dhy,
      long dcy,
      long hx,
      long cx,
      long dx,
      long dhx,
      long dcx,
      long weights,
      long workspace,
      long reserve) {
    handle.ensureOpen();
    int status =
        Cudnn.cudnnRNNBackwardData_v8(
            handle.segment(),
            layers,
            MemorySegment.NULL,
            output,
            MemorySegment.ofAddress(y),
            MemorySegment.ofAddress(dy),
            input,
            MemorySegment.ofAddress(dx),
            hidden,
            MemorySegment.ofAddress(hx),
            MemorySegment.ofAddress(dhy),
            MemorySegment.ofAddress(dhx),
            cell,
            MemorySegment.ofAddress(cx),
            MemorySegment.ofAddress(dcy),
            MemorySegment.ofAddress(dcx),
            weightBytes,
            MemorySegment.ofAddress(weights),
            workspaceBytes,
            MemorySegment.ofAddress(workspace),
            reserveBytes,
            MemorySegment.ofAddress(reserve));
    if (status != Status.SUCCESS) {
      throw Status.failure(
          status, DATA, shape, y, dy, dhy, dcy, hx, cx, dx, dhx, dcx, weights, workspace, reserve);
    }
  }

  /**
   * Queues the addition of the weights' cotangents, after {@link #backwardData} on the same
   * workspace and reserve.
   *
   * @param x address of the input on the device
   * @param hx address of the first hidden states
   * @param y address of the output that {@link #forward} wrote
   * @param gradients address of a weight space to which they are added
   * @param workspace address of {@link #workspaceBytes} bytes
   * @param reserve address of what {@link #backwardData} left
   * @throws CudaException if cuDNN refuses
   */
  public void backwardWeights(
      long x, long hx, long y, long gradients, long workspace, long reserve) {
    handle.ensureOpen();
    // To overwrite them instead is a mode that cuDNN has a name for, but no code.
    int status =
        Cudnn.cudnnRNNBackwardWeights_v8(
            handle.segment(),
            layers,
            Cudnn.CUDNN_WGRAD_MODE_ADD(),
            MemorySegment.NULL,
            input,
            MemorySegment.ofAddress(x),
            hidden,
            MemorySegment.ofAddress(hx),
            output,
            MemorySegment.ofAddress(y),
            weightBytes,
            MemorySegment.ofAddress(gradients),
            workspaceBytes,
            MemorySegment.ofAddress(workspace),
            reserveBytes,
            MemorySegment.ofAddress(reserve));
    if (status != Status.SUCCESS) {
      throw Status.failure(
          status, WEIGHT_GRADIENTS, shape, x, hx, y, gradients, workspace, reserve);
    }
  }

  Descriptors descriptors() {
    return descriptors;
  }
}
