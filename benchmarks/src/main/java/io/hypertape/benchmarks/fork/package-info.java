/** Processes in which benchmarks run. */
package io.hypertape.benchmarks.fork;
