/** Measurements on a GPU. */
package io.hypertape.benchmarks.gpu;
