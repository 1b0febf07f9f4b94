package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Stochastic gradient descent with a step size of its own for each parameter, p' = p − α_p·g. A
 * parameter that is not listed stays as it is. Above another optimizer, the parameters are that
 * optimizer's hyperparameters.
 *
 * @param alphas step size by parameter name, in order
 */
public record SgdPerParameter(Map<String, Double> alphas) implements Optimizer {

  /** Checks and copies the values. */
  public SgdPerParameter {
    Nulls.copy(alphas, "sgd-per-param: alphas");
    if (alphas.isEmpty()) {
      throw new IllegalArgumentException(
          "sgd-per-param: no step size is given; name parameters, such as layer1.weight=0.01");
    }
    alphas.forEach((name, alpha) -> Arguments.stepSize("sgd-per-param", name, alpha));
    alphas = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(alphas));
  }

  @Override
  public String name() {
    return "sgd-per-param";
  }

  @Override
  public String text() {
    StringJoiner text = new StringJoiner(", ", name() + "(", ")");
    alphas.forEach((name, alpha) -> text.add(name + "=" + Arguments.number(alpha)));
    return text.toString();
  }

  @Override
  public List<Hyperparameter> hyperparameters() {
    List<Hyperparameter> result = new ArrayList<>();
    alphas.forEach((name, alpha) -> result.add(new Hyperparameter(stepSize(name), alpha)));
    return result;
  }

  private static String stepSize(String parameter) {
    return parameter + "_alpha";
  }

  @Override
  public List<String> stepSizes() {
    return hyperparameters().stream().map(Hyperparameter::name).toList();
  }

  @Override
  public boolean updates(String parameter) {
    Nulls.check(parameter, "updates: parameter");
    return alphas.containsKey(parameter);
  }

  @Override
  public List<String> parameters() {
    return List.copyOf(alphas.keySet());
  }

  @Override
  public Updated update(Update u) {
    return Sgd.plain(u, u.value(stepSize(u.parameter())));
  }
}
