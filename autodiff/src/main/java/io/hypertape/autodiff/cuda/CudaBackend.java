package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.backend.DeviceMemoryException;
import io.hypertape.autodiff.backend.Distribution;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.FusedKernel;
import io.hypertape.autodiff.backend.LayerKernel;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.Storage;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import io.hypertape.bindings.cuda.CudaOutOfMemoryException;
import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.DType;
import io.hypertape.tensor.Pooling;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * float32 on an NVIDIA GPU: own kernels, cuBLAS, and cuDNN where it is found. Every call puts work
 * on one stream and returns; {@link #read} and {@link #synchronize} wait, and raise the bad indices
 * that earlier work came upon.
 */
final class CudaBackend implements Backend {

  private static final String INSTEAD_OF_READING = "read when the recording has been replayed";
  private static final String INSTEAD_OF_WRITING = "write before it and before each replay";

  private final CudaParts parts;
  private boolean closed;

  private CudaBackend(CudaParts parts) {
    this.parts = parts;
  }

  /**
   * Opens a device.
   *
   * @param ordinal its number, from 0
   * @param precision of matrix products
   * @param softmax who computes log-softmax and whole layers
   * @param compiler what compiles the kernels, or knows them from an earlier time
   * @return the backend
   * @throws io.hypertape.bindings.cuda.CudaUnavailableException if CUDA cannot be used here
   * @throws io.hypertape.bindings.cuda.CudaException if a call of CUDA fails
   */
  static CudaBackend open(
      int ordinal, CudaPrecision precision, SoftmaxPath softmax, KernelCompiler compiler) {
    return new CudaBackend(new CudaParts(ordinal, precision, softmax, compiler));
  }

  /** Opens the first device. */
  static CudaBackend open(CudaPrecision precision, SoftmaxPath softmax, KernelCompiler compiler) {
    return open(0, precision, softmax, compiler);
  }

  /** Opens the first device, with compiled kernels kept in the default folder. */
  static CudaBackend open(CudaPrecision precision, SoftmaxPath softmax) {
    return open(precision, softmax, KernelCompiler.create());
  }

  /** CUDA's current device is a matter of threads, each of which may use several. */
  private CudaParts parts() {
    CudaParts all = patient();
    all.program().flush();
    return all;
  }

  /** For what lets small pieces of work wait for each other. */
  private CudaParts patient() {
    if (closed) {
      throw new IllegalStateException("this cuda backend is closed");
    }
    parts.device().ensureCurrent();
    return parts;
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String description() {
    return parts.description();
  }

  @Override
  public List<String> fallbacks() {
    return parts.fallbacks().all();
  }

  @Override
  public void onShortage(Runnable relief) {
    parts.pool().setRelief(relief);
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public Storage allocate(DType type, int size) {
    if (type == DType.F64) {
      throw new IllegalArgumentException("the cuda backend has F32 and I32 buffers, not F64");
    }
    parts().recorder().refuse("allocate", "allocate before it");
    long bytes = (long) size * type.bytes();
    try {
      return new CudaStorage(type, size, parts.pool().allocate(bytes));
    } catch (CudaOutOfMemoryException e) {
      throw new DeviceMemoryException(bytes, e);
    }
  }

  @Override
  public void free(Storage buffer) {
    CudaParts all = patient();
    if (!all.recorder().isRecording()) {
      all.program().flush();
    }
    all.recorder().free(((CudaStorage) buffer).release());
  }

  @Override
  public void write(MemorySegment source, Storage target) {
    parts().recorder().refuse("write", INSTEAD_OF_WRITING);
    CudaStorage buffer = (CudaStorage) target;
    if (source.byteSize() > 4L * buffer.size()) {
      throw new IndexOutOfBoundsException(
          "write: "
              + source.byteSize()
              + " bytes into a buffer of "
              + buffer.size()
              + " elements of 4 bytes");
    }
    parts.staging().write(source, buffer.address());
  }

  @Override
  public void read(View source, MemorySegment target) {
    parts().recorder().refuse("read", INSTEAD_OF_READING);
    parts.readBack().read(CudaStorage.address(source), 4L * source.size(), target);
  }

  @Override
  public void fill(double value, View out) {
    patient().copies().fill(value, out);
  }

  @Override
  public void copy(View in, View out) {
    patient().copies().copy(in, out);
  }

  @Override
  public void unary(UnaryOp op, View in, View out) {
    patient().elementwise().unary(op, in, out);
  }

  @Override
  public void binary(BinaryOp op, View a, View b, View out) {
    patient().elementwise().binary(op, a, b, out);
  }

  @Override
  public void reduce(ReduceOp op, View in, View out) {
    patient().reductions().reduce(op, in, out);
  }

  @Override
  public void gemm(View a, View b, double beta, View c) {
    parts().gemm().run(a, b, beta, c);
  }

  @Override
  public boolean has(LayerKernel kernel) {
    return true;
  }

  @Override
  public void logSoftmax(View in, View out) {
    if (out.size() > 0) {
      patient().softmax().forward(in, out);
    }
  }

  @Override
  public void logSoftmaxGrad(View cotangent, View output, View out) {
    if (out.size() > 0) {
      patient().softmax().gradient(cotangent, output, out);
    }
  }

  @Override
  public void pick(View in, View index, View out) {
    patient().labels().pick(in, index, out);
  }

  @Override
  public void scatter(View in, View index, View out) {
    patient().labels().scatter(in, index, out);
  }

  @Override
  public void random(Distribution distribution, long seed, long stream, View out) {
    parts().random().fill(distribution, seed, stream, out);
  }

  @Override
  public boolean fusesAffine() {
    return true;
  }

  @Override
  public void affine(View x, View w, View bias, Epilogue epilogue, View out) {
    parts().dense().forward(x, w, bias, epilogue, out);
  }

  @Override
  public void affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    parts().dense().gradient(epilogue, cotangent, output, sums, bias);
  }

  @Override
  public boolean fuses(FusedKernel kernel) {
    return true;
  }

  @Override
  public void fused(FusedKernel kernel, View[] in, View[] out) {
    patient().updates().run(kernel, in, out);
  }

  @Override
  public void convolution(ConvolutionPass pass, Convolution form, View a, View b, View out) {
    parts().layers().convolutions().run(pass, form, a, b, out);
  }

  @Override
  public void maxPool(Pooling form, View x, View y, View index) {
    parts().layers().poolings().max(form, x, y, index);
  }

  @Override
  public void maxPoolScatter(Pooling form, View in, View index, View out) {
    parts().layers().poolings().maxScatter(form, in, index, out);
  }

  @Override
  public void maxPoolGather(Pooling form, View in, View index, View out) {
    parts().layers().poolings().maxGather(form, in, index, out);
  }

  @Override
  public void averagePool(Pooling form, View in, View out) {
    parts().layers().poolings().average(form, in, out);
  }

  @Override
  public void averagePoolAdjoint(Pooling form, View in, View out) {
    parts().layers().poolings().averageAdjoint(form, in, out);
  }

  @Override
  public void batchNorm(double eps, View x, View gamma, View beta, View y, View mean, View invStd) {
    parts().layers().batchNorms().forward(eps, x, gamma, beta, y, mean, invStd);
  }

  @Override
  public void batchNormGrad(
      View dy, View x, View gamma, View mean, View invStd, View dx, View dGamma, View dBeta) {
    parts().layers().batchNorms().gradient(dy, x, gamma, mean, invStd, dx, dGamma, dBeta);
  }

  @Override
  public void gatherRows(View table, View index, View out) {
    parts().layers().embeddings().gather(table, index, out);
  }

  @Override
  public void scatterRows(View in, View index, View out) {
    parts().layers().embeddings().scatter(in, index, out);
  }

  @Override
  public void dropoutMask(double keep, long seed, View counter, View out) {
    parts().layers().dropout().draw(keep, seed, counter, out);
  }

  @Override
  public int recurrentReserve(Recurrence form) {
    return parts().layers().recurrent().reserve(form);
  }

  @Override
  public void recurrent(Recurrence form, View[] in, View[] out) {
    parts().layers().recurrent().forward(form, in, out);
  }

  @Override
  public void recurrentGrad(Recurrence form, View[] in, View[] out) {
    parts().layers().recurrent().gradient(form, in, out);
  }

  @Override
  public void trim() {
    synchronize();
    parts.pool().trim();
  }

  @Override
  public void synchronize() {
    parts().recorder().refuse("synchronize", "there is nothing to wait for");
    parts.readBack().synchronize();
  }

  @Override
  public boolean canRecord() {
    return true;
  }

  @Override
  public void beginRecording() {
    parts().recorder().begin();
  }

  @Override
  public Recording endRecording() {
    return patient().recorder().end(parts.errors(), parts.program());
  }

  @Override
  public void abortRecording() {
    patient().program().abort();
    parts.recorder().abort();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    CloseStack all = new CloseStack();
    all.add(parts);
    // Everything is closed also if that fails: nobody will come back.
    all.add(parts.device()::ensureCurrent);
    all.close();
  }
}
