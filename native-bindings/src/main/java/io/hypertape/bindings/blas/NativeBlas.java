package io.hypertape.bindings.blas;

import io.hypertape.bindings.BlasCandidate;
import io.hypertape.bindings.BlasCandidate.Origin;
import io.hypertape.bindings.UnfitLibraryException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A library's products, by whichever of three interfaces it has. */
final class NativeBlas implements BlasLibrary {

  private final String description;
  private final Optional<BlasThreads> threads;
  private final Bound bound;

  /** How a product of a library is made. */
  @FunctionalInterface
  private interface Convention {
    Runnable call(MemorySegment function, BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c);
  }

  /** A function, its kin, and how it is called. */
  private record Bound(NativeNames names, MemorySegment function, Convention convention) {

    static Optional<Bound> of(BlasCandidate candidate, String function, Convention convention) {
      return NativeNames.of(candidate.symbols(), function)
          .map(names -> new Bound(names, names.find(function).orElseThrow(), convention));
    }
  }

  private NativeBlas(String description, Bound bound) {
    this.description = description;
    this.threads = BlasThreads.of(bound.names);
    this.bound = bound;
  }

  /**
   * Binds a library and tries it.
   *
   * @throws UnfitLibraryException if it has no products, or wrong ones; or if nobody has named it
   *     and it does not say what it is
   */
  static BlasLibrary bind(BlasCandidate candidate) throws UnfitLibraryException {
    Bound bound =
        Bound.of(candidate, DnnlCall.FUNCTION, DnnlCall::new)
            .or(() -> Bound.of(candidate, CblasCall.FUNCTION, CblasCall::new))
            .or(() -> Bound.of(candidate, FortranCall.FUNCTION, FortranCall::new))
            .orElseThrow(
                () ->
                    new UnfitLibraryException(
                        "it has none of the functions "
                            + DnnlCall.FUNCTION
                            + ", "
                            + CblasCall.FUNCTION
                            + " and "
                            + FortranCall.FUNCTION));
    Optional<String> identity = BlasIdentity.of(bound.names, candidate.location());
    if (identity.isEmpty() && candidate.origin() == Origin.FOUND) {
      throw new UnfitLibraryException(
          "it does not say which BLAS it is: most likely the reference BLAS, which is slower than"
              + " our kernels; whoever wants it names its file");
    }
    String description = identity.orElse("a BLAS") + " (" + candidate.location() + ")";
    NativeBlas library = new NativeBlas(description, bound);
    BlasCheck.check(library);
    return library;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public ThreadControl setThreads(int count) {
    threads.ifPresent(function -> function.set(count));
    return threads.map(BlasThreads::control).orElse(ThreadControl.NONE);
  }

  @Override
  public Runnable product(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c) {
    if (a.rows() != c.rows() || a.cols() != b.rows() || b.cols() != c.cols() || c.isTransposed()) {
      throw new IllegalArgumentException(
          "a ["
              + a
              + "], b ["
              + b
              + "] and c ["
              + c
              + "] do not fit: [m, k], [k, n] and [m, n],"
              + " c by its rows, do");
    }
    return bound.convention.call(bound.function, a, b, beta, c);
  }
}
