package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One update of a level by its optimizer: terms of each parameter, then what all share, which their
 * sums lead to, then each parameter.
 */
final class LevelUpdate {

  private final Optimizer optimizer;
  private final UpdateContract contract;
  private final List<StateVariable> variables;
  private final Update.Scalars scalars;
  private final SharedState before;
  private final List<Update> parameters = new ArrayList<>();

  /**
   * An update that begins.
   *
   * @param variables what the parameters share
   * @param shared its values
   */
  LevelUpdate(
      Optimizer optimizer,
      UpdateContract contract,
      List<StateVariable> variables,
      List<Tensor> shared,
      Update.Scalars scalars) {
    this.optimizer = optimizer;
    this.contract = contract;
    this.variables = variables;
    this.scalars = scalars;
    this.before = SharedState.of(variables, shared);
  }

  /** What comes of it: of each parameter in the order in which they were added, and shared. */
  record Result(List<Updated> parameters, SharedState shared, Map<String, Tensor> sums) {}

  /** Adds a parameter. */
  void add(String name, Tensor p, Tensor g, List<String> names, List<Tensor> states) {
    parameters.add(
        new Update(name, p, g, names, states, new Tensor[names.size()], scalars, before));
  }

  Result run() {
    Map<String, Tensor> sums = new LinkedHashMap<>();
    List<Terms> terms = new ArrayList<>(parameters.size());
    for (Update update : parameters) {
      Terms own = contract.checked(update.parameter(), optimizer.terms(update));
      own.sums().forEach((name, term) -> sums.merge(name, term, Tensor::add));
      terms.add(own);
    }
    // Without a parameter there is no update, so that nothing is learned of one either.
    SharedState now = variables.isEmpty() || parameters.isEmpty() ? before : shared(sums);
    List<Updated> results = new ArrayList<>(parameters.size());
    for (int i = 0; i < parameters.size(); i++) {
      results.add(optimizer.update(parameters.get(i).after(terms.get(i).states(), now)));
    }
    return new Result(results, now, sums);
  }

  private SharedState shared(Map<String, Tensor> sums) {
    SharedUpdated updated = optimizer.share(new SharedUpdate(before, sums, scalars));
    return before.with(contract.checked(variables, updated));
  }
}
