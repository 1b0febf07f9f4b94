package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.EvaluationWeights;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.SharedUpdate;
import io.hypertape.optim.SharedUpdated;
import io.hypertape.optim.StateVariable;
import io.hypertape.optim.Terms;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.Transform;
import io.hypertape.optim.Update;
import io.hypertape.optim.Updated;
import io.hypertape.optim.WeightAverage;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An optimizer of one's own with state that all parameters share. */
class SharedStateOptimizerTest {

  /** m' = β·m + g; n' = √(Σ m'² over all parameters), and p' = p − α·m'/n'. */
  record Normed(double alpha, double beta) implements Optimizer {
    @Override
    public String name() {
      return "normed";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(
          new Hyperparameter("alpha", alpha), new Hyperparameter("beta", beta, Transform.CLAMP));
    }

    @Override
    public List<StateVariable> state(int[] shape) {
      return List.of(new StateVariable("m", 0, shape));
    }

    @Override
    public List<StateVariable> shared() {
      return List.of(new StateVariable("norm", 0));
    }

    @Override
    public Terms terms(Update u) {
      Tensor m = u.state("m").mul(u.value("beta")).add(u.g());
      return u.terms().with("m", m).sum("squares", m.square().sum());
    }

    @Override
    public SharedUpdated share(SharedUpdate s) {
      return s.with("norm", s.sum("squares").sqrt());
    }

    @Override
    public Updated update(Update u) {
      return u.to(u.p().sub(u.state("m").mul(u.value("alpha").div(u.shared("norm")))));
    }
  }

  private Session session; // in float64
  private Parameter w;
  private Parameter b;
  private Supplier<Tensor> loss;

  @BeforeEach
  void open() {
    session = Session.open(Device.REFERENCE);
    w = new Parameter("w", session.tensor(new double[] {.3, -.8, 1.2, .5, -.4, .9}, 2, 3));
    b = new Parameter("b", session.tensor(new double[] {.7, -.2}, 2));
    Tensor x = session.tensor(new double[] {1, -2, .5, .3, 1.5, -1}, 2, 3);
    loss = () -> x.matmulTransposed(w.value()).add(b.value()).tanh().sub(.2).square().sum();
  }

  @AfterEach
  void close() {
    session.close();
  }

  private double[] values() {
    double[] all = new double[8];
    System.arraycopy(w.value().toDoubles(), 0, all, 0, 6);
    System.arraycopy(b.value().toDoubles(), 0, all, 6, 2);
    return all;
  }

  private static double distance(double[] some, double[] others) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += (some[i] - others[i]) * (some[i] - others[i]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void allParametersTogetherMoveByTheStepSize() {
    double[] before = values();
    try (TowerOptimizer optimizer = new Normed(0.05, 0.8).tower().bind(session, List.of(w, b))) {
      for (int step = 0; step < 5; step++) {
        optimizer.step(loss);
        assertEquals(0.05, distance(values(), before), 1e-15);
        before = values();
      }
      Map<String, Tensor> kept = optimizer.snapshot().tensors();
      assertArrayEquals(new int[0], kept.get("L1/state.norm").shape());
    }
  }

  @Test
  void frozenParametersAreInNoSum() {
    double[] before = values();
    try (TowerOptimizer optimizer = new Normed(0.05, 0.8).tower().bind(session, List.of(w, b))) {
      optimizer.freeze(List.of(w));
      optimizer.step(loss);
      assertEquals(0.05, distance(values(), before), 1e-15);
      assertArrayEquals(java.util.Arrays.copyOf(before, 6), java.util.Arrays.copyOf(values(), 6));
      optimizer.freeze(List.of(b));
      optimizer.step(loss);
      optimizer.unfreeze(List.of(w, b));
      before = values();
      optimizer.step(loss);
      assertEquals(0.05, distance(values(), before), 1e-15);
    }
  }

  @Test
  void derivativesByHyperparametersPassThroughWhatIsShared() {
    try (TowerOptimizer optimizer =
        new Normed(0.05, 0.8).tunedBy(new Sgd(1e-3)).bind(session, List.of(w, b))) {
      for (int step = 1; step <= 4; step++) {
        optimizer.step(loss);
        HyperparameterValue alpha = optimizer.hyperparameters().get(0);
        HyperparameterValue beta = optimizer.hyperparameters().get(1);
        double h = 1e-5;
        double byAlpha =
            loss(optimizer, alpha.value() + h, beta.raw())
                - loss(optimizer, alpha.value() - h, beta.raw());
        double byBeta =
            loss(optimizer, alpha.value(), beta.raw() + h)
                - loss(optimizer, alpha.value(), beta.raw() - h);
        loss(optimizer, alpha.value(), beta.raw());
        Map<String, Tensor> analytic = optimizer.gradients(loss).hyperparameters();
        assertEquals(byAlpha / (2 * h), analytic.get("L1.normed.alpha").item(), 1e-7, "" + step);
        assertEquals(byBeta / (2 * h), analytic.get("L1.normed.beta").item(), 1e-7, "" + step);
      }
    }
  }

  private double loss(TowerOptimizer optimizer, double alpha, double rawBeta) {
    optimizer.undo();
    optimizer.redo(
        Map.of("L1.normed.alpha", alpha, "L1.normed.beta", Transform.CLAMP.effective(rawBeta)));
    return session.scoped(() -> loss.get().item());
  }

  @Test
  void meansOfWeightsAreShownForEvaluationAndLeftInTheEnd() {
    Tower plain = new Normed(0.05, 0.8).tunedBy(new Sgd(1e-3));
    double[] start = values();
    double[] expected;
    double[] mean = new double[8];
    try (TowerOptimizer optimizer = plain.bind(session, List.of(w, b))) {
      for (int step = 0; step < 6; step++) {
        optimizer.step(loss);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += values()[i] / 6;
        }
      }
      expected = values();
    }
    restart(start);
    Tower averaged = new WeightAverage(new Normed(0.05, 0.8), 0).tunedBy(new Sgd(1e-3));
    TowerOptimizer optimizer = averaged.bind(session, List.of(w, b));
    for (int step = 0; step < 6; step++) {
      try (EvaluationWeights shown = optimizer.evaluation();
          EvaluationWeights again = optimizer.evaluation()) {
        again.close();
        Exception e = assertThrows(IllegalStateException.class, () -> optimizer.step(loss));
        assertTrue(e.getMessage().contains("weights for evaluation are shown"), e.getMessage());
      }
      optimizer.step(loss);
    }
    assertArrayEquals(expected, values());
    try (EvaluationWeights shown = optimizer.evaluation()) {
      assertArrayEquals(mean, values(), 1e-14);
    }
    assertArrayEquals(expected, values());
    optimizer.freeze(List.of(b));
    try (EvaluationWeights shown = optimizer.evaluation()) {
      optimizer.close();
    }
    double[] left = values();
    for (int i = 0; i < left.length; i++) {
      assertEquals(i < 6 ? mean[i] : expected[i], left[i], 1e-14, "frozen ones stay, " + i);
    }
  }

