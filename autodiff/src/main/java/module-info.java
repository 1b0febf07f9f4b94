/** Tensors, the tape, backends, and towers of optimizers. */
module io.hypertape.autodiff {
  exports io.hypertape.autodiff;
  exports io.hypertape.autodiff.access to
      io.hypertape.benchmarks,
      io.hypertape.cli,
      io.hypertape.models;
  exports io.hypertape.autodiff.backend;
  exports io.hypertape.autodiff.events to
      io.hypertape.models;
  exports io.hypertape.autodiff.internal to
      io.hypertape.benchmarks,
      io.hypertape.models;
  exports io.hypertape.autodiff.program to
      io.hypertape.models;
  exports io.hypertape.checks to
      io.hypertape.cli,
      io.hypertape.micrometer,
      io.hypertape.models;
  exports io.hypertape.optim;
  exports io.hypertape.shards;
  exports io.hypertape.tensor;

  requires io.hypertape.bindings;
  requires io.hypertape.kernels;
  // For events of Flight Recorder, where it is.
  requires static jdk.jfr;
  // Asked before vector kernels are refused for want of an instruction; runtime images may lack it.
  requires static jdk.management;
  requires static org.jspecify;

  // On the class path META-INF/services says the same.
  uses io.hypertape.autodiff.backend.BackendProvider;

  provides io.hypertape.autodiff.backend.BackendProvider with
      io.hypertape.autodiff.cpu.CpuBackendProvider,
      io.hypertape.autodiff.cuda.CudaBackendProvider,
      io.hypertape.autodiff.reference.ReferenceBackendProvider;
}
