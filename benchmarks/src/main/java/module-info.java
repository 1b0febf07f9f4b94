/** JMH benchmarks of kernels and of training steps. */
module io.hypertape.benchmarks {
  requires io.hypertape.kernels;
  requires io.hypertape.models;
  requires jmh.core;

  exports io.hypertape.benchmarks;
}
