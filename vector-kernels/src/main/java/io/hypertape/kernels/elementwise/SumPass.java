package io.hypertape.kernels.elementwise;

/**
 * Sums along one axis.
 *
 * @param n its length
 * @param step elements from a number to the next; 0 if there is but one
 * @param cols how many sums are made side by side; 0 if each is made by itself
 * @param colStep elements from a column to the next
 * @param toStep elements from a column's sum to the next
 * @param others past what begins such sums: from operand a to c
 */
record SumPass(int n, int step, int cols, int colStep, int toStep, RowWalk others) {}
