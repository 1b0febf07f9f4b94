package io.hypertape.bindings.blas;

/**
 * Single-precision matrix products of a native library, on Java's arrays, which are not copied:
 * while a product runs, the garbage collector waits for it, and so does every thread that the
 * collector has stopped. So a caller makes several of a long one, of milliseconds each.
 */
public interface BlasLibrary {

  /**
   * Its name, its version and what it says of the processor, as far as known, and its file.
   *
   * @return such as {@code oneDNN 2.6.3 (/usr/lib/x86_64-linux-gnu/libdnnl.so.2.6)}
   */
  String description();

  /**
   * How many threads its products of the calling thread are to use. Where the library counts
   * threads for the whole process, that of others are changed, too: the last to ask is obeyed.
   *
   * @param count at least 1
   * @return whether the library can be told; if not, it decides by itself
   */
  ThreadControl setThreads(int count);

  /** Whom a number of threads is for. */
  enum ThreadControl {
    /** The calling thread alone. */
    CALLER,
    /** All of the process. */
    PROCESS,
    /** The library cannot be told. */
    NONE
  }

  /**
   * c = a·b + beta·c. Its operands are checked now; running it makes nothing on the heap.
   *
   * @param a [m, k]
   * @param b [k, n]
   * @param beta 0 overwrites c, whatever it holds
   * @param c [m, n], its rows contiguous; must not overlap a or b
   * @return the product, to be run as often as one likes
   * @throws IllegalArgumentException if the shapes do not fit each other
   */
  Runnable product(BlasMatrix a, BlasMatrix b, float beta, BlasMatrix c);
}
