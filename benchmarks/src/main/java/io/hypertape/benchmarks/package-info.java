/**
 * JMH benchmarks of the kernels. Each forks a virtual machine, since profiles of one operation
 * would colour the next, and runs the vector kernels and their scalar twins, so that the ratio
 * stands in one report.
 */
package io.hypertape.benchmarks;
