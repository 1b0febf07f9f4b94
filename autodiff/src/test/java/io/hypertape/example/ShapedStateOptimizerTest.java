package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.StateVariable;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.Transform;
import io.hypertape.optim.Update;
import io.hypertape.optim.Updated;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An optimizer of one's own that remembers other things of a matrix than of a vector. */
class ShapedStateOptimizerTest {

  /**
   * Adafactor's second moments (Shazeer, Stern 2018, without its clipping and warm-up): of a matrix
   * sums over rows R and columns C alone, of which v = R·C/ΣR; of all else v itself. p' = p −
   * α·g/√v.
   */
  record Factored(double alpha, double beta) implements Optimizer {
    @Override
    public String name() {
      return "factored";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(
          new Hyperparameter("alpha", alpha), new Hyperparameter("beta", beta, Transform.CLAMP));
    }

    @Override
    public List<StateVariable> state(int[] shape) {
      return shape.length == 2
          ? List.of(
              new StateVariable("rows", 0, shape[0], 1),
              new StateVariable("columns", 0, 1, shape[1]))
          : List.of(new StateVariable("v", 0, shape));
    }

    @Override
    public Updated update(Update u) {
      Tensor square = u.g().square().add(u.constant(1e-30));
      if (u.p().rank() != 2) {
        Tensor v = mean(u, "v", square);
        return moved(u, v).with("v", v);
      }
      Tensor rows = mean(u, "rows", square.sumKeepDims(1)); // [m, 1]
      Tensor columns = mean(u, "columns", square.sumKeepDims(0)); // [1, n]
      return moved(u, rows.mul(columns).div(rows.sum()))
          .with("rows", rows)
          .with("columns", columns);
    }

    private static Tensor mean(Update u, String name, Tensor fresh) {
      return u.state(name).mul(u.value("beta")).add(fresh.mul(u.complement("beta")));
    }

    private static Updated moved(Update u, Tensor v) {
      return u.to(u.p().sub(u.g().div(v.sqrt()).mul(u.value("alpha"))));
    }
  }

  private Session session; // in float64
  private Parameter matrix;
  private Parameter vector;
  private Supplier<Tensor> loss;

  @BeforeEach
  void open() {
    session = Session.open(Device.REFERENCE);
    matrix = new Parameter("w", session.tensor(new double[] {.3, -.8, 1.2, .5, -.4, .9}, 2, 3));
    vector = new Parameter("b", session.tensor(new double[] {.7, -.2}, 2));
    Tensor x = session.tensor(new double[] {1, -2, .5, .3, 1.5, -1}, 2, 3);
    loss =
        () -> x.matmulTransposed(matrix.value()).add(vector.value()).tanh().sub(.2).square().sum();
  }

  @AfterEach
  void close() {
    session.close();
  }

  private TowerOptimizer tuned() {
    return new Factored(0.05, 0.8).tunedBy(new Sgd(1e-3)).bind(session, List.of(matrix, vector));
  }

  @Test
  void stateHasTheFormThatTheParameterAsksFor() {
    try (TowerOptimizer optimizer = tuned()) {
      optimizer.step(loss);
      Map<String, Tensor> kept = optimizer.snapshot().tensors();
      assertArrayEquals(new int[] {2, 1}, kept.get("L1/w/state.rows").shape());
      assertArrayEquals(new int[] {1, 3}, kept.get("L1/w/state.columns").shape());
      assertArrayEquals(new int[] {2}, kept.get("L1/b/state.v").shape());
    }
  }

  @Test
  void derivativesByHyperparametersAreThoseOfFiniteDifferences() {
    try (TowerOptimizer optimizer = tuned()) {
      for (int step = 1; step <= 4; step++) {
        optimizer.step(loss);
        double[] numeric = numeric(optimizer);
        Map<String, Tensor> analytic = optimizer.gradients(loss).hyperparameters();
        assertEquals(numeric[0], analytic.get("L1.factored.alpha").item(), 1e-7, "α " + step);
        assertEquals(numeric[1], analytic.get("L1.factored.beta").item(), 1e-7, "β " + step);
      }
    }
  }

  /** Central differences: the last update is done again with other values. */
  private double[] numeric(TowerOptimizer optimizer) {
    HyperparameterValue alpha = optimizer.hyperparameters().get(0);
    HyperparameterValue beta = optimizer.hyperparameters().get(1);
    double h = 1e-5;
    double[] result = {
      (loss(optimizer, alpha.value() + h, beta.raw())
              - loss(optimizer, alpha.value() - h, beta.raw()))
          / (2 * h),
      (loss(optimizer, alpha.value(), beta.raw() + h)
              - loss(optimizer, alpha.value(), beta.raw() - h))
          / (2 * h)
    };
    loss(optimizer, alpha.value(), beta.raw());
    return result;
  }

  private double loss(TowerOptimizer optimizer, double alpha, double rawBeta) {
    optimizer.undo();
    optimizer.redo(
        Map.of("L1.factored.alpha", alpha, "L1.factored.beta", Transform.CLAMP.effective(rawBeta)));
    return session.scoped(() -> loss.get().item());
  }
}
