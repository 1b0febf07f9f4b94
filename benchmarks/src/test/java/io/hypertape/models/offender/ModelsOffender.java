package io.hypertape.models.offender;

/** Breaks a rule of the house on purpose: half of a cycle. */
public class ModelsOffender {
  public io.hypertape.autodiff.offender.AutodiffOffender cycle;
}
