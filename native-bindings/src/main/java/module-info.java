/** Native libraries through the Foreign Function and Memory API. No tensors, no dependency. */
module io.hypertape.bindings {
  exports io.hypertape.bindings to
      io.hypertape.autodiff;
  exports io.hypertape.bindings.blas to
      io.hypertape.autodiff;
  exports io.hypertape.bindings.cuda to
      io.hypertape.autodiff;
}
