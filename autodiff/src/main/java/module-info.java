/** Tensors, the tape, backends, and towers of optimizers. */
module io.hypertape.autodiff {
  requires io.hypertape.bindings;
  requires io.hypertape.kernels;
}
