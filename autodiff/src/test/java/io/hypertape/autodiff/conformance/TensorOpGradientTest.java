package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Derivatives of operations made of others, to order 2, against central differences. */
class TensorOpGradientTest {

  @ParameterizedTest
  @MethodSource("io.hypertape.autodiff.conformance.TensorOpCase#all")
  void agreesWithDifferences(TensorOpCase given) {
    try (Session session = Session.open(Device.REFERENCE)) {
      List<Tensor> inputs = given.inputs(session);
      List<Tensor> index;
      try (Scope unused = session.scratch()) {
        index = given.indices(session);
        double worst = new GradientCheck(session, x -> given.apply(x, index)).worstError(2, inputs);
        assertTrue(worst < 1e-6, given + ": worst error " + worst);
      }
    }
  }
}
