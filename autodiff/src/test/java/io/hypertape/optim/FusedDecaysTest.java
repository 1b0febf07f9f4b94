package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fused kernels and the definitions that they stand for give at decays near 0 and 1. */
class FusedDecaysTest {

  private static final int N = 19;

  /** First derivatives by kernel and by definition, and derivatives of the latter's sum. */
  private record Derivatives(double[] kernel, double[] definition, double[] second) {}

  /** Derivatives of Σ c·p' by α, 1 − β₁, 1 − β₂ (or α, 1 − γ), after t steps. */
  private static Derivatives of(Backend backend, FusedUpdate update, double rest, double t) {
    boolean adam = update == Adam.UPDATE;
    try (Session session = Session.over(backend);
        Tape tape = session.tape()) {
      List<Tensor> inputs = new ArrayList<>();
      for (int k = 0; k < (adam ? 4 : 3); k++) {
        Tensor x = session.normal(new int[] {N}, 5, k);
        // What a running mean of such numbers has come to after t steps.
        double reached = -Math.expm1(t * Math.log1p(-rest));
        boolean square = k == (adam ? 3 : 2);
        inputs.add(square ? x.square().mul(reached) : k == 2 ? x.mul(reached) : x);
      }
      List<Tensor> leaves = new ArrayList<>();
      leaves.add(tape.watch(session.scalar(0.01)));
      leaves.add(tape.watch(session.scalar(rest)));
      if (adam) {
        leaves.add(tape.watch(session.scalar(rest)));
      }
      inputs.addAll(leaves);
      inputs.add(session.scalar(1e-3));
      if (adam) {
        inputs.add(session.scalar(t));
      }
      Tensor cotangent = session.normal(new int[] {N}, 5, 9);
      Tensor sum = update.op().apply(inputs).get(0).mul(cotangent).sum();
      List<Tensor> kernel = tape.gradient(sum, leaves);
      List<Tensor> definition = tape.gradient(sum, leaves, GradientMode.DIFFERENTIABLE);
      Tensor all = definition.get(0);
      for (Tensor one : definition.subList(1, definition.size())) {
        // Of a size with the others.
        all = all.add(one.mul(rest));
      }
      List<Tensor> second = tape.gradient(all, leaves);
      return new Derivatives(
          session.items(kernel), session.items(definition), session.items(second));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-8, 1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999})
  void kernelAndDefinitionAgree(double rest) {
    for (FusedUpdate update : List.of(Adam.UPDATE, RmsProp.UPDATE)) {
      for (double t : new double[] {2, 30}) {
        Derivatives exact = of(new ReferenceBackend(DType.F64), update, (float) rest, t);
        for (String kernels : List.of("SCALAR", "VECTOR")) {
          Derivatives cpu = of(CpuBackends.open(kernels, 1), update, (float) rest, t);
          for (int k = 0; k < exact.kernel().length; k++) {
            String what = update + " at " + rest + ", " + t + ", " + k;
            // Differences of the mean and of its correction; 1/β has few digits near 0.
            double scale = (k == 0 ? 1 : 0.1 * t / rest) + Math.abs(exact.definition()[k]);
            double fine = (2e-6 + 1e-7 / (1 - rest)) * scale;
            assertEquals(exact.definition()[k], cpu.kernel()[k], fine, what + " by kernel");
            assertEquals(exact.definition()[k], cpu.definition()[k], 4 * fine, what);
            double coarse = (2e-5 + 1e-6 / (1 - rest)) * t * (scale + Math.abs(exact.second()[k]));
            assertEquals(exact.second()[k], cpu.second()[k], coarse, what + ", second");
          }
        }
      }
    }
  }
}
