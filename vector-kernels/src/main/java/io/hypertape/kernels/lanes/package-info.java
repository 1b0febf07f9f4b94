/**
 * What every room of the kernels stands on: species of vectors, worker threads, checks of
 * arguments, the vocabulary of ops.
 */
package io.hypertape.kernels.lanes;
