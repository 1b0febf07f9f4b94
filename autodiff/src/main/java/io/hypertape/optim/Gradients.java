package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.ParameterMap;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A loss, and its gradients by the weights and by every hyperparameter that is tuned: the first
 * half of a step, of which {@link TowerOptimizer#update} does the second. A value: the {@code
 * with…} methods give others. Its tensors are usable until the optimizer computes other gradients,
 * or takes an update back.
 */
public final class Gradients {

  private final Pass pass;
  private final Tensor loss;
  private final List<Tensor> tensors;

  /**
   * Gradients in the order of the tower's levels.
   *
   * @param pass what computed them
   */
  Gradients(Pass pass, Tensor loss, List<Tensor> tensors) {
    this.pass = pass;
    this.loss = loss;
    this.tensors = tensors;
  }

  Pass pass() {
    return pass;
  }

  List<Tensor> tensors() {
    return tensors;
  }

  /**
   * The loss before the update.
   *
   * @return a tensor of one element
   */
  public Tensor loss() {
    return loss;
  }

  /**
   * The gradients by the weights.
   *
   * @return one for each parameter that is not frozen, of its shape
   */
  public ParameterMap weights() {
    Map<Parameter, Integer> places = pass.levels().weights(pass.before().frozen());
    return ParameterMap.of(places.keySet(), p -> tensors.get(places.get(p)));
  }

  /**
   * The gradients by the hyperparameters that are tuned, through the last update: 0 in the first
   * step. They are those by the values as they are stored, which differ from the effective ones by
   * the hyperparameter's {@link Transform}.
   *
   * @return scalars by label, such as {@code L1.adam.alpha}
   */
  public Map<String, Tensor> hyperparameters() {
    Map<String, Tensor> result = new LinkedHashMap<>();
    pass.levels()
        .hyperparameters(pass.before().frozen())
        .forEach((label, at) -> result.put(label, tensors.get(at)));
    return result;
  }

  /**
   * The same with another loss, which is what an inspection is shown.
   *
   * @param newLoss a tensor of one element
   * @return the changed gradients
   */
  public Gradients withLoss(Tensor newLoss) {
    Nulls.check(newLoss, "withLoss: newLoss");
    if (newLoss.size() != 1) {
      throw new IllegalArgumentException(
          "withLoss: a loss of shape "
              + Arrays.toString(newLoss.shape())
              + "; one element is needed");
    }
    return new Gradients(pass, newLoss, tensors);
  }

  /**
   * The same with other gradients by weights.
   *
   * @param gradients for some or all of the parameters of {@link #weights}; others keep theirs
   * @return the changed gradients
   * @throws IllegalArgumentException if one is for another parameter
   */
  public Gradients withWeights(ParameterMap gradients) {
    Nulls.check(gradients, "withWeights: gradients");
    Map<Parameter, Integer> places = pass.levels().weights(pass.before().frozen());
    List<Tensor> changed = new ArrayList<>(tensors);
    for (Parameter parameter : gradients.parameters()) {
      Integer at = places.get(parameter);
      if (at == null) {
        throw new IllegalArgumentException(
            "withWeights: parameter "
                + parameter
                + " has no gradient here; those are "
                + Update.list(places.keySet().stream().map(Parameter::name).toList()));
      }
      changed.set(at, gradients.get(parameter));
    }
    return new Gradients(pass, loss, changed);
  }

  /**
   * The same with other gradients by hyperparameters.
   *
   * @param gradients tensors of one element by label, for some or all of {@link #hyperparameters};
   *     others keep theirs
   * @return the changed gradients
   * @throws IllegalArgumentException if a label is not there, or a tensor is no scalar
   */
  public Gradients withHyperparameters(Map<String, Tensor> gradients) {
    Map<String, Tensor> given = Nulls.copy(gradients, "withHyperparameters: gradients");
    Map<String, Integer> places = pass.levels().hyperparameters(pass.before().frozen());
    List<Tensor> changed = new ArrayList<>(tensors);
    given.forEach(
        (label, gradient) -> {
          Integer at = places.get(label);
          if (at == null) {
            throw new IllegalArgumentException(
                "withHyperparameters: there is no gradient by '"
                    + label
                    + "'; those are by "
                    + Update.list(List.copyOf(places.keySet())));
          }
          if (gradient.size() != 1) {
            throw new IllegalArgumentException(
                "withHyperparameters: the gradient by '"
                    + label
                    + "' has shape "
                    + Arrays.toString(gradient.shape())
                    + "; a scalar is needed");
          }
          changed.set(at, gradient.reshape());
        });
    return new Gradients(pass, loss, changed);
  }

  /**
   * All of them changed alike, those by hyperparameters too: what is linear in the loss, as a mean
   * over several workers, applies to both.
   *
   * @param change from a gradient to one of the same shape
   * @return the changed gradients, with the same loss
   */
  public Gradients map(UnaryOperator<Tensor> change) {
    Nulls.check(change, "map: change");
    List<Tensor> changed = new ArrayList<>(tensors.size());
    for (Tensor tensor : tensors) {
      Tensor other = Nulls.check(change.apply(tensor), "map: what change gives");
      if (!Arrays.equals(other.shape(), tensor.shape())) {
        throw new IllegalArgumentException(
            "map: a gradient of shape "
                + Arrays.toString(tensor.shape())
                + " became one of "
                + Arrays.toString(other.shape())
                + "; its shape is needed");
      }
      changed.add(other);
    }
    return new Gradients(pass, loss, changed);
  }
}
