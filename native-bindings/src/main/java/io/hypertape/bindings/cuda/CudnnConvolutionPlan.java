package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.MemorySegment;

/**
 * How cuDNN is to compute one product of a convolution: its descriptors, and the algorithm that was
 * chosen. Belongs to a {@link CudnnConvolution}.
 */
public final class CudnnConvolutionPlan {

  private static final NativeFunction FILTER =
      new NativeFunction(Api.CUDNN, "cudnnSetFilter4dDescriptor", "k", "c", "h", "w");
  private static final NativeFunction TENSOR =
      new NativeFunction(Api.CUDNN, "cudnnSetTensor4dDescriptor", "n", "c", "h", "w");
  private static final NativeFunction FORM =
      new NativeFunction(Api.CUDNN, "cudnnSetConvolution2dDescriptor", "geometry");
  private static final NativeFunction GROUPS =
      new NativeFunction(Api.CUDNN, "cudnnSetConvolutionGroupCount", "groups");
  private static final NativeFunction MATH =
      new NativeFunction(Api.CUDNN, "cudnnSetConvolutionMathType", "math");

  private final CudnnHandle handle;
  private final ConvolutionDirection direction;
  private final ConvolutionGeometry geometry;
  private final Descriptors descriptors = new Descriptors();
  private final MemorySegment x;
  private final MemorySegment w;
  private final MemorySegment y;
  private final MemorySegment form;
  private int algorithm = -1;
  private long workspaceBytes;

  CudnnConvolutionPlan(
      CudnnHandle handle, ConvolutionDirection direction, ConvolutionGeometry g, int mathType) {
    this.handle = handle;
    this.direction = direction;
    this.geometry = g;
    try {
      x = descriptors.add(Descriptor.Kind.TENSOR).handle();
      y = descriptors.add(Descriptor.Kind.TENSOR).handle();
      w = descriptors.add(Descriptor.Kind.FILTER).handle();
      form = descriptors.add(Descriptor.Kind.CONVOLUTION).handle();
      setTensor(x, g.batch(), g.channels(), g.height(), g.width());
      setTensor(y, g.batch(), g.filters(), g.outHeight(), g.outWidth());
      setFilter(g.filters(), g.channels() / g.groups(), g.filterHeight(), g.filterWidth());
      setForm();
      setMathType(mathType);
    } catch (Throwable t) {
      Closing.after(t, descriptors);
      throw t;
    }
  }

  private static void setTensor(MemorySegment descriptor, int n, int c, int h, int w) {
    int status =
        Cudnn.cudnnSetTensor4dDescriptor(
            descriptor, Cudnn.CUDNN_TENSOR_NCHW(), Cudnn.CUDNN_DATA_FLOAT(), n, c, h, w);
    Status.check(status, TENSOR, n, c, h, w);
  }

  private void setFilter(int k, int c, int h, int width) {
    int status =
        Cudnn.cudnnSetFilter4dDescriptor(
            w, Cudnn.CUDNN_DATA_FLOAT(), Cudnn.CUDNN_TENSOR_NCHW(), k, c, h, width);
    Status.check(status, FILTER, k, c, h, width);
  }

  private void setForm() {
    ConvolutionGeometry g = geometry;
    int status =
        Cudnn.cudnnSetConvolution2dDescriptor(
            form,
            g.padHeight(),
            g.padWidth(),
            g.strideHeight(),
            g.strideWidth(),
            g.dilationHeight(),
            g.dilationWidth(),
            Cudnn.CUDNN_CROSS_CORRELATION(),
            Cudnn.CUDNN_DATA_FLOAT());
    if (status != Status.SUCCESS) {
      throw Status.failure(status, FORM, g);
    }
    Status.check(Cudnn.cudnnSetConvolutionGroupCount(form, g.groups()), GROUPS, g.groups());
  }

  void setMathType(int type) {
    Status.check(Cudnn.cudnnSetConvolutionMathType(form, type), MATH, type);
  }

  void choose(int chosen, long bytes) {
    algorithm = chosen;
    workspaceBytes = bytes;
  }

  /**
   * What {@link #run} needs of memory beside its operands.
   *
   * @return bytes, may be 0
   */
  public long workspaceBytes() {
    return workspaceBytes;
  }

  /**
   * Queues the product: out is overwritten.
   *
   * @param a address of the first operand: x, for {@link ConvolutionDirection#DATA} y's cotangent
   * @param b address of the second operand: w, for {@link ConvolutionDirection#FILTER} y's
   *     cotangent
   * @param out address of the result
   * @param workspace address of {@link #workspaceBytes} bytes
   * @throws CudaException if cuDNN refuses
   */
  public void run(long a, long b, long out, long workspace) {
    handle.ensureOpen();
    MemorySegment space =
        workspaceBytes == 0 ? MemorySegment.NULL : MemorySegment.ofAddress(workspace);
    int status = direction.run(this, a, b, out, space, workspaceBytes);
    if (status != Status.SUCCESS) {
      throw Status.failure(
          status, direction.running(), geometry, algorithm, a, b, out, workspace, workspaceBytes);
    }
  }

  MemorySegment cudnn() {
    return handle.segment();
  }

  MemorySegment one() {
    return handle.one();
  }

  MemorySegment zero() {
    return handle.zero();
  }

  MemorySegment x() {
    return x;
  }

  MemorySegment w() {
    return w;
  }

  MemorySegment y() {
    return y;
  }

  MemorySegment form() {
    return form;
  }

  int algorithm() {
    return algorithm;
  }

  ConvolutionGeometry geometry() {
    return geometry;
  }

  Descriptors descriptors() {
    return descriptors;
  }
}
