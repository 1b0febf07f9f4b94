package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A multi-layer perceptron that classifies: dense layers, then log-softmax. Its parameters are
 * {@code layer1.weight} [outputs, inputs], {@code layer1.bias} [outputs], {@code layer2.weight}, ….
 */
public final class Mlp implements Layer {

  private final MlpSpec spec;
  private final List<Dense> layers = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();

  private Mlp(MlpSpec spec, List<Parameter> parameters) {
    this.spec = spec;
    this.parameters.addAll(parameters);
    for (int k = 0; k < spec.activations().size(); k++) {
      layers.add(
          new Dense(parameters.get(2 * k), parameters.get(2 * k + 1), spec.activations().get(k)));
    }
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
    List<Parameter> parameters = new ArrayList<>();
    try (Scope unused = session.scratch()) {
      for (int k = 0; k < spec.activations().size(); k++) {
        int in = spec.sizes().get(k);
        int out = spec.sizes().get(k + 1);
        parameters.add(
            new Parameter(weightName(k), weights.create(session, seed, 2L * k, in, out, out, in)));
        parameters.add(
            new Parameter(biasName(k), biases.create(session, seed, 2L * k + 1, in, out, out)));
      }
    }
    return new Mlp(spec, parameters);
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
    List<Parameter> parameters = new ArrayList<>();
    try (Scope unused = session.scratch()) {
      for (int k = 0; k < spec.activations().size(); k++) {
        int in = spec.sizes().get(k);
        int out = spec.sizes().get(k + 1);
        parameters.add(given(session, values, weightName(k), out, in));
        parameters.add(given(session, values, biasName(k), out));
      }
    }
    if (values.size() != parameters.size()) {
      throw new IllegalArgumentException(
          "an MLP of sizes "
              + spec.sizes()
              + " has the parameters "
              + parameters
              + "; given are "
              + values.keySet());
    }
    return new Mlp(spec, parameters);
  }

  private static Parameter given(
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
              + java.util.Arrays.toString(shape)
              + " needs "
              + size);
    }
    return new Parameter(name, session.tensor(data, shape));
  }

  private static String weightName(int k) {
    return "layer" + (k + 1) + ".weight";
  }

  private static String biasName(int k) {
    return "layer" + (k + 1) + ".bias";
  }

  /**
   * Log-probabilities of the classes.
   *
   * @param input [batch, features]
   * @return [batch, classes]
   */
  @Override
  public Tensor forward(Tensor input) {
    Tensor x = input;
    for (Dense layer : layers) {
      x = layer.forward(x);
    }
    return x.logSoftmax();
  }

  @Override
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
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
