package io.hypertape.benchmarks.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.hypertape.benchmarks.GemmShape;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Intel MKL's {@code sgemm_}, of MKL itself or as PyTorch's wheels have it in {@code
 * libtorch_cpu.so}. It takes columns, so that a product of rows is that of the transposes the other
 * way round. Its threads are of the environment ({@code MKL_NUM_THREADS}).
 */
final class Mkl implements Blas {

  private static final int VERSION_LENGTH = 200;

  private final MethodHandle gemm;
  private final String description;
  private final String place;
  // Numbers are passed by their addresses.
  private final MemorySegment sizes = Arena.global().allocate(JAVA_INT, 6);
  private final MemorySegment factors = Arena.global().allocate(JAVA_FLOAT, 2);
  private final MemorySegment letters = Arena.global().allocate(JAVA_BYTE, 2);

  private Mkl(LibrarySearch.Found found) {
    MemorySegment symbol = found.symbols().find("sgemm_").orElseThrow();
    this.gemm =
        Linker.nativeLinker()
            .downcallHandle(
                symbol,
                FunctionDescriptor.ofVoid(
                    ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
                    ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    this.place = found.place();
    this.description = version(found) + ", " + found.place();
    factors.setAtIndex(JAVA_FLOAT, 0, 1);
  }

  /** Binds a library; empty if it has no sgemm_, or does not say that it is MKL. */
  static Optional<Blas> bind(LibrarySearch.Found found) {
    return found.symbols().find("sgemm_").isPresent()
            && found.symbols().find("MKL_Get_Version_String").isPresent()
        ? Optional.of(new Mkl(found))
        : Optional.empty();
  }

  private static String version(LibrarySearch.Found found) {
    MethodHandle getter =
        Linker.nativeLinker()
            .downcallHandle(
                found.symbols().find("MKL_Get_Version_String").orElseThrow(),
                FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(VERSION_LENGTH);
      getter.invoke(text, VERSION_LENGTH - 1);
      return text.getString(0).strip();
    } catch (Throwable e) {
      throw Natives.rethrow("MKL_Get_Version_String", e);
    }
  }

  @Override
  public String name() {
    return "MKL";
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public void setThreads(int threads) {
    String given = System.getenv("MKL_NUM_THREADS");
    if (!Integer.toString(threads).equals(given)) {
      throw new IllegalStateException("MKL_NUM_THREADS is " + given + ", not " + threads);
    }
  }

  @Override
  public void gemm(GemmShape s, MemorySegment a, MemorySegment b, MemorySegment c) {
    letters.set(JAVA_BYTE, 0, (byte) (s.transB() ? 'T' : 'N'));
    letters.set(JAVA_BYTE, 1, (byte) (s.transA() ? 'T' : 'N'));
    int[] values = {s.n(), s.m(), s.k(), s.ldb(), s.lda(), s.n()};
    MemorySegment.copy(values, 0, sizes, JAVA_INT, 0, values.length);
    try {
      gemm.invokeExact(
          letters,
          letters.asSlice(1),
          sizes,
          size(1),
          size(2),
          factors,
          b,
          size(3),
          a,
          size(4),
          factors.asSlice(JAVA_FLOAT.byteSize()),
          c,
          size(5));
    } catch (Throwable e) {
      throw Natives.rethrow("sgemm_", e);
    }
  }

  private MemorySegment size(int index) {
    return sizes.asSlice(index * JAVA_INT.byteSize());
  }
}
