package io.hypertape.bindings.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A product by {@code dnnl_sgemm}, which takes rows as C has them. */
final class DnnlCall implements Runnable {

  static final String FUNCTION = "dnnl_sgemm";

  private static final MethodHandle HANDLE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_INT,
                  JAVA_BYTE,
                  JAVA_BYTE,
                  JAVA_LONG,
                  JAVA_LONG,
                  JAVA_LONG,
                  JAVA_FLOAT,
                  ADDRESS,
                  JAVA_LONG,
                  ADDRESS,
                  JAVA_LONG,
                  JAVA_FLOAT,
                  ADDRESS,
                  JAVA_LONG),
              Linker.Option.critical(true));

  private final MemorySegment function;
  private final BlasMatrix a;
  private final BlasMatrix b;
  private final BlasMatrix c;
  private final float beta;
  private final MemorySegment aData;
  private final MemorySegment bData;
  private final MemorySegment cData;
  private final byte aTrans;
  private final byte bTrans;
  private final long aLeading;
  private final long bLeading;
  private final long cLeading;

  DnnlCall(MemorySegment function, BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
    this.function = function;
    this.a = a;
    this.b = b;
    this.c = c;
    this.beta = beta;
    aData = a.segment();
    bData = b.segment();
    cData = c.segment();
    aTrans = (byte) (a.isTransposed() ? 'T' : 'N');
    bTrans = (byte) (b.isTransposed() ? 'T' : 'N');
    aLeading = a.leading();
    bLeading = b.leading();
    cLeading = c.leading();
  }

  @Override
  public void run() {
    int status;
    try {
      status =
          (int)
              HANDLE.invokeExact(
                  function,
                  aTrans,
                  bTrans,
                  (long) c.rows(),
                  (long) c.cols(),
                  (long) a.cols(),
                  1f,
                  aData,
                  aLeading,
                  bData,
                  bLeading,
                  beta,
                  cData,
                  cLeading);
    } catch (Throwable t) {
      throw NativeNames.unexpected(toString(), t);
    }
    if (status != 0) {
      throw new IllegalStateException(
          this + " failed with status " + status + (status == 1 ? " (out of memory)" : ""));
    }
  }

  @Override
  public String toString() {
    return FUNCTION + "(a: " + a + "; b: " + b + "; beta: " + beta + "; c: " + c + ")";
  }
}
