package io.hypertape.bindings.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** A product by {@code cblas_sgemm}. */
final class CblasCall implements Runnable {

  static final String FUNCTION = "cblas_sgemm";

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  /**
   * Sizes are passed in 64 bits, whether the library's have 64 or 32: the latter reads the lower
   * half of a register or of a place on the stack. Apple's Arm packs the stack, and Apple's
   * libraries have 32.
   */
  private static final MemoryLayout SIZE = isAppleArm() ? JAVA_INT : JAVA_LONG;

  private static final MethodHandle HANDLE = link();

  private final MemorySegment function;
  private final BlasMatrix a;
  private final BlasMatrix b;
  private final BlasMatrix c;
  private final float beta;
  private final MemorySegment aData;
  private final MemorySegment bData;
  private final MemorySegment cData;
  private final int aTrans;
  private final int bTrans;
  private final long aLeading;
  private final long bLeading;
  private final long cLeading;

  CblasCall(MemorySegment function, BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
    this.function = function;
    this.a = a;
    this.b = b;
    this.c = c;
    this.beta = beta;
    aData = a.segment();
    bData = b.segment();
    cData = c.segment();
    aTrans = a.isTransposed() ? TRANS : NO_TRANS;
    bTrans = b.isTransposed() ? TRANS : NO_TRANS;
    aLeading = a.leading();
    bLeading = b.leading();
    cLeading = c.leading();
  }

  private static boolean isAppleArm() {
    return System.getProperty("os.name").startsWith("Mac")
        && System.getProperty("os.arch").equals("aarch64");
  }

  private static MethodHandle link() {
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.ofVoid(
                    JAVA_INT,
                    JAVA_INT,
                    JAVA_INT,
                    SIZE,
                    SIZE,
                    SIZE,
                    JAVA_FLOAT,
                    ADDRESS,
                    SIZE,
                    ADDRESS,
                    SIZE,
                    JAVA_FLOAT,
                    ADDRESS,
                    SIZE),
                Linker.Option.critical(true));
    MethodType longs = handle.type();
    for (int i : new int[] {4, 5, 6, 9, 11, 14}) {
      longs = longs.changeParameterType(i, long.class);
    }
    return MethodHandles.explicitCastArguments(handle, longs);
  }

  @Override
  public void run() {
    try {
      HANDLE.invokeExact(
          function,
          ROW_MAJOR,
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
  }

  @Override
  public String toString() {
    return FUNCTION + "(a: " + a + "; b: " + b + "; beta: " + beta + "; c: " + c + ")";
  }
}
