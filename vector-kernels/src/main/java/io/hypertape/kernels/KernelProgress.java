package io.hypertape.kernels;

/**
 * How far the vector kernels of this JVM are compiled. An operation is a kernel with operands of a
 * shape.
 *
 * @param compiled operations that run on vectors
 * @param operations all that were asked for; those that are not compiled run by their scalar twins,
 *     in the same bits
 */
public record KernelProgress(int compiled, int operations) {}
