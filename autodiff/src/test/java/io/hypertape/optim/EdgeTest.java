package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.reference.ReferenceBackend;
import io.hypertape.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a plain ends at an edge, beyond which nothing answers any more. */
class EdgeTest {

  private static final int STEPS = 400;

  private static Session session() {
    return Session.over(new ReferenceBackend(DType.F64));
  }

  /** Falls gently up to 1, then steeply to 2, where it is 0; beyond 3 it is 1 and flat. */
  private static Tensor loss(Parameter w) {
    Tensor x = w.value();
    Tensor plain = x.mul(-0.1).add(1.09);
    Tensor steep = x.sub(2).square().mul(0.99).minimum(1);
    return Tensor.where(x.lessThan(1), plain, steep).sum();
  }

  private static double end(String tower) {
    try (Session session = session()) {
      Parameter w = new Parameter("w", session.tensor(new double[] {0.5}, 1));
      try (TowerOptimizer optimizer = Tower.parse(tower).over(STEPS).bind(session, List.of(w))) {
        for (int i = 0; i < STEPS; i++) {
          optimizer.step(() -> loss(w));
        }
        return optimizer.step(() -> loss(w)).item();
      }
    }
  }

  @Test
  void withoutItAStepSizeThatHasGrownOnThePlainMayLeadBeyond() {
    assertEquals(1, end("auto(sgd) guard=jump(10, 0.3, 2) cap=0.1"), 0.01);
    assertEquals(0, end("auto(sgd) cap=0.1"), 1e-6);
  }

  @Test
  void weightsBecomeTheirMeansAndTheStepSizeRestsAnEighth() {
    try (Session session = session()) {
      Parameter w = new Parameter("w", session.tensor(new double[] {0.5}, 1));
      try (TowerOptimizer optimizer =
          Tower.parse("auto(sgd) cap=0.1").over(STEPS).bind(session, List.of(w))) {
        double alpha = 0;
        double mean = 0;
        int taken = 0;
        while (!optimizer.jumped()) {
          assertTrue(taken < 100, "no edge");
          alpha = optimizer.hyperparameters().getFirst().value();
          List<Tensor> state = optimizer.runner().state().levels().getFirst().states().getFirst();
          mean = state.getLast().item();
          optimizer.step(() -> loss(w));
          taken++;
        }
        assertEquals(taken, optimizer.steps());
        assertEquals(1, optimizer.jumps());
        assertArrayEquals(new double[] {mean}, w.value().toDoubles());
        for (int i = 0; i < 30; i++) {
          optimizer.step(() -> loss(w));
          assertFalse(optimizer.jumped());
          double now = optimizer.hyperparameters().getFirst().value();
          assertEquals(alpha / 8, now, 1e-12 * alpha, "after " + i);
        }
      }
    }
  }

  @Test
  void frozenWeightsStayAndGroupsWithoutTracesGoOn() {
    try (Session session = session()) {
      Parameter w = new Parameter("w", session.tensor(new double[] {0.5}, 1));
      Parameter fixed = new Parameter("fixed", session.tensor(new double[] {3}, 1));
      Parameter other = new Parameter("other", session.tensor(new double[] {1}, 1));
      try (TowerOptimizer optimizer =
          Tower.parse("auto(sgd(mu=0.5)) cap=0.1 group(other, sgd(0.001, mu=0.9))")
              .over(STEPS)
              .bind(session, List.of(w, fixed, other))) {
        optimizer.freeze(List.of(fixed));
        double before = 1;
        while (!optimizer.jumped()) {
          assertTrue(optimizer.steps() < 100, "no edge");
          before = other.value().item();
          optimizer.step(
              () -> loss(w).add(other.value().sum().mul(0.1)).add(fixed.value().sum().mul(0)));
        }
        assertEquals(3, fixed.value().item());
        assertEquals(before, other.value().item());
        assertTrue(before < 1);
        for (int i = 0; i < 6; i++) {
          optimizer.step(() -> loss(w).add(other.value().sum().mul(0.1)));
        }
        assertEquals(3, fixed.value().item());
        assertTrue(optimizer.snapshot().tensors().size() > 0);
        double further = other.value().item();
        optimizer.undo();
        assertTrue(other.value().item() > further, "an update taken back");
        optimizer.unfreeze(List.of(fixed));
        optimizer.step(() -> loss(w).add(fixed.value().square().sum()));
        assertTrue(fixed.value().item() < 3);
      }
    }
  }

  /** The loss of one number, with its derivative. */
  private static double objective(double[] w, double[] gradient) {
    double x = w[0];
    if (x < 1) {
      gradient[0] = -0.1;
      return 1.09 - 0.1 * x;
    }
    double steep = 0.99 * (x - 2) * (x - 2);
    gradient[0] = steep < 1 ? 2 * 0.99 * (x - 2) : 0;
    return Math.min(steep, 1);
  }

  @ParameterizedTest
  @CsvSource({"sgd, auto(sgd)", "momentum, auto(sgd(mu=0.9))", "adam, auto(adam)"})
  void eachStepIsThatOfTheMethod(String base, String tower) {
    try (Session session = session()) {
      Parameter w = new Parameter("w", session.tensor(new double[] {0.5}, 1));
      TowerOracle oracle =
          new TowerOracle(
              (at, batch, gradient) -> objective(at, gradient),
              TowerOracle.of(base),
              new double[] {0.5},
              1e-3,
              STEPS,
              1e-5,
              0.001);
      try (TowerOptimizer optimizer = Tower.parse(tower).over(STEPS).bind(session, List.of(w))) {
        for (int i = 0; i < STEPS; i++) {
          TowerOracle.Step expected = oracle.step();
          double loss = optimizer.step(() -> loss(w)).item();
          String at = tower + ", step " + i;
          assertEquals(expected.loss(), loss, 1e-7, at);
          assertEquals(expected.jumped(), optimizer.jumped(), at);
          double alpha = optimizer.hyperparameters().getFirst().value();
          assertEquals(expected.alpha(), alpha, 1e-6 * alpha, at);
          assertEquals(oracle.w[0], w.value().item(), 1e-6, at);
        }
      }
      assertEquals(1, oracle.edges);
    }
  }

  /** Norms of gradients, on a way straight down; whether one of them is over an edge. */
  private static boolean isOver(double... norms) {
    Guard.Losses losses = Guard.Losses.NONE;
    for (double norm : norms) {
      losses = Edge.standard().after(losses, norm, () -> true);
    }
    return losses.usual() == Double.POSITIVE_INFINITY;
  }

  @Test
  void anEdgeIsSeenOnceSomethingIsUsual() {
    assertTrue(isOver(1, 1, 1, 1, 2.6));
    assertFalse(isOver(1, 1, 1, 1, 2.4));
    assertFalse(isOver(1, 1, 1, 5), "three norms are not usual");
    assertFalse(isOver(0, 1, 1, 1, 1.1), "a norm of 0 is none");
    assertTrue(isOver(1, 1, 1, 1, Double.POSITIVE_INFINITY));
    assertFalse(isOver(Double.POSITIVE_INFINITY, 1, 1, 1, 1));
    assertFalse(isOver(1, 1, Double.NaN, 1, 1, 1.1));
    Guard.Losses known = Guard.Losses.NONE.usually(1, 9);
    assertEquals(10, Edge.standard().after(known, 5, () -> false).norms(), "the way has an end");
    assertTrue(Double.isNaN(known.ofOthers().usual()), "of other parameters nothing is known");
  }
}
