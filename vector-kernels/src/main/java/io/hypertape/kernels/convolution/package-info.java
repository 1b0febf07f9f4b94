/** Convolutions and their gradients. */
package io.hypertape.kernels.convolution;
