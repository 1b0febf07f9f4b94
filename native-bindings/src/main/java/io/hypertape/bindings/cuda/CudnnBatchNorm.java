package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Batch normalization of images by cuDNN: each channel by the statistics of the whole batch. */
public final class CudnnBatchNorm extends Resource {

  private static final NativeFunction FORWARD =
      new NativeFunction(
          Api.CUDNN,
          "cudnnBatchNormalizationForwardTraining",
          "n",
          "c",
          "h",
          "w",
          "x*",
          "scale*",
          "bias*",
          "y*",
          "epsilon",
          "mean*",
          "inverse*");
  private static final NativeFunction BACKWARD =
      new NativeFunction(
          Api.CUDNN,
          "cudnnBatchNormalizationBackward",
          "n",
          "c",
          "h",
          "w",
          "x*",
          "dy*",
          "dx*",
          "scale*",
          "dScale*",
          "dBias*",
          "mean*",
          "inverse*");

  private final CudnnHandle handle;
  private final Arena arena = Arena.ofShared();
  // Apart, so that a look-up of the one cannot drop what a look-up of the other has just given.
  private final TensorDescriptors images = new TensorDescriptors(arena);
  private final TensorDescriptors channels = new TensorDescriptors(arena);

  private CudnnBatchNorm(CudnnHandle handle) {
    super(handle.owner());
    this.handle = handle;
    enter();
  }

  /**
   * Opens what keeps the descriptors.
   *
   * @param handle cuDNN, closed after this
   * @return it
   */
  public static CudnnBatchNorm create(CudnnHandle handle) {
    handle.ensureOpen();
    return new CudnnBatchNorm(handle);
  }

  /**
   * Queues {@code y = scale (x - mean) inverse + bias}, with mean and biased variance of each
   * channel, and {@code inverse = 1 / sqrt(variance + epsilon)}.
   *
   * @param n images, at least 1
   * @param c channels, at least 1
   * @param h rows, at least 1
   * @param w columns, at least 1
   * @param epsilon at least 0
   * @param x address of the input on the device, [n, c, h, w]
   * @param scale address of the factors, [c]
   * @param bias address of what is added, [c]
   * @param y address of the output, [n, c, h, w]
   * @param mean address where the means go, [c]
   * @param inverse address where the inverse deviations go, [c]
   * @throws CudaException if cuDNN refuses
   */
  public void forward(
      int n,
      int c,
      int h,
      int w,
      double epsilon,
      long x,
      long scale,
      long bias,
      long y,
      long mean,
      long inverse) {
    ensureOpen();
    MemorySegment image = images.of(n, c, h, w);
    // The factor of running statistics has to be one of cuDNN's even if there are none.
    int status =
        Cudnn.cudnnBatchNormalizationForwardTraining(
            handle.segment(),
            Cudnn.CUDNN_BATCHNORM_SPATIAL(),
            handle.one(),
            handle.zero(),
            image,
            MemorySegment.ofAddress(x),
            image,
            MemorySegment.ofAddress(y),
            channels.of(1, c),
            MemorySegment.ofAddress(scale),
            MemorySegment.ofAddress(bias),
            1,
            MemorySegment.NULL,
            MemorySegment.NULL,
            epsilon,
            MemorySegment.ofAddress(mean),
            MemorySegment.ofAddress(inverse));
    if (status != Status.SUCCESS) {
      throw Status.failure(status, FORWARD, n, c, h, w, x, scale, bias, y, epsilon, mean, inverse);
    }
  }

  /**
   * Queues the cotangents of the input, the factors and what is added, through the statistics too.
   *
   * @param n images, at least 1
   * @param c channels, at least 1
   * @param h rows, at least 1
   * @param w columns, at least 1
   * @param x address of the input on the device
   * @param dy address of the output's cotangent
   * @param dx address of the result for the input
   * @param scale address of the factors
   * @param dScale address of the result for the factors
   * @param dBias address of the result for what is added
   * @param mean address of the means that {@link #forward} wrote
   * @param inverse address of the inverse deviations that it wrote
   * @throws CudaException if cuDNN refuses
   */
  public void backward(
      int n,
      int c,
      int h,
      int w,
      long x,
      long dy,
      long dx,
      long scale,
      long dScale,
      long dBias,
      long mean,
      long inverse) {
    ensureOpen();
    MemorySegment image = images.of(n, c, h, w);
    // With saved statistics epsilon does not count any more: it is in the inverse deviations.
    int status =
        Cudnn.cudnnBatchNormalizationBackward(
            handle.segment(),
            Cudnn.CUDNN_BATCHNORM_SPATIAL(),
            handle.one(),
            handle.zero(),
            handle.one(),
            handle.zero(),
            image,
            MemorySegment.ofAddress(x),
            image,
            MemorySegment.ofAddress(dy),
            image,
            MemorySegment.ofAddress(dx),
            channels.of(1, c),
            MemorySegment.ofAddress(scale),
            MemorySegment.ofAddress(dScale),
            MemorySegment.ofAddress(dBias),
            Cudnn.CUDNN_BN_MIN_EPSILON(),
            MemorySegment.ofAddress(mean),
            MemorySegment.ofAddress(inverse));
    if (status != Status.SUCCESS) {
      throw Status.failure(
          status, BACKWARD, n, c, h, w, x, dy, dx, scale, dScale, dBias, mean, inverse);
    }
  }

  @Override
  String what() {
    return "CudnnBatchNorm of " + handle.what();
  }

  @Override
  void release() {
    Closing.all(List.<AutoCloseable>of(images, channels, () -> ResultCells.close(arena)));
  }
}
