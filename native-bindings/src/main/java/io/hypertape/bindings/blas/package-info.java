/**
 * Single-precision matrix products of a BLAS that the user has: OpenBLAS, MKL, oneDNN and others.
 */
package io.hypertape.bindings.blas;
