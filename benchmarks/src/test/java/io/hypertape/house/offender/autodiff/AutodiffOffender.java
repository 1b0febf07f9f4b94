package io.hypertape.house.offender.autodiff;

import io.hypertape.house.offender.benchmarks.BenchmarksRoom;
import io.hypertape.house.offender.bindings.BindingsOffender;
import io.hypertape.house.offender.bindings.generated.GeneratedRoom;
import io.hypertape.house.offender.kernels.KernelsOffender;
import io.hypertape.house.offender.models.ModelsOffender;

/** Breaks rules of the house on purpose: tensors that know too much. */
public class AutodiffOffender {
  public ModelsOffender cycle;
  public picocli.CommandLine thirdParty;
  public BindingsOffender bindings;
  public GeneratedRoom generated;
  public KernelsOffender kernels;
  public jdk.incubator.vector.FloatVector incubating;
  public BenchmarksRoom above;

  public void full(double value, int... shape) {}

  public void talk() {
    System.out.println("tensors talk");
    System.exit(3);
  }
}
