package io.hypertape.kernels.elementwise;

/**
 * Sums along one axis.
 *
 * @param n its length
 * @param step elements from a number to the next; 0 if there is but one
 * @param sideBySide whether the sums of a row are made together; else each is made by itself
 * @param rows past what begins such sums, in operand a, and what they become, in c
 */
record SumPass(int n, int step, boolean sideBySide, RowWalk rows) {}
