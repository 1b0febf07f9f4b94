package io.hypertape.models;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Convolution;
import java.util.List;
import java.util.Map;

/**
 * A small convolutional network: twice a 5×5 convolution, relu and the largest of every 2×2 pixels,
 * with 16 and 32 filters, then a dense layer and log-softmax. Its parameters are {@code
 * conv1.weight}, {@code conv1.bias}, {@code conv2.weight}, {@code conv2.bias}, {@code
 * linear.weight} and {@code linear.bias}.
 */
public final class Cnn implements Classifier {

  private static final int FIRST = 16;
  private static final int SECOND = 32;
  private static final int SIZE = 5;

  private final CnnSpec spec;
  private final Sequential layers;

  private Cnn(CnnSpec spec, ParameterFactory factory) {
    this.spec = spec;
    Convolution form = Convolution.of(1, SIZE / 2);
    // Relu is monotone: after the pooling it gives the same, at a quarter of the work.
    this.layers =
        Sequential.of(
            Conv2d.create(factory, "conv1", spec.channels(), FIRST, SIZE, form),
            MaxPool2d.of(2),
            Activation.RELU,
            Conv2d.create(factory, "conv2", FIRST, SECOND, SIZE, form),
            MaxPool2d.of(2),
            Activation.RELU,
            new Flatten(),
            Dense.create(
                factory,
                "linear",
                SECOND * (spec.height() / 2 / 2) * (spec.width() / 2 / 2),
                spec.classes(),
                Activation.NONE));
  }

  /**
   * For images of MNIST's size, with PyTorch's default initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param classes to tell apart
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static Cnn mnist(Session session, int classes, long seed) {
    Nulls.check(session, "CNN: session");
    return create(session, new CnnSpec(1, 28, 28, classes), seed);
  }

  /**
   * With PyTorch's default initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static Cnn create(Session session, CnnSpec spec, long seed) {
    Nulls.check(session, "CNN: session");
    Nulls.check(spec, "CNN: spec");
    return of(new ParameterFactory(session, seed), spec);
  }

  /**
   * With parameters of a given origin.
   *
   * @param factory makes the parameters
   * @param spec the form
   * @return the model
   */
  public static Cnn of(ParameterFactory factory, CnnSpec spec) {
    Nulls.check(factory, "CNN: factory");
    Nulls.check(spec, "CNN: spec");
    return new Cnn(spec, factory);
  }

  /**
   * Log-probabilities of the classes.
   *
   * @param input [N, channels, height, width]
   * @param mode makes no difference
   * @return [N, classes]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "CNN: input");
    Nulls.check(mode, "CNN: mode");
    return layers.forward(input, mode).logSoftmax();
  }

  @Override
  public List<Parameter> parameters() {
    return layers.parameters();
  }

  @Override
  public String family() {
    return "cnn";
  }

  @Override
  public Map<String, String> form() {
    return Map.of("image", spec.height() + "," + spec.width());
  }

  @Override
  public List<Integer> inputShape() {
    return List.of(spec.channels(), spec.height(), spec.width());
  }

  @Override
  public int classes() {
    return spec.classes();
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
   * @return sizes of the images, and classes
   */
  public CnnSpec spec() {
    return spec;
  }
}
