/**
 * JMH benchmarks of the kernels and of training steps. Each forks a virtual machine, since profiles
 * of one operation would colour the next; kernels run as vector kernels and as their scalar twins,
 * so that the ratio stands in one report. The command {@code hypertape bench} runs them.
 */
package io.hypertape.benchmarks;
