/** Kernels of layers: pooling, batch norm, recurrent cells, dropout, indexed rows. */
package io.hypertape.kernels.layers;
