package io.hypertape.house.offender.models;

/** Breaks a rule of the house on purpose: half of a cycle. */
public class ModelsOffender {
  public io.hypertape.house.offender.autodiff.AutodiffOffender cycle;
}
