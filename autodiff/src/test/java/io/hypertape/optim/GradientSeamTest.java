package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step in two halves: gradients, and the update by them or by what they were replaced by. */
class GradientSeamTest {

  private static final int STEPS = 14;
  private static final String TOWER = "adam(1e-2)/sgd(1e-3, mu=0.5)/sgd(1e-4)";

  /** How steps are taken. */
  private interface Taker {
    void take(SmallRun run, TowerOptimizer optimizer, TrainingStep step, int i);
  }

  private static double[] train(String tower, boolean records, Taker taker) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      return train(run, optimizer, taker);
    }
  }

  private static double[] train(SmallRun run, TowerOptimizer optimizer, Taker taker) {
    TrainingStep step = optimizer.prepare(run::loss);
    for (int i = 0; i < STEPS; i++) {
      taker.take(run, optimizer, step, i);
    }
    assertEquals(STEPS, optimizer.steps());
    return run.values(optimizer);
  }

  private static final Taker WHOLE = (run, o, step, i) -> step.run(SmallRun.batch(i));

  @ParameterizedTest
  @CsvSource({
    "'" + TOWER + "', true",
    "'" + TOWER + "', false",
    "'sgd(0.1, mu=0.9)/rmsprop(1e-4) clip=0.5 schedule=cosine(20)', true"
  })
  void twoHalvesAreAStep(String tower, boolean records) {
    double[] expected = train(tower, false, WHOLE);
    assertArrayEquals(
        expected,
        train(tower, records, (run, o, step, i) -> o.update(step.gradients(SmallRun.batch(i)))));
    assertArrayEquals(
        expected,
        train(
            tower,
            records,
            (run, o, step, i) ->
                o.update(o.gradients(() -> run.loss(run.tensors(SmallRun.batch(i)))))));
  }

  @Test
  void halvesOfPreparedStepsAreReplayed() {
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < STEPS; i++) {
        optimizer.update(step.gradients(SmallRun.batch(i)));
      }
      assertTrue(step.mode().startsWith("steps are replayed"), step.mode());
      // Each step is a pass and an update.
      assertEquals(4, run.backend.recordings);
      assertTrue(run.backend.replays >= 2 * (STEPS - 5), "replays: " + run.backend.replays);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aHookReplacesGradients(boolean records) {
    double[] expected = train("sgd(0.1)", false, WHOLE);
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer =
            run.bind("sgd(0.2)").onGradients(gradients -> gradients.map(g -> g.mul(0.5)))) {
      double[] halved = train(run, optimizer, WHOLE);
      // α differs, the product not even in bits.
      assertArrayEquals(
          java.util.Arrays.copyOfRange(expected, 2, expected.length),
          java.util.Arrays.copyOfRange(halved, 2, halved.length));
      assertEquals(records, run.backend.replays > 0);
    }
  }

  /** The hook on the device and the host between the halves come to the same bits. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theHostReplacesGradients(boolean records) {
    double[] hooked;
    try (SmallRun run = SmallRun.cpu(false);
        TowerOptimizer optimizer = run.bind(TOWER).onGradients(GradientSeamTest::changed)) {
      hooked = train(run, optimizer, WHOLE);
    }
    double[] replaced =
        train(
            TOWER,
            records,
            (run, o, step, i) -> {
              Gradients gradients = step.gradients(SmallRun.batch(i));
              run.session.scoped(() -> o.update(changed(gradients)));
            });
    assertArrayEquals(hooked, replaced);
    // Between steps that take them as they are, which are replayed.
    Taker alternating =
        (run, o, step, i) -> {
          Gradients gradients = step.gradients(SmallRun.batch(i));
          if (i % 4 == 2) {
            run.session.scoped(() -> o.update(changed(gradients)));
          } else {
            o.update(gradients);
          }
        };
    assertArrayEquals(train(TOWER, false, alternating), train(TOWER, records, alternating));
  }

  private static Gradients changed(Gradients gradients) {
    ParameterMap weights = gradients.weights();
    Map<String, Tensor> hyper = gradients.hyperparameters();
    assertEquals(
        List.of("L1.adam.alpha", "L1.adam.beta1", "L1.adam.beta2", "L2.sgd.alpha", "L2.sgd.mu"),
        List.copyOf(hyper.keySet()));
    return gradients
        .withWeights(weights.map(g -> g.mul(0.75).add(0.01)))
        .withHyperparameters(
            Map.of("L1.adam.alpha", hyper.get("L1.adam.alpha").mul(0.5).reshape(1)));
  }

  /** dL/dα of plain descent is −⟨g, the gradient before⟩. */
  @Test
  void hypergradientsAreShown() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1)/sgd(1e-3)")) {
      Gradients first = optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(0))));
      assertEquals(0, first.hyperparameters().get("L1.sgd.alpha").item());
      double[] before = first.weights().get(run.weight).toDoubles();
      double[] beforeBias = first.weights().get(run.bias).toDoubles();
      optimizer.update(first);
      Gradients second = optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(1))));
      double expected =
          -dot(before, second.weights().get(run.weight).toDoubles())
              - dot(beforeBias, second.weights().get(run.bias).toDoubles());
      assertEquals(expected, second.hyperparameters().get("L1.sgd.alpha").item(), 1e-12);
      assertNotEquals(0, expected);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void gradientsServeOnce(boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(TOWER)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < 8; i++) {
        Gradients old = step.gradients(SmallRun.batch(i));
        Gradients last = step.gradients(SmallRun.batch(i + 1));
        refused(() -> optimizer.update(old));
        optimizer.update(last);
        refused(() -> optimizer.update(last));
      }
      Gradients refused = step.gradients(SmallRun.batch(1));
      assertThrows(
          ArithmeticException.class,
          () ->
              step.run(
                  loss -> {
                    throw new ArithmeticException();
                  },
                  SmallRun.batch(2)));
      refused(() -> optimizer.update(refused));
    }
  }

  private static void refused(Runnable update) {
    Exception e = assertThrows(IllegalStateException.class, update::run);
    assertTrue(e.getMessage().contains("not the last ones"), e.getMessage());
  }

  @Test
  void whatDoesNotFitIsTold() {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.1)/sgd(1e-3)")) {
      Gradients g = optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(0))));
      tells(
          "there is no gradient by 'alpha'; those are by L1.sgd.alpha",
          () -> g.withHyperparameters(Map.of("alpha", g.loss())));
      tells(
          "has shape [3]; a scalar is needed",
          () -> g.withHyperparameters(Map.of("L1.sgd.alpha", g.weights().get(run.bias))));
      tells(
          "a loss of shape [3]; one element is needed",
          () -> g.withLoss(g.weights().get(run.bias)));
      var other = new io.hypertape.autodiff.Parameter("other", run.session.ones(1));
      tells(
          "parameter other[1] has no gradient here; those are weight, bias",
          () -> g.withWeights(ParameterMap.of(List.of(other), p -> run.session.ones(1))));
    }
  }

  private static void tells(String what, Runnable call) {
    Exception e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}
