package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that no optimizer can use are refused where they are given, and named. */
class OptimizerArgumentsTest {

  private static Map<String, DoubleFunction<Optimizer>> everyArgument() {
    Map<String, DoubleFunction<Optimizer>> all = new TreeMap<>();
    all.put("sgd: alpha", v -> new Sgd(v));
    all.put("sgd: mu", v -> new Sgd(1, v));
    all.put("sgd: decay", v -> new Sgd(1).withDecay(v));
    all.put("sgd-per-param: a", v -> new SgdPerParameter(Map.of("a", v)));
    all.put("adagrad: alpha", v -> new AdaGrad(v));
    all.put("adagrad: decay", v -> new AdaGrad(1, v));
    all.put("rmsprop: alpha", v -> new RmsProp(v));
    all.put("rmsprop: gamma", v -> new RmsProp(1, v));
    all.put("rmsprop: decay", v -> new RmsProp(1, 0.9, v));
    all.put("rmsprop-alpha: alpha", v -> new RmsPropAlpha(v, 0.9, 0));
    all.put("rmsprop-alpha: gamma", v -> new RmsPropAlpha(1, v, 0));
    all.put("rmsprop-alpha: decay", v -> new RmsPropAlpha(1, 0.9, v));
    all.put("dog: alpha", v -> new Dog(v, 1e-6, 1e-8, 0));
    all.put("dog: reps", v -> new Dog(1, v, 1e-8, 0));
    all.put("dog: eps", v -> new Dog(1, 1e-6, v, 0));
    all.put("dog: decay", v -> new Dog(1, 1e-6, 1e-8, v));
    all.put("dowg: alpha", v -> new Dowg(v, 1e-4, 0));
    all.put("dowg: eps", v -> new Dowg(1, v, 0));
    all.put("dowg: decay", v -> new Dowg(1, 1e-4, v));
    all.put("prodigy: d0", v -> adaptive("prodigy(d0=%s)", v));
    all.put("prodigy: coef", v -> adaptive("prodigy(coef=%s)", v));
    all.put("prodigy: beta3", v -> adaptive("prodigy(beta3=%s)", v));
    all.put("prodigy: bias", v -> adaptive("prodigy(bias=%s)", v));
    all.put("prodigy: safeguard", v -> adaptive("prodigy(safeguard=%s)", v));
    all.put("dadapt-sgd: mu", v -> adaptive("dadapt-sgd(mu=%s)", v));
    all.put("schedule-free-sgd: mu", v -> adaptive("schedule-free-sgd(mu=%s)", v));
    for (String name : List.of("prodigy", "dadapt-adam", "dadapt-sgd")) {
      all.put(name + ": d0", v -> adaptive(name + "(d0=%s)", v));
    }
    for (String name : List.of("schedule-free-sgd", "schedule-free-adamw")) {
      for (String argument : List.of("warmup", "r", "power")) {
        all.put(name + ": " + argument, v -> adaptive(name + "(" + argument + "=%s)", v));
      }
    }
    for (String name : List.of("prodigy", "dadapt-adam", "schedule-free-adamw")) {
      for (String argument : List.of("alpha", "beta1", "beta2", "eps", "decay")) {
        all.put(name + ": " + argument, v -> adaptive(name + "(" + argument + "=%s)", v));
      }
    }
    for (String name : List.of("dadapt-sgd", "schedule-free-sgd")) {
      for (String argument : List.of("alpha", "decay")) {
        all.put(name + ": " + argument, v -> adaptive(name + "(" + argument + "=%s)", v));
      }
    }
    for (String name : List.of("mechanic-sgd", "mechanic-adamw")) {
      for (String argument : List.of("init", "lambda")) {
        all.put(name + ": " + argument, v -> adaptive(name + "(" + argument + "=%s)", v));
      }
    }
    all.put("hd-sgd: beta", v -> adaptive("hd-sgd(1, beta=%s)", v));
    all.put("hd-adam: beta", v -> adaptive("hd-adam(1, beta=%s)", v));
    for (String name : List.of("osgm", "hdm")) {
      for (String argument : List.of("alpha", "init", "scalar")) {
        all.put(name + ": " + argument, v -> adaptive(name + "(" + argument + "=%s)", v));
      }
    }
    all.put("hdm: mu", v -> adaptive("hdm(mu=%s)", v));
    all.put("hdm: eta", v -> adaptive("hdm(eta=%s)", v));
    all.put("sgd: average", v -> new WeightAverage(new Sgd(1), v));
    for (String name : List.of("adam", "adamw", "adam-alpha")) {
      all.put(name + ": alpha", v -> adam(name, v, 0.9, 0.9, 1e-8, 0));
      all.put(name + ": beta1", v -> adam(name, 1, v, 0.9, 1e-8, 0));
      all.put(name + ": beta2", v -> adam(name, 1, 0.9, v, 1e-8, 0));
      all.put(name + ": eps", v -> adam(name, 1, 0.9, 0.9, v, 0));
      all.put(name + ": decay", v -> adam(name, 1, 0.9, 0.9, 1e-8, v));
    }
    return all;
  }

