package io.hypertape.autodiff.offender;

/** Breaks rules of the house on purpose: tensors that know too much. */
public class AutodiffOffender {
  public io.hypertape.models.offender.ModelsOffender cycle;
  public picocli.CommandLine thirdParty;
  public io.hypertape.bindings.LibraryReport bindings;
  public io.hypertape.bindings.generated.nvrtc.Nvrtc generated;
  public io.hypertape.kernels.Kernels kernels;
  public jdk.incubator.vector.FloatVector incubating;
  public io.hypertape.benchmarks.KernelState above;

  public void full(double value, int... shape) {}

  public void talk() {
    System.out.println("tensors talk");
    System.exit(3);
  }
}
