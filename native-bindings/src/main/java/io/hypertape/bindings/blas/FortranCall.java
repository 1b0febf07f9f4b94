package io.hypertape.bindings.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/**
 * A product by {@code sgemm_}, for libraries without a C interface, such as PyTorch's with MKL in
 * it. It takes columns, so that a product of rows is that of the transposes the other way round;
 * and addresses of all that it takes.
 */
final class FortranCall implements Runnable {

  static final String FUNCTION = "sgemm_";

  private static final int ARGUMENTS = 13;

  private static final MethodHandle HANDLE =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.ofVoid(
                  Collections.nCopies(ARGUMENTS, ADDRESS).toArray(MemoryLayout[]::new)),
              Linker.Option.critical(true));

  private final MemorySegment function;
  private final BlasMatrix a;
  private final BlasMatrix b;
  private final BlasMatrix c;
  private final MemorySegment aData;
  private final MemorySegment bData;
  private final MemorySegment cData;
  private final MemorySegment aTrans;
  private final MemorySegment bTrans;
  private final MemorySegment rows;
  private final MemorySegment cols;
  private final MemorySegment depth;
  private final MemorySegment aLeading;
  private final MemorySegment bLeading;
  private final MemorySegment cLeading;
  private final MemorySegment alpha;
  private final MemorySegment beta;

  FortranCall(MemorySegment function, BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
    this.function = function;
    this.a = a;
    this.b = b;
    this.c = c;
    aData = a.segment();
    bData = b.segment();
    cData = c.segment();
    // As long-lived as this call, which nobody closes. Numbers of 64 bits, of which those who want
    // 32 read the first half: every machine that this runs on is little-endian.
    Arena arena = Arena.ofAuto();
    aTrans = arena.allocateFrom(JAVA_BYTE, (byte) (a.isTransposed() ? 'T' : 'N'));
    bTrans = arena.allocateFrom(JAVA_BYTE, (byte) (b.isTransposed() ? 'T' : 'N'));
    rows = arena.allocateFrom(JAVA_LONG, c.rows());
    cols = arena.allocateFrom(JAVA_LONG, c.cols());
    depth = arena.allocateFrom(JAVA_LONG, a.cols());
    aLeading = arena.allocateFrom(JAVA_LONG, a.leading());
    bLeading = arena.allocateFrom(JAVA_LONG, b.leading());
    cLeading = arena.allocateFrom(JAVA_LONG, c.leading());
    alpha = arena.allocateFrom(JAVA_FLOAT, 1);
    this.beta = arena.allocateFrom(JAVA_FLOAT, beta);
  }

  @Override
  public void run() {
    try {
      HANDLE.invokeExact(
          function, bTrans, aTrans, cols, rows, depth, alpha, bData, bLeading, aData, aLeading,
          beta, cData, cLeading);
    } catch (Throwable t) {
      throw NativeNames.unexpected(toString(), t);
    }
  }

  @Override
  public String toString() {
    return FUNCTION + "(a: " + a + "; b: " + b + "; c: " + c + ")";
  }
}
