/**
 * CPU kernels over arrays, written with the Vector API, each with a scalar twin. No tensors, no
 * dependency.
 */
module io.hypertape.kernels {
  requires jdk.incubator.vector;

  exports io.hypertape.kernels;
}