  /** As it is where a text makes it, but for where in the text the fault is. */
  private static Optimizer adaptive(String text, double value) {
    try {
      return Tower.parse(text.formatted(value)).levels().getFirst().optimizer();
    } catch (TowerSyntaxException e) {
      String message = e.getMessage().replaceFirst("^tower: ", "");
      throw new IllegalArgumentException(message, e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prodigy", "dadapt-adam", "dadapt-sgd"})
  void aGrowthBelowOneIsRefused(String name) {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 0.99, -1}) {
      String text = name + "(growth=" + bad + ")";
      var e = assertThrows(IllegalArgumentException.class, () -> Tower.parse(text));
      String told = name + ": growth is " + bad + "; it must be 1 or more, or infinite";
      assertTrue(e.getMessage().contains(told), e.getMessage());
    }
    Tower.parse(name + "(growth=infinity)");
  }

  private static Optimizer adam(String name, double a, double b1, double b2, double e, double d) {
    return switch (name) {
      case "adam" -> new Adam(a, b1, b2, e, d);
      case "adamw" -> new AdamW(a, b1, b2, e, d);
      default -> new AdamAlpha(a, b1, b2, e, d);
    };
  }

  @Test
  void noNumberAndInfinityAndNegativesAreNamed() {
    everyArgument()
        .forEach(
            (name, make) -> {
              for (double bad :
                  new double[] {
                    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1e-300, -1
                  }) {
                var e = assertThrows(IllegalArgumentException.class, () -> make.apply(bad), name);
                assertTrue(
                    e.getMessage().startsWith(name + " is " + bad + "; it must be "),
                    e.getMessage());
              }
            });
  }

  /** An optimizer whose update takes a decay itself, and not 1 − it. */
  private record Mean(double beta) implements Optimizer {
    @Override
    public String name() {
      return "mean";
    }

    @Override
    public String text() {
      return "mean(" + beta + ")";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(new Hyperparameter("beta", beta, Transform.CLAMP));
    }

    @Override
    public Updated update(Update u) {
      return u.to(u.p().mul(u.value("beta")));
    }
  }

  @Test
  void aDecayThatIsTakenAsItIsMustNotBeOneInSinglePrecision() {
    try (Session single = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      List<Parameter> w = List.of(new Parameter("w", single.scalar(1)));
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> new Mean(0.9999999999).tower().bind(single, w));
      assertTrue(
          e.getMessage().contains("beta is 0.9999999999, which single precision rounds to 1"),
          e.getMessage());
      new Mean(0.9999999).tower().bind(single, w).close();
    }
  }

  private static void bind(Session session, String tower) {
    Tower.parse(tower).bind(session, List.of(new Parameter("w", session.scalar(1)))).close();
  }

  /** Before, the first became infinite and the weights NaN; the others 0 or 1 without a word. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd(1e308)|level 1, sgd(1e308): alpha is 1e308, and single precision holds numbers of at most",
        "sgd(0.1)/adam(4e38)|level 2, adam(4e38): alpha is 4e38, and single precision",
        "sgd(1e-60)|level 1, sgd(1e-60): alpha is 1e-60, which single precision rounds to 0",
        "sgd(1, decay=1e-50)|decay is 1e-50, which single precision rounds to 0",
        "adam(1e-3, beta1=1e-50)|beta1 is 1e-50, which single precision rounds to 0",
        "adam(1e-3, eps=1e-50)|a constant is 1e-50, which single precision rounds to 0",
        "sgd-per-param(w=1e39)|w_alpha is 1e39, and single precision",
        "sgd(1) clip=1e39|clip is 1e39, and single precision",
        "sgd(0.1, decay=1e39)|decay is 1e39, and single precision",
        "adam(1e-3, eps=1e39)|a constant is 1e39, and single precision",
        "adamw(1e-3, eps=1e-60)|a constant is 1e-60, which single precision rounds to 0",
        "adagrad(1e-3, decay=1e39)|decay is 1e39, and single precision",
        "dadapt-sgd(d0=1e-60)|shared state d is 1e-60, which single precision rounds to 0",
        "adamw(1e-3, decay=1e-60)|decay is 1e-60, which single precision rounds to 0",
        "rmsprop-alpha(1e-3, decay=1e-60)|decay is 1e-60, which single precision rounds to 0",
        "adam-alpha(1e-3, decay=1e39)|decay is 1e39, and single precision",
        "adam-alpha(1e39)|alpha is 1e39, and single precision",
        "sgd(1e-300, mu=1e-60)|alpha is 1e-300, which single precision rounds to 0",
        "sgd(1, mu=1e-60)|mu is 1e-60, which single precision rounds to 0",
        "sgd(1) group(w, sgd(1)/sgd(1e39))|group w, level 2, sgd(1e39): alpha is 1e39, and single",
        "sgd(1) schedule=step(5, 1e39)|schedule step(5, 1e39): factor is 1e39, and single precision",
        "sgd(1) schedule=milestones(5, 1e-60)|factor is 1e-60, which single precision rounds to 0",
        "sgd(1) schedule=warmup(5, step(5, 1e300))|schedule step(5, 1e300): factor is 1e300, and"
      })
  void whatSinglePrecisionDoesNotHoldIsRefusedThere(String tower, String part) {
    try (Session single = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Session exact =
            Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));
        Session rounded =
            Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT32))) {
      for (Session session : List.of(single, rounded)) {
        var e = assertThrows(IllegalArgumentException.class, () -> bind(session, tower));
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertTrue(
            e.getMessage().endsWith("a session in float64 (backend reference) computes with it"));
      }
      bind(exact, tower);
      bind(single, "adam(1e-38, beta1=0.9999999, eps=1e-37)/sgd(0)/sgd(3e38) clip=3e38");
      // Updates take 1 − β, which single precision has.
      bind(single, "adam(1e-3, beta2=0.9999999999)/rmsprop(1, gamma=0.9999999999)");
    }
    assertEquals("sgd(1e308)", new Sgd(1e308).text());
  }
}
