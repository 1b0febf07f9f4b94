package io.hypertape.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How one optimizer is written in a tower's text.
 *
 * @param name its name
 * @param arguments its arguments in order, with their defaults; one without is required
 * @param factory makes it from all arguments; it gets the given ones only where there are no names
 *     (sgd-per-param, whose arguments are parameters' names)
 */
record OptimizerSyntax(
    String name, Map<String, Double> arguments, Function<Map<String, Double>, Optimizer> factory) {

  private static final String DECAY = WeightDecay.NAME;

  // Those that others stand around.
  static final OptimizerSyntax SGD =
      new OptimizerSyntax(
          "sgd",
          withAlpha("mu", 0.0, DECAY, 0.0),
          a -> new Sgd(a.get("alpha"), a.get("mu"), a.get(DECAY)));
  static final OptimizerSyntax ADAM =
      new OptimizerSyntax(
          "adam",
          adamArguments(0),
          a ->
              new Adam(a.get("alpha"), a.get("beta1"), a.get("beta2"), a.get("eps"), a.get(DECAY)));
  static final OptimizerSyntax ADAMW =
      new OptimizerSyntax(
          "adamw",
          adamArguments(AdamW.DECAY),
          a ->
              new AdamW(
                  a.get("alpha"), a.get("beta1"), a.get("beta2"), a.get("eps"), a.get(DECAY)));

  private static final List<OptimizerSyntax> OF_THE_PAPER =
      List.of(
          SGD,
          new OptimizerSyntax("sgd-per-param", Map.of(), SgdPerParameter::new),
          new OptimizerSyntax(
              "adagrad", withAlpha(DECAY, 0.0), a -> new AdaGrad(a.get("alpha"), a.get(DECAY))),
          new OptimizerSyntax(
              "rmsprop",
              withAlpha("gamma", RmsProp.GAMMA, DECAY, 0.0),
              a -> new RmsProp(a.get("alpha"), a.get("gamma"), a.get(DECAY))),
          new OptimizerSyntax(
              "rmsprop-alpha",
              withAlpha("gamma", RmsProp.GAMMA, DECAY, 0.0),
              a -> new RmsPropAlpha(a.get("alpha"), a.get("gamma"), a.get(DECAY))),
          ADAM,
          ADAMW,
          new OptimizerSyntax(
              "adam-alpha",
              adamArguments(0),
              a ->
                  new AdamAlpha(
                      a.get("alpha"), a.get("beta1"), a.get("beta2"), a.get("eps"), a.get(DECAY))));

  private static final List<OptimizerSyntax> ALL =
      Stream.concat(OF_THE_PAPER.stream(), AdaptiveSyntax.all().stream()).toList();

  /** The names that the paper's code uses. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "sgdperparam", "sgd-per-param",
          "rmspropalpha", "rmsprop-alpha",
          "adambaydin", "adam-alpha",
          "adamalpha", "adam-alpha");

  private static Map<String, Double> adamArguments(double decay) {
    return withAlpha("beta1", Adam.BETA1, "beta2", Adam.BETA2, "eps", Adam.EPSILON, DECAY, decay);
  }

  private static Map<String, Double> withAlpha(Object... namesAndDefaults) {
    Map<String, Double> result = new LinkedHashMap<>();
    result.put("alpha", null);
    result.putAll(with(namesAndDefaults));
    return result;
  }

  static Map<String, Double> with(Object... namesAndDefaults) {
    Map<String, Double> result = new LinkedHashMap<>();
    for (int i = 0; i < namesAndDefaults.length; i += 2) {
      result.put((String) namesAndDefaults[i], (Double) namesAndDefaults[i + 1]);
    }
    return result;
  }

  /** The syntax of a name or alias, upper or lower case; null if there is none. */
  static OptimizerSyntax of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String canonical = ALIASES.getOrDefault(lower, lower);
    return ALL.stream().filter(s -> s.name.equals(canonical)).findFirst().orElse(null);
  }

  static String names() {
    return ALL.stream().map(OptimizerSyntax::name).collect(Collectors.joining(", "));
  }

  boolean takesAnyName() {
    return arguments.isEmpty();
  }
}
