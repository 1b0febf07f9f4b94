package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact hypergradients against finite differences, against a tower's, and against plain sums. */
class UnrolledTest {

  private static List<Supplier<Tensor>> losses(SmallRun run, int from, int count) {
    List<Supplier<Tensor>> losses = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      int batch = i;
      losses.add(() -> run.loss(run.tensors(SmallRun.batch(batch))));
    }
    return losses;
  }

  private static Unrolled unrolled(SmallRun run, String tower) {
    return Unrolled.of(Tower.parse(tower), run.session, List.of(run.weight, run.bias));
  }

  /** The loss of the next batch after some steps. */
  private static double end(String tower, int steps) {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind(tower)) {
      for (int i = 0; i < steps; i++) {
        optimizer.step(losses(run, i, 1).getFirst());
      }
      return optimizer.gradients(losses(run, steps, 1).getFirst()).loss().item();
    }
  }

  private static Map<String, Double> effective(String tower, int steps) {
    try (SmallRun run = SmallRun.exact(false)) {
      return unrolled(run, tower).hypergradients(losses(run, 0, steps + 1)).effective();
    }
  }

  /** The same with another value of a hyperparameter. */
  private static String with(String tower, String name, double value) {
    Matcher given = Pattern.compile("\\b" + name + "=[0-9.e-]+").matcher(tower);
    return given.find()
        ? given.replaceFirst(name + "=" + value)
        : tower.replaceFirst("\\)", ", " + name + "=" + value + ")");
  }

  private static void checkByDifferences(String tower, int steps) {
    Map<String, Double> found = effective(tower, steps);
    int checked = 0;
    for (Hyperparameter hyper : Tower.parse(tower).levels().getFirst().hyperparameters()) {
      String label = "L1." + tower.substring(0, tower.indexOf('(')) + "." + hyper.name();
      if (!found.containsKey(label)) {
        continue;
      }
      double value = hyper.initial();
      double d = 1e-5 * Math.min(value, 1 - value == 0 ? 1 : Math.abs(1 - value));
      double more = end(with(tower, hyper.name(), value + d), steps);
      double less = end(with(tower, hyper.name(), value - d), steps);
      double expected = (more - less) / (2 * d);
      String what = tower + ", " + steps + " steps, " + label;
      assertEquals(expected, found.get(label), 1e-6 * Math.abs(expected) + 1e-14 / d, what);
      assertTrue(steps == 1 || expected != 0, what + ": nothing to see");
      checked++;
    }
    assertTrue(checked > 0 && checked == found.size(), "hyperparameters: " + found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(alpha=0.5)",
        "sgd(alpha=0.5, mu=0.8, decay=0.01)",
        "adam(alpha=0.05, beta1=0.8, beta2=0.95, decay=0.1)",
        "adamw(alpha=0.05, beta1=0.8, beta2=0.95, decay=0.1)",
        "rmsprop(alpha=0.05, gamma=0.9)",
        "sgd(alpha=0.5, mu=0.8) schedule=decay(0.5, 6)",
        "dog(alpha=0.9)",
        "prodigy(alpha=0.9, beta1=0.8, beta2=0.95)",
        "schedule-free-sgd(alpha=0.5, mu=0.8)",
        "mechanic-sgd(alpha=1, mu=0.9)",
        "mechanic-adamw(alpha=1)",
        "adam-alpha(alpha=0.05)",
        "rmsprop-alpha(alpha=0.05)",
        "dowg(alpha=0.9)",
        "dadapt-adam(alpha=1)",
        "dadapt-sgd(alpha=1)",
        "schedule-free-adamw(alpha=0.05)",
        "hd-adam(alpha=0.05)",
        "osgm(init=0.01)",
      })
  void areTheDerivativesOfTheLossAtTheEnd(String tower) {
    for (int steps : new int[] {1, 2, 5}) {
      checkByDifferences(tower, steps);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.5)",
        "sgd(0.5, mu=0.8, decay=0.01)",
        "adam(0.05, beta1=0.8, decay=0.1)",
        "adamw(0.05, decay=0.1, log=alpha, logit=beta1)",
        "sgd(0.5, log=alpha) group(bias, adam(0.1)/sgd(1e-15))"
      })
  void ofOneStepAreWhatATowersTapeGives(String first) {
    int at = first.indexOf(") ") < 0 ? first.length() : first.indexOf(") ") + 1;
    String higher = first.substring(0, at) + "/sgd(1e-15)" + first.substring(at);
    try (SmallRun run = SmallRun.exact(false)) {
      Map<String, Double> exact = unrolled(run, higher).hypergradients(losses(run, 0, 2)).stored();
      try (TowerOptimizer optimizer = run.bind(higher)) {
        optimizer.step(losses(run, 0, 1).getFirst());
        compare(optimizer.gradients(losses(run, 1, 1).getFirst()), exact, false);
        optimizer.step(losses(run, 1, 1).getFirst());
        optimizer.step(losses(run, 2, 1).getFirst());
        double[] before = run.values(optimizer);
        exact = Unrolled.from(optimizer).hypergradients(losses(run, 3, 2)).stored();
        assertArrayEquals(before, run.values(optimizer));
        optimizer.step(losses(run, 3, 1).getFirst());
        compare(optimizer.gradients(losses(run, 4, 1).getFirst()), exact, true);
      }
    }
  }

  private static void compare(Gradients expected, Map<String, Double> exact, boolean hasMomentum) {
    assertEquals(expected.hyperparameters().keySet(), exact.keySet());
    expected
        .hyperparameters()
        .forEach(
            (label, gradient) -> {
              double value = gradient.item();
              assertTrue(value != 0 || !hasMomentum, label);
              assertEquals(value, exact.get(label), 1e-11 * Math.abs(value), label);
            });
  }

  /** −⟨g_K, g₀ + … + g_{K−1}⟩. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void withoutHessiansAreASumOfProducts(int steps) {
    double sum = 0;
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind("sgd(0.5)")) {
      double[] gradients = null;
      for (int i = 0; i <= steps; i++) {
        Gradients now = optimizer.gradients(losses(run, i, 1).getFirst());
        double[] g = new double[SmallRun.CLASSES * (SmallRun.FEATURES + 1)];
        int at = 0;
        for (Tensor tensor : now.weights().tensors()) {
          for (double value : tensor.toDoubles()) {
            g[at++] = value;
          }
        }
        if (i == steps) {
          for (int k = 0; k < g.length; k++) {
            sum -= g[k] * gradients[k];
          }
        } else {
          optimizer.update(now);
          gradients = gradients == null ? new double[g.length] : gradients;
          for (int k = 0; k < g.length; k++) {
            gradients[k] += g[k];
          }
        }
      }
    }
    try (SmallRun run = SmallRun.exact(false)) {
      Unrolled exact = unrolled(run, "sgd(0.5, log=alpha)");
      Unrolled.Hypergradients left =
          exact.withoutHessians().tracedBy(-1).hypergradients(losses(run, 0, steps + 1));
      assertEquals(sum, left.effective().get("L1.sgd.alpha"), 1e-12);
      assertEquals(0.5 * sum, left.stored().get("L1.sgd.alpha"), 1e-12);
      // The distance from where the steps began is α times that sum of gradients.
      assertEquals(0.5 * sum, left.trace(), 1e-12);
      double whole = exact.hypergradients(losses(run, 0, steps + 1)).stored().get("L1.sgd.alpha");
      assertEquals(steps == 1, Math.abs(whole - 0.5 * sum) < 1e-9, "with Hessians: " + whole);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.5", "0", "8", "-1"})
  void haveTheCosineThatATowersTraceHas(String gamma) {
    int steps = 6;
    String first = "sgd(0.5, mu=0.8, log=alpha, tune=alpha)";
    try (SmallRun run = SmallRun.exact(false)) {
      double found =
          unrolled(run, first)
              .tracedBy(Double.parseDouble(gamma))
              .hypergradients(losses(run, 0, steps + 1))
              .cosine();
      try (TowerOptimizer optimizer =
          run.bind(first + "/sgd(1e-15, by=trace(" + gamma + ")+clip(1))")) {
        // The state that is told is that before the last update.
        for (int i = 0; i < steps + 2; i++) {
          optimizer.step(losses(run, i, 1).getFirst());
        }
        double last = optimizer.snapshot().tensors().get("L2/state.last.alpha").item();
        assertEquals(last, found, 1e-9);
      }
    }
  }

  @Test
  void leaveEverythingAsItWas() {
    try (SmallRun run = SmallRun.exact(false)) {
      Buffer mean = new Buffer("mean", run.session.zeros(SmallRun.FEATURES));
      DropoutCounter masks = new DropoutCounter(run.session, 7);
      List<Supplier<Tensor>> losses = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int batch = i;
        losses.add(
            () -> {
              List<Tensor> in = run.tensors(SmallRun.batch(batch));
              Tensor x = NeuralOps.dropout(in.getFirst(), 0.5, masks);
              mean.write(mean.read().add(x.mean(0)));
              return run.loss(List.of(x, in.get(1)));
            });
      }
      double[] before = run.values();
      Unrolled unrolled = unrolled(run, "adam(0.1)");
      Unrolled.Hypergradients once = unrolled.hypergradients(losses);
      assertArrayEquals(before, run.values());
      run.session.scoped(() -> assertEquals(0, mean.read().abs().sum().item()));
      // Equal masks again.
      assertEquals(once, unrolled.hypergradients(losses));
    }
  }

  @Test
  void sayWhatWouldFit() {
    try (SmallRun run = SmallRun.exact(false)) {
      Unrolled unrolled = unrolled(run, "sgd(0.1)");
      String said =
          assertThrows(
                  IllegalArgumentException.class, () -> unrolled.hypergradients(losses(run, 0, 1)))
              .getMessage();
      assertTrue(said.contains("1 losses") && said.contains("at least two"), said);
      assertThrows(IllegalArgumentException.class, () -> unrolled.tracedBy(-2));
      try (TowerOptimizer optimizer = run.bind("sgd(0.1)")) {
        said =
            assertThrows(
                    IllegalStateException.class, () -> unrolled.hypergradients(losses(run, 0, 2)))
                .getMessage();
        assertTrue(said.contains("at work in another optimizer"), said);
        optimizer.freeze(List.of(run.bias));
        List<Parameter> rest = List.of(run.weight);
        assertEquals(
            rest, optimizer.gradients(losses(run, 0, 1).getFirst()).weights().parameters());
        assertTrue(Unrolled.from(optimizer).hypergradients(losses(run, 0, 3)).stored().size() == 1);
      }
    }
  }
}
