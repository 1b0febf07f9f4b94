package io.hypertape.house.offender.bindings;

/** Breaks a rule of the house on purpose: bindings that know tensors. */
public class BindingsOffender {
  public io.hypertape.house.offender.autodiff.AutodiffOffender tensor;
}
