package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cublas.Cublas;
import io.hypertape.bindings.generated.cudart.Cudart;
import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The calls of which a step makes many, with addresses as plain numbers: a segment for an address
 * is an object a call wherever the compiler does not see through it, and with the fourteen
 * arguments of a product it does not.
 */
final class DirectCalls {

  /** Each in a class of its own, so that a library is loaded when it is needed. */
  private static final class Sgemm {
    static final MethodHandle HANDLE =
        link(Cublas.cublasSgemm_v2$address(), Cublas.cublasSgemm_v2$descriptor());
  }

  private static final class SgemmBatch {
    static final MethodHandle HANDLE =
        link(
            Cublas.cublasSgemmStridedBatched$address(),
            Cublas.cublasSgemmStridedBatched$descriptor());
  }

  private static final class Copy {
    static final MethodHandle HANDLE =
        link(Cudart.cudaMemcpyAsync$address(), Cudart.cudaMemcpyAsync$descriptor());
  }

  private static final class Fill {
    static final MethodHandle HANDLE =
        link(Cudart.cudaMemsetAsync$address(), Cudart.cudaMemsetAsync$descriptor());
  }

  private static final class SoftmaxForward {
    static final MethodHandle HANDLE =
        link(Cudnn.cudnnSoftmaxForward$address(), Cudnn.cudnnSoftmaxForward$descriptor());
  }

  private static final class SoftmaxBackward {
    static final MethodHandle HANDLE =
        link(Cudnn.cudnnSoftmaxBackward$address(), Cudnn.cudnnSoftmaxBackward$descriptor());
  }

  private DirectCalls() {}

  /** A pointer and a long long travel alike on every platform that CUDA knows. */
  private static MethodHandle link(MemorySegment address, FunctionDescriptor descriptor) {
    MemoryLayout[] arguments =
        descriptor.argumentLayouts().stream()
            .map(layout -> layout instanceof AddressLayout ? ValueLayout.JAVA_LONG : layout)
            .toArray(MemoryLayout[]::new);
    FunctionDescriptor plain =
        FunctionDescriptor.of(descriptor.returnLayout().orElseThrow(), arguments);
    return Linker.nativeLinker().downcallHandle(address, plain);
  }

  static int sgemm(
      long handle,
      int ta,
      int tb,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int lda,
      long b,
      int ldb,
      long beta,
      long c,
      int ldc) {
    try {
      return (int)
          Sgemm.HANDLE.invokeExact(handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int sgemmBatch(
      long handle,
      int ta,
      int tb,
      int m,
      int n,
      int k,
      long alpha,
      long a,
      int lda,
      long aStride,
      long b,
      int ldb,
      long bStride,
      long beta,
      long c,
      int ldc,
      long cStride,
      int count) {
    try {
      return (int)
          SgemmBatch.HANDLE.invokeExact(
              handle, ta, tb, m, n, k, alpha, a, lda, aStride, b, ldb, bStride, beta, c, ldc,
              cStride, count);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int copy(long to, long from, long bytes, int kind, long stream) {
    try {
      return (int) Copy.HANDLE.invokeExact(to, from, bytes, kind, stream);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int fill(long address, int value, long bytes, long stream) {
    try {
      return (int) Fill.HANDLE.invokeExact(address, value, bytes, stream);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int softmaxForward(
      long handle,
      int algorithm,
      int mode,
      long alpha,
      long xShape,
      long x,
      long beta,
      long yShape,
      long y) {
    try {
      return (int)
          SoftmaxForward.HANDLE.invokeExact(
              handle, algorithm, mode, alpha, xShape, x, beta, yShape, y);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  static int softmaxBackward(
      long handle,
      int algorithm,
      int mode,
      long alpha,
      long yShape,
      long y,
      long dyShape,
      long dy,
      long beta,
      long dxShape,
      long dx) {
    try {
      return (int)
          SoftmaxBackward.HANDLE.invokeExact(
              handle, algorithm, mode, alpha, yShape, y, dyShape, dy, beta, dxShape, dx);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** A downcall throws nothing checked; what it throws goes on as it is. */
  private static RuntimeException unexpected(Throwable t) {
    if (t instanceof Error error) {
      throw error;
    }
    return t instanceof RuntimeException e ? e : new IllegalStateException(t);
  }
}
