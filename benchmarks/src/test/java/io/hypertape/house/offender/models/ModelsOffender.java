package io.hypertape.house.offender.models;

/** Breaks rules of the house on purpose: half of a cycle, and a third party. */
public class ModelsOffender {
  public io.hypertape.house.offender.autodiff.AutodiffOffender cycle;
  public picocli.CommandLine thirdParty;
}
