package io.hypertape.optim;

import static io.hypertape.optim.OptimizerSyntax.with;

import io.hypertape.optim.ScaledGradient.LearnedMomentum;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How optimizers are written that find their step size themselves, or need no schedule of it. */
final class AdaptiveSyntax {

  private static final String ALPHA = "alpha";
  private static final String DECAY = WeightDecay.NAME;

  private AdaptiveSyntax() {}

  /** A method, as each class would begin with the other one otherwise. */
  static List<OptimizerSyntax> all() {
    return List.of(
        new OptimizerSyntax(
            "dog",
            with(ALPHA, 1.0, "reps", Dog.REPS, "eps", Dog.EPSILON, DECAY, 0.0),
            a -> new Dog(a.get(ALPHA), a.get("reps"), a.get("eps"), a.get(DECAY))),
        new OptimizerSyntax(
            "dowg",
            with(ALPHA, 1.0, "eps", Dowg.EPSILON, DECAY, 0.0),
            a -> new Dowg(a.get(ALPHA), a.get("eps"), a.get(DECAY))),
        new OptimizerSyntax(
            "prodigy",
            and(
                adam(1),
                "d0",
                Prodigy.D0,
                "coef",
                1.0,
                "growth",
                Double.POSITIVE_INFINITY,
                "beta3",
                0.0,
                BiasCorrection.NAME,
                0.0,
                "safeguard",
                0.0),
            AdaptiveSyntax::prodigy),
        new OptimizerSyntax(
            "dadapt-adam",
            and(
                adam(1),
                "d0",
                DAdaptAdam.D0,
                "growth",
                Double.POSITIVE_INFINITY,
                BiasCorrection.NAME,
                0.0),
            AdaptiveSyntax::dAdaptAdam),
        new OptimizerSyntax(
            "dadapt-sgd",
            with(
                ALPHA,
                1.0,
                "mu",
                0.0,
                DECAY,
                0.0,
                "d0",
                DAdaptAdam.D0,
                "growth",
                Double.POSITIVE_INFINITY),
            a ->
                new DAdaptSgd(
                    a.get(ALPHA), a.get("mu"), a.get(DECAY), a.get("d0"), a.get("growth"))),
        new OptimizerSyntax(
            "schedule-free-sgd",
            and(
                with(ALPHA, 1.0, "mu", ScheduleFreeSgd.MU, DECAY, 0.0),
                "warmup",
                0.0,
                "r",
                0.0,
                "power",
                ScheduleFree.POWER),
            a ->
                new ScheduleFreeSgd(
                    a.get(ALPHA),
                    a.get("mu"),
                    a.get(DECAY),
                    a.get("warmup"),
                    a.get("r"),
                    a.get("power"))),
        new OptimizerSyntax(
            "schedule-free-adamw",
            and(
                adam(ScheduleFreeAdamW.ALPHA),
                "warmup",
                0.0,
                "r",
                0.0,
                "power",
                ScheduleFree.POWER),
            AdaptiveSyntax::scheduleFreeAdamW),
        mechanic(OptimizerSyntax.SGD),
        mechanic(OptimizerSyntax.ADAMW),
        hypergradientDescent(OptimizerSyntax.SGD),
        hypergradientDescent(OptimizerSyntax.ADAM),
        new OptimizerSyntax(
            "osgm",
            with(ALPHA, ScaledGradient.ALPHA, "init", 0.0, "scalar", 0.0),
            a ->
                new ScaledGradient(
                    a.get(ALPHA), a.get("init"), Optional.empty(), scale("osgm", a))),
        new OptimizerSyntax(
            "hdm",
            with(
                ALPHA,
                ScaledGradient.ALPHA,
                "init",
                0.0,
                "mu",
                ScaledGradient.MU,
                "eta",
                ScaledGradient.ETA,
                "scalar",
                0.0),
            a ->
                new ScaledGradient(
                    a.get(ALPHA),
                    a.get("init"),
                    Optional.of(new LearnedMomentum(a.get("mu"), a.get("eta"))),
                    scale("hdm", a))));
  }

  /** Mechanic around one whose step size may be anything. */
  private static OptimizerSyntax mechanic(OptimizerSyntax base) {
    return new OptimizerSyntax(
        Mechanic.PREFIX + base.name(),
        and(base.arguments(), ALPHA, 1.0, "init", Mechanic.INIT, "lambda", Mechanic.LAMBDA),
        a -> new Mechanic(base.factory().apply(a), a.get("init"), a.get("lambda")));
  }

  private static OptimizerSyntax hypergradientDescent(OptimizerSyntax base) {
    return new OptimizerSyntax(
        HypergradientDescent.PREFIX + base.name(),
        and(base.arguments(), "beta", HypergradientDescent.BETA),
        a -> new HypergradientDescent(base.factory().apply(a), a.get("beta")));
  }

  private static ScaledGradient.Scale scale(String name, Map<String, Double> a) {
    return Arguments.flag(name, "scalar", a.get("scalar"))
        ? ScaledGradient.Scale.SCALAR
        : ScaledGradient.Scale.DIAGONAL;
  }

  private static Map<String, Double> and(Map<String, Double> first, Object... namesAndDefaults) {
    Map<String, Double> all = new LinkedHashMap<>(first);
    all.putAll(with(namesAndDefaults));
    return all;
  }

  private static Map<String, Double> adam(double alpha) {
    return and(OptimizerSyntax.ADAM.arguments(), ALPHA, alpha);
  }

  private static Prodigy prodigy(Map<String, Double> a) {
    return new Prodigy(
        a.get(ALPHA),
        a.get("beta1"),
        a.get("beta2"),
        a.get("beta3"),
        a.get("eps"),
        a.get(DECAY),
        a.get("d0"),
        a.get("coef"),
        a.get("growth"),
        BiasCorrection.of("prodigy", a.get(BiasCorrection.NAME)),
        Arguments.flag("prodigy", "safeguard", a.get("safeguard"))
            ? Prodigy.Warmup.SAFEGUARDED
            : Prodigy.Warmup.PLAIN);
  }

  private static DAdaptAdam dAdaptAdam(Map<String, Double> a) {
    return new DAdaptAdam(
        a.get(ALPHA),
        a.get("beta1"),
        a.get("beta2"),
        a.get("eps"),
        a.get(DECAY),
        a.get("d0"),
        a.get("growth"),
        BiasCorrection.of("dadapt-adam", a.get(BiasCorrection.NAME)));
  }

  private static ScheduleFreeAdamW scheduleFreeAdamW(Map<String, Double> a) {
    return new ScheduleFreeAdamW(
        a.get(ALPHA),
        a.get("beta1"),
        a.get("beta2"),
        a.get("eps"),
        a.get(DECAY),
        a.get("warmup"),
        a.get("r"),
        a.get("power"));
  }
}
