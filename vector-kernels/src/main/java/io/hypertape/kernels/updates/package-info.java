/** Optimizers' updates and their hypergradients. */
package io.hypertape.kernels.updates;
