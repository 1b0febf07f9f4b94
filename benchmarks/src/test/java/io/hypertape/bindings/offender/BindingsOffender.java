package io.hypertape.bindings.offender;

/** Breaks a rule of the house on purpose: bindings that know tensors. */
public class BindingsOffender {
  public io.hypertape.autodiff.Tensor tensor;
}
