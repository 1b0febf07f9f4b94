package io.hypertape.autodiff.cpu.start;

/**
 * How far the vector kernels of this JVM are compiled. An operation is a kernel with operands of a
 * shape.
 *
 * @param compiled operations that run on vectors, or for good by their scalar twins, as some of few
 *     elements do that are faster so
 * @param operations those of 16 elements and more that were asked for, 4096 at most; the others of
 *     them run by their twins for now, in the same bits
 */
record KernelProgress(int compiled, int operations) {
  boolean isDone() {
    return compiled == operations;
  }
}
