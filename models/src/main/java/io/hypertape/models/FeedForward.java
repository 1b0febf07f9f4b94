package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Dense layers whose outputs are what is foretold: real numbers, or logits of labels. {@link Mlp}
 * is its twin for classes. Its parameters are {@code layer1.weight} [outputs, inputs], {@code
 * layer1.bias} [outputs], {@code layer2.weight}, ….
 */
public final class FeedForward implements Network {

  private final MlpSpec spec;
  private final Sequential layers;

  private FeedForward(MlpSpec spec, Sequential layers) {
    this.spec = spec;
    this.layers = layers;
  }

  /**
   * With PyTorch's default initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form, such as {@link MlpSpec#relu}, whose last layer has no activation
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static FeedForward create(Session session, MlpSpec spec, long seed) {
    Nulls.check(session, "feed-forward network: session");
    Nulls.check(spec, "feed-forward network: spec");
    return of(new ParameterFactory(session, seed), spec);
  }

  /**
   * With parameters of a given origin.
   *
   * @param factory makes the parameters
   * @param spec the form
   * @return the model
   */
  public static FeedForward of(ParameterFactory factory, MlpSpec spec) {
    Nulls.check(factory, "feed-forward network: factory");
    Nulls.check(spec, "feed-forward network: spec");
    Initializer start = Initializer.pytorchLinear();
    return new FeedForward(spec, layers(factory, spec, start, start));
  }

  static Sequential layers(
      ParameterFactory factory, MlpSpec spec, Initializer weights, Initializer biases) {
    List<Layer> layers = new ArrayList<>();
    for (int k = 0; k < spec.activations().size(); k++) {
      layers.add(
          Dense.create(
              factory,
              "layer" + (k + 1),
              spec.sizes().get(k),
              spec.sizes().get(k + 1),
              spec.activations().get(k),
              weights,
              biases));
    }
    return new Sequential(layers);
  }

  /**
   * The last layer's outputs.
   *
   * @param input [batch, features], or more axes, whose lengths make the features
   * @param mode makes no difference
   * @return [batch, outputs]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "feed-forward network: input");
    Nulls.check(mode, "feed-forward network: mode");
    Tensor x = input.rank() > 2 ? new Flatten().forward(input, mode) : input;
    return layers.forward(x, mode);
  }

  @Override
  public List<Parameter> parameters() {
    return layers.parameters();
  }

  @Override
  public String family() {
    return "feed-forward";
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
  public int outputs() {
    return spec.sizes().getLast();
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
