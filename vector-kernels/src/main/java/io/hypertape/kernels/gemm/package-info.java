/** Matrix products. */
package io.hypertape.kernels.gemm;
