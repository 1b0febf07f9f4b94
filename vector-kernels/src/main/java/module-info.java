/**
 * CPU kernels over arrays, written with the Vector API, each with a scalar twin. No tensors, no
 * dependency.
 */
module io.hypertape.kernels {
  requires jdk.incubator.vector;

  exports io.hypertape.kernels to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
  exports io.hypertape.kernels.convolution to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
  exports io.hypertape.kernels.elementwise to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
  exports io.hypertape.kernels.gemm to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
  exports io.hypertape.kernels.lanes to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
  exports io.hypertape.kernels.layers to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
  exports io.hypertape.kernels.updates to
      io.hypertape.autodiff,
      io.hypertape.benchmarks;
}
