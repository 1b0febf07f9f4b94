package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever steps are refused, those that are taken have the bits of a run without refusals. */
public abstract class RefusedSteps {

  private static final int STEPS = 20;
  private static final int ROWS = 6;
  private static final int FEATURES = 4;
  private static final Set<Integer> EACH =
      IntStream.range(0, STEPS).boxed().collect(Collectors.toSet());

  /** The backend to be tested. */
  protected abstract Backend open();

  /** Losses, hyperparameters and weights of a regression, after every step. */
  private static double[] train(
      Session session, String tower, boolean prepared, Set<Integer> refused) {
    List<Double> seen = new ArrayList<>();
    Parameter weights = new Parameter("weights", session.normal(new int[] {1, FEATURES}, 1, 1));
    Parameter bias = new Parameter("bias", session.scalar(0.5));
    try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(weights, bias))) {
      TrainingStep step = optimizer.prepare(in -> loss(in.get(0), weights, bias));
      Taker taker =
          prepared
              ? (inspection, x) -> step.run(inspection, Input.floats(x, ROWS, FEATURES))
              : (inspection, x) ->
                  optimizer.step(
                      () -> loss(session.tensor(x, ROWS, FEATURES), weights, bias), inspection);
      for (int i = 0; i < STEPS; i++) {
        if (refused.contains(i)) {
          refuse(taker, x(1000 + i));
        }
        seen.add(taker.take(unused -> {}, x(i)).item());
        optimizer.hyperparameters().forEach(h -> seen.add(h.raw()));
      }
      assertEquals(STEPS, optimizer.steps());
      assertTrue(
          !prepared
              || !INTERNALS.canRecord(session)
              || step.mode().startsWith("steps are replayed"),
          step.mode());
    }
    for (double value : weights.value().toDoubles()) {
      seen.add(value);
    }
    seen.add(bias.value().item());
    return seen.stream().mapToDouble(v -> v).toArray();
  }

  private interface Taker {
    Tensor take(Consumer<Tensor> inspection, float[] x);
  }

  private static void refuse(Taker taker, float[] x) {
    IllegalStateException thrown = new IllegalStateException("not this one");
    Consumer<Tensor> refusal =
        loss -> {
          assertTrue(loss.item() > 0);
          throw thrown;
        };
    assertSame(thrown, assertThrows(IllegalStateException.class, () -> taker.take(refusal, x)));
  }

  private static Tensor loss(Tensor x, Parameter weights, Parameter bias) {
    return x.matmulTransposed(weights.value()).add(bias.value()).tanh().square().mean().mul(0.1);
  }

  private static float[] x(int step) {
    float[] x = new float[ROWS * FEATURES];
    for (int k = 0; k < x.length; k++) {
      x[k] = (float) Math.sin(step * x.length + k);
    }
    return x;
  }

  /** The levels above the last are what a wrong hypergradient shows in first. */
  private static String tower(int height) {
    return "sgd(0.1, mu=0.5)" + "/sgd(0.1)".repeat(height);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void oneRefusedStepLeavesNothing(int height) {
    try (Session session = Session.over(open())) {
      for (boolean prepared : new boolean[] {false, true}) {
        double[] undisturbed = train(session, tower(height), prepared, Set.of());
        for (int refused = 0; refused < STEPS; refused++) {
          assertArrayEquals(
              undisturbed,
              train(session, tower(height), prepared, Set.of(refused)),
              "refused at " + refused + (prepared ? ", prepared" : ""));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.1)/sgd(0.1)",
        "adam(0.01)/sgd(1e-4)",
        "adam(0.01)/adam(1e-3)/rmsprop(1e-4)",
        "adamw(0.01, decay=0.1)/sgd(1e-4) schedule=warmup(4, cosine(20))",
        "sgd(0.05, mu=0.9)/sgd(0.01) clip=0.01 schedule=milestones(6, 12, 0.5)",
        "sgd-per-param(weights=0.1)/sgd(1e-3)",
        "dog(reps=1e-2, average=8)/sgd(1e-3)",
        "prodigy(d0=1e-3)/sgd(1e-3)",
        "schedule-free-adamw(0.01)/sgd(1e-4)"
      })
  void refusalsAtEveryStepLeaveNothing(String tower) {
    try (Session session = Session.over(open())) {
      for (boolean prepared : new boolean[] {false, true}) {
        assertArrayEquals(
            train(session, tower, prepared, Set.of()), train(session, tower, prepared, EACH));
      }
    }
  }

  /** Running statistics, carried state and masks go back too, also from the midst of a pass. */
  @ParameterizedTest
  @EnumSource
  void refusedAndFailedStepsOfLayersLeaveNothing(LayerNetworks network) {
    String tower = "adam(0.01)/sgd(1e-4) clip=0.5 schedule=warmup(4)";
    double[] undisturbed = network.train(open(), tower, STEPS).values();
    for (Set<Integer> refused : List.of(Set.of(0, 1, 2, 9, 10, 17), EACH)) {
      assertArrayEquals(undisturbed, network.train(open(), tower, STEPS, refused).values());
    }
  }
}