  private void restart(double[] start) {
    w.set(session.tensor(java.util.Arrays.copyOf(start, 6), 2, 3));
    b.set(session.tensor(java.util.Arrays.copyOfRange(start, 6, 8), 2));
  }

  /** An optimizer that consists of its parts. */
  private record Own(
      Function<Update, Terms> parts,
      Function<SharedUpdate, SharedUpdated> sharing,
      Function<Update, Updated> rule)
      implements Optimizer {

    @Override
    public String name() {
      return "own";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(new Hyperparameter("alpha", 0.1));
    }

    @Override
    public List<StateVariable> shared() {
      return List.of(new StateVariable("norm", 0), new StateVariable("most", 0));
    }

    @Override
    public Terms terms(Update u) {
      return parts.apply(u);
    }

    @Override
    public SharedUpdated share(SharedUpdate s) {
      return sharing.apply(s);
    }

    @Override
    public Updated update(Update u) {
      return rule.apply(u);
    }
  }

  private static Terms parts(Update u) {
    return u.terms().sum("squares", u.g().square().sum());
  }

  private static SharedUpdated both(SharedUpdate s) {
    return s.with("norm", s.sum("squares")).with("most", s.shared("most"));
  }

  private static Updated rule(Update u) {
    return u.to(u.p().sub(u.g().mul(u.shared("norm"))));
  }

  private void failsWith(
      String part,
      Function<Update, Terms> parts,
      Function<SharedUpdate, SharedUpdated> sharing,
      Function<Update, Updated> rule) {
    Tower tower = new Own(parts, sharing, rule).tower();
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> tower.bind(session, List.of(w, b)).close());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().contains("optimizer 'own'"), e.getMessage());
  }

  @Test
  void whatDoesNotFitIsToldWhenTheTowerIsBound() {
    Function<Update, Terms> parts = SharedStateOptimizerTest::parts;
    Function<SharedUpdate, SharedUpdated> both = SharedStateOptimizerTest::both;
    Function<Update, Updated> rule = SharedStateOptimizerTest::rule;
    new Own(parts, both, rule).tower().bind(session, List.of(w, b)).close();
    failsWith("its terms of 'w' give null", u -> null, both, rule);
    failsWith("it reads sum 'squares'; its terms give none", Update::terms, both, rule);
    failsWith(
        "it gives a term of the sum 'squares' twice",
        u -> parts(u).sum("squares", u.t()),
        both,
        rule);
    failsWith("it reads state 'm'", u -> u.terms().with("m", u.state("m")), both, rule);
    failsWith("its share(…) gives null", parts, s -> null, rule);
    failsWith(
        "its share(…) gives no new value of 'most'; with(…) is needed for each shared variable"
            + " (norm, most)",
        parts,
        s -> s.with("norm", s.sum("squares")),
        rule);
    failsWith(
        "it gives shared state 'norm' twice",
        parts,
        s -> both(s).with("norm", s.sum("squares")),
        rule);
    failsWith(
        "it gives shared state 'mean'; the shared variables are norm, most",
        parts,
        s -> s.with("mean", s.sum("squares")),
        rule);
    failsWith(
        "its share(…) gives 'norm' the shape [1]; it is declared with []",
        parts,
        s -> s.with("norm", s.sum("squares").reshape(1)).with("most", s.t()),
        rule);
    failsWith(
        "it reads shared state 'd'; the shared variables are norm, most",
        parts,
        both,
        u -> u.to(u.p().mul(u.shared("d"))));
    failsWith(
        "its terms of 'b' belong to the sums more[], squares[], but those of 'w' to squares[]",
        u -> u.p().rank() == 1 ? parts(u).sum("more", u.t()) : parts(u),
        both,
        rule);
  }
}
