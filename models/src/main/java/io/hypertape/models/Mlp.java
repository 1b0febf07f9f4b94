package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A multi-layer perceptron that classifies: dense layers, then log-softmax. Its parameters are
 * {@code layer1.weight} [outputs, inputs], {@code layer1.bias} [outputs], {@code layer2.weight}, ….
 */
public final class Mlp implements Classifier {

  private final MlpSpec spec;
  private final Sequential layers;

  private Mlp(MlpSpec spec, Sequential layers) {
    this.spec = spec;
    this.layers = layers;
  }

  /**
   * With PyTorch's default initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static Mlp create(Session session, MlpSpec spec, long seed) {
    Nulls.check(session, "MLP: session");
    Nulls.check(spec, "MLP: spec");
    return create(session, spec, seed, Initializer.pytorchLinear(), Initializer.pytorchLinear());
  }

  /**
   * With a chosen initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form
   * @param seed equal seeds give equal weights, on every backend
   * @param weights initialises the weights
   * @param biases initialises the biases
   * @return the model
   */
  public static Mlp create(
      Session session, MlpSpec spec, long seed, Initializer weights, Initializer biases) {
    Nulls.check(session, "MLP: session");
    Nulls.check(spec, "MLP: spec");
    Nulls.check(weights, "MLP: weights");
    Nulls.check(biases, "MLP: biases");
    return of(new ParameterFactory(session, seed), spec, weights, biases);
  }

  /**
   * With parameters of a given origin.
   *
   * @param factory makes the parameters
   * @param spec the form
   * @return the model
   */
  public static Mlp of(ParameterFactory factory, MlpSpec spec) {
    Nulls.check(factory, "MLP: factory");
    Nulls.check(spec, "MLP: spec");
    return of(factory, spec, Initializer.pytorchLinear(), Initializer.pytorchLinear());
  }

  private static Mlp of(
      ParameterFactory factory, MlpSpec spec, Initializer weights, Initializer biases) {
    return new Mlp(spec, FeedForward.layers(factory, spec, weights, biases));
  }

  /**
   * With given weights.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form
   * @param values row-major values of every parameter by name
   * @return the model
   * @throws IllegalArgumentException if a parameter is missing, left over, or of another size
   */
  public static Mlp of(Session session, MlpSpec spec, Map<String, double[]> values) {
    Nulls.check(session, "MLP: session");
    Nulls.check(spec, "MLP: spec");
    Nulls.copy(values, "MLP: values");
    Mlp model =
        of(
            ParameterFactory.given(session, (name, shape) -> given(session, values, name, shape)),
            spec);
    List<Parameter> parameters = model.parameters();
    if (values.size() != parameters.size()) {
      throw new IllegalArgumentException(
          "an MLP of sizes "
              + spec.sizes()
              + " has the parameters "
              + parameters
              + "; given are "
              + values.keySet());
    }
    return model;
  }

  private static Tensor given(
      Session session, Map<String, double[]> values, String name, int... shape) {
    double[] data = values.get(name);
    if (data == null) {
      throw new IllegalArgumentException(
          "parameter " + name + " is missing; given are " + values.keySet());
    }
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    if (data.length != size) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + " has "
              + data.length
              + " values; shape "
              + Arrays.toString(shape)
              + " needs "
              + size);
    }
    return session.tensor(data, shape);
  }

  /**
   * Log-probabilities of the classes.
   *
   * @param input [batch, features], or more axes, whose lengths make the features
   * @param mode makes no difference
   * @return [batch, classes]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "MLP: input");
    Nulls.check(mode, "MLP: mode");
    Tensor x = input.rank() > 2 ? new Flatten().forward(input, mode) : input;
    return layers.forward(x, mode).logSoftmax();
  }

  @Override
  public List<Parameter> parameters() {
    return layers.parameters();
  }

  @Override
  public String family() {
    return "mlp";
  }

  @Override
  public Map<String, String> form() {
    return spec.form();
  }

  @Override
  public List<Integer> inputShape() {
    return List.of(spec.sizes().getFirst());
  }

  @Override
  public int classes() {
    return spec.sizes().getLast();
  }

  /**
   * What gives the scores whose log-softmax the log-probabilities are.
   *
   * @return the layers, with this model's parameters
   */
  public Sequential layers() {
    return layers;
  }

  /**
   * The form.
   *
   * @return sizes and activations
   */
  public MlpSpec spec() {
    return spec;
  }
}
