/**
 * CPU kernels on {@code float[]}: strided elementwise functions and reductions, matrix product,
 * log-softmax, optimizer updates, random numbers; with the Vector API, and scalar twins where SIMD
 * is missing. Types of the incubating module stay inside.
 */
package io.hypertape.kernels;
