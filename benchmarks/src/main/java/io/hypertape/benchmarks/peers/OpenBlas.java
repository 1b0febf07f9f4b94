package io.hypertape.benchmarks.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hypertape.benchmarks.GemmShape;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Optional;

/**
 * OpenBLAS's {@code cblas_sgemm}; also of builds whose names are decorated, such as the one with
 * 64-bit integers in NumPy's wheels.
 */
final class OpenBlas implements Blas {

  /** Decorations of names: before, after, and whether integers have 64 bits. */
  private record Flavour(String prefix, String suffix, boolean wide) {
    String decorate(String name) {
      return prefix + name + suffix;
    }
  }

  private static final List<Flavour> FLAVOURS =
      List.of(
          new Flavour("", "", false),
          new Flavour("scipy_", "", false),
          new Flavour("scipy_", "64_", true),
          new Flavour("", "64_", true));

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  private final String place;
  private final MethodHandle gemm;
  private final MethodHandle setThreads;
  private final String config;
  private final String core;

  private OpenBlas(String place, SymbolLookup symbols, Flavour flavour) {
    this.place = place;
    MemoryLayout integer = flavour.wide() ? JAVA_LONG : JAVA_INT;
    FunctionDescriptor signature =
        FunctionDescriptor.ofVoid(
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            integer,
            integer,
            integer,
            JAVA_FLOAT,
            ADDRESS,
            integer,
            ADDRESS,
            integer,
            JAVA_FLOAT,
            ADDRESS,
            integer);
    // Callers have ints, whatever the library has.
    this.gemm =
        handle(symbols, flavour, "cblas_sgemm", signature)
            .asType(
                MethodType.methodType(
                    void.class,
                    int.class,
                    int.class,
                    int.class,
                    int.class,
                    int.class,
                    int.class,
                    float.class,
                    MemorySegment.class,
                    int.class,
                    MemorySegment.class,
                    int.class,
                    float.class,
                    MemorySegment.class,
                    int.class));
    this.setThreads =
        handle(symbols, flavour, "openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    this.config = text(symbols, flavour, "openblas_get_config");
    this.core = text(symbols, flavour, "openblas_get_corename");
  }

  /** Binds a library; empty if it has no cblas_sgemm under a name that we know. */
  static Optional<Blas> bind(LibrarySearch.Found found) {
    return FLAVOURS.stream()
        .filter(f -> found.symbols().find(f.decorate("cblas_sgemm")).isPresent())
        .filter(f -> found.symbols().find(f.decorate("openblas_set_num_threads")).isPresent())
        .findFirst()
        .map(f -> new OpenBlas(found.place(), found.symbols(), f));
  }

  private static MethodHandle handle(
      SymbolLookup symbols, Flavour flavour, String name, FunctionDescriptor signature) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.find(flavour.decorate(name)).orElseThrow(), signature);
  }

  private static String text(SymbolLookup symbols, Flavour flavour, String name) {
    if (symbols.find(flavour.decorate(name)).isEmpty()) {
      return "unknown";
    }
    try {
      MethodHandle getter = handle(symbols, flavour, name, FunctionDescriptor.of(ADDRESS));
      MemorySegment text = (MemorySegment) getter.invoke();
      return text.reinterpret(4096).getString(0).strip();
    } catch (Throwable e) {
      throw Natives.rethrow(name, e);
    }
  }

  @Override
  public String name() {
    return "OpenBLAS";
  }

  @Override
  public String description() {
    return config + ", core " + core + ", " + place;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public void setThreads(int threads) {
    try {
      setThreads.invoke(threads);
    } catch (Throwable e) {
      throw Natives.rethrow("openblas_set_num_threads", e);
    }
  }

  @Override
  public void gemm(GemmShape s, MemorySegment a, MemorySegment b, MemorySegment c) {
    try {
      gemm.invokeExact(
          ROW_MAJOR,
          s.transA() ? TRANS : NO_TRANS,
          s.transB() ? TRANS : NO_TRANS,
          s.m(),
          s.n(),
          s.k(),
          1f,
          a,
          s.lda(),
          b,
          s.ldb(),
          0f,
          c,
          s.n());
    } catch (Throwable e) {
      throw Natives.rethrow("cblas_sgemm", e);
    }
  }
}
