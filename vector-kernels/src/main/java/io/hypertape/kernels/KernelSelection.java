package io.hypertape.kernels;

/**
 * Which kernels were chosen, and why.
 *
 * @param vectorized whether they are vector kernels
 * @param laneBits width of a vector register in bits; 32 for scalar kernels
 * @param threads threads that large calls use, the caller's included
 * @param reason one line; where scalar kernels were a fallback it names what would mend it
 */
public record KernelSelection(boolean vectorized, int laneBits, int threads, String reason) {}
