/** Kernels of strided elements: copies, ops of one and two operands, sums, softmax. */
package io.hypertape.kernels.elementwise;
