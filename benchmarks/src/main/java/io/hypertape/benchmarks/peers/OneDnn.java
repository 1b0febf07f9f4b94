package io.hypertape.benchmarks.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hypertape.benchmarks.GemmShape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * oneDNN's {@code dnnl_sgemm}, row by row too. Its threads are OpenMP's, of the environment ({@code
 * OMP_NUM_THREADS}).
 */
final class OneDnn implements Blas {

  private final MethodHandle gemm;
  private final String description;
  private final String place;

  private OneDnn(LibrarySearch.Found found) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup symbols = found.symbols();
    this.gemm =
        linker.downcallHandle(
            symbols.find("dnnl_sgemm").orElseThrow(),
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
                JAVA_LONG));
    this.place = found.place();
    this.description = version(linker, symbols) + ", " + found.place();
  }

  /** Binds a library; empty if it has no dnnl_sgemm. */
  static Optional<Blas> bind(LibrarySearch.Found found) {
    return found.symbols().find("dnnl_sgemm").isPresent()
        ? Optional.of(new OneDnn(found))
        : Optional.empty();
  }

  /** From dnnl_version_t, which begins with three ints. */
  private static String version(Linker linker, SymbolLookup symbols) {
    try {
      MethodHandle getter =
          linker.downcallHandle(
              symbols.find("dnnl_version").orElseThrow(), FunctionDescriptor.of(ADDRESS));
      MemorySegment version = ((MemorySegment) getter.invoke()).reinterpret(12);
      return "oneDNN "
          + version.getAtIndex(JAVA_INT, 0)
          + "."
          + version.getAtIndex(JAVA_INT, 1)
          + "."
          + version.getAtIndex(JAVA_INT, 2);
    } catch (Throwable e) {
      throw Natives.rethrow("dnnl_version", e);
    }
  }

  @Override
  public String name() {
    return "oneDNN";
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
    String given = System.getenv("OMP_NUM_THREADS");
    if (!Integer.toString(threads).equals(given)) {
      throw new IllegalStateException("OMP_NUM_THREADS is " + given + ", not " + threads);
    }
  }

  @Override
  public void gemm(GemmShape s, MemorySegment a, MemorySegment b, MemorySegment c) {
    int status;
    try {
      status =
          (int)
              gemm.invokeExact(
                  (byte) (s.transA() ? 'T' : 'N'),
                  (byte) (s.transB() ? 'T' : 'N'),
                  (long) s.m(),
                  (long) s.n(),
                  (long) s.k(),
                  1f,
                  a,
                  (long) s.lda(),
                  b,
                  (long) s.ldb(),
                  0f,
                  c,
                  (long) s.n());
    } catch (Throwable e) {
      throw Natives.rethrow("dnnl_sgemm", e);
    }
    if (status != 0) {
      throw new IllegalStateException("dnnl_sgemm " + s + " gave status " + status);
    }
  }
}
