package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A tensor for each of some parameters, of the parameter's shape and in the parameters' order:
 * their values on a {@link Tape}, gradients with respect to them, a direction, or what is computed
 * of these. It does not change, and its tensors live as long as the scope that they were computed
 * in.
 */
public final class ParameterMap {

  private final Map<Parameter, Tensor> tensors;

  private ParameterMap(Map<Parameter, Tensor> tensors) {
    this.tensors = tensors;
  }

  /**
   * A tensor for each parameter.
   *
   * @param parameters the parameters; one that comes twice counts once
   * @param tensor gives a parameter's tensor, of its session and shape
   * @return the tensors, in the parameters' order
   * @throws IllegalArgumentException if a tensor has another shape or belongs to another session
   */
  public static ParameterMap of(
      Collection<Parameter> parameters, Function<? super Parameter, Tensor> tensor) {
    Nulls.check(parameters, "parameter map: parameters");
    Nulls.check(tensor, "parameter map: tensor");
    Map<Parameter, Tensor> result = LinkedHashMap.newLinkedHashMap(parameters.size());
    for (Parameter parameter : parameters) {
      Nulls.check(parameter, "parameter map: an element of parameters");
      if (!result.containsKey(parameter)) {
        result.put(parameter, fitting(parameter, tensor.apply(parameter)));
      }
    }
    return new ParameterMap(result);
  }

  private static Tensor fitting(Parameter parameter, Tensor tensor) {
    Nulls.check(tensor, "parameter map: what is given for " + parameter.name());
    if (tensor.session() != parameter.session()) {
      throw new IllegalArgumentException(
          "parameter map: what is given for " + parameter + " belongs to another session");
    }
    if (!Arrays.equals(tensor.dims(), parameter.shape())) {
      throw new IllegalArgumentException(
          "parameter map: what is given for "
              + parameter
              + " has shape "
              + Shapes.text(tensor.dims())
              + "; the parameter's is needed");
    }
    return tensor;
  }

  /**
   * The parameters.
   *
   * @return each once, in their order
   */
  public List<Parameter> parameters() {
    return List.copyOf(tensors.keySet());
  }

  /**
   * The tensors.
   *
   * @return one for each parameter, in the parameters' order
   */
  public List<Tensor> tensors() {
    return List.copyOf(tensors.values());
  }

  /**
   * Whether there is a tensor for a parameter.
   *
   * @param parameter the parameter itself, not one of the same name
   * @return true if {@link #get} has it
   */
  public boolean contains(Parameter parameter) {
    return tensors.containsKey(Nulls.check(parameter, "parameter map: parameter"));
  }

  /**
   * A parameter's tensor.
   *
   * @param parameter the parameter itself, not one of the same name
   * @return its tensor
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(Parameter parameter) {
    Tensor found = tensors.get(Nulls.check(parameter, "parameter map: parameter"));
    if (found == null) {
      throw new IllegalArgumentException(
          "parameter map: there is nothing for " + parameter + ", only for " + tensors.keySet());
    }
    return found;
  }

  /**
   * Does something with each parameter and its tensor.
   *
   * @param action what to do
   */
  public void forEach(BiConsumer<? super Parameter, ? super Tensor> action) {
    Nulls.check(action, "parameter map: action");
    tensors.forEach(action);
  }

  /**
   * Computes a tensor of each.
   *
   * @param function keeps the shape
   * @return what it gave, for the same parameters
   */
  public ParameterMap map(UnaryOperator<Tensor> function) {
    Nulls.check(function, "parameter map: function");
    return of(tensors.keySet(), parameter -> function.apply(tensors.get(parameter)));
  }

  /**
   * Computes a tensor of each and its counterpart: {@code values.zip(gradients, (w, g) ->
   * w.sub(g.mul(0.1)))} is a step of SGD.
   *
   * @param other has a tensor for each of these parameters
   * @param function keeps the shape
   * @return what it gave, for the parameters of this
   * @throws IllegalArgumentException if the other lacks one
   */
  public ParameterMap zip(ParameterMap other, BinaryOperator<Tensor> function) {
    Nulls.check(other, "parameter map: other");
    Nulls.check(function, "parameter map: function");
    return of(
        tensors.keySet(),
        parameter -> function.apply(tensors.get(parameter), other.get(parameter)));
  }

  /**
   * Inner product over all elements of all parameters, differentiable: the gradient of {@code
   * gradients.dot(direction)} is a Hessian-vector product.
   *
   * @param other has a tensor for each of these parameters
   * @return a tensor of shape []
   * @throws IllegalArgumentException if the other lacks one, or there is none at all
   */
  public Tensor dot(ParameterMap other) {
    Nulls.check(other, "parameter map: other");
    return zip(other, Tensor::mul).tensors().stream()
        .map(Tensor::sum)
        .reduce(Tensor::add)
        .orElseThrow(() -> new IllegalArgumentException("parameter map: there is no tensor"));
  }

  /**
   * Does work in which these are the parameters' values, as {@link Parameter#value} tells them: a
   * model's forward pass sees them, and gradients flow through them. The parameters themselves stay
   * as they are. Not for the loss of a prepared training step, whose parameters are an optimizer's.
   *
   * @param work the work, on the session's thread
   * @param <T> what it gives
   * @return what it gave
   */
  public <T> T during(Supplier<T> work) {
    Nulls.check(work, "parameter map: work");
    if (tensors.isEmpty()) {
      return work.get();
    }
    return tensors.keySet().iterator().next().session().parameterValues().during(this, work);
  }

  /** Null if there is none. */
  Tensor find(Parameter parameter) {
    return tensors.get(parameter);
  }

  @Override
  public String toString() {
    return tensors.keySet().toString();
  }
}
