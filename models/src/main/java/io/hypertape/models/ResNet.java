package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.ShardGroup;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.Convolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The residual networks for CIFAR-10 (He et al. 2015, section 4.2): a convolution, three stages of
 * residual blocks with 16, 32 and 64 channels, whose shortcuts have no parameters (option A), the
 * mean over each channel, a dense layer, log-softmax. Parameters and running statistics are named
 * as in PyTorch's usual version of it: {@code conv1.weight}, {@code bn1.weight}, {@code
 * layer1.0.conv1.weight}, …, {@code layer3.2.bn2.running_var}, {@code linear.bias}.
 */
public final class ResNet implements Classifier {

  private static final int WIDTH = 16;
  private static final int STAGES = 3;

  private final ResNetSpec spec;
  private final Sequential layers;

  private ResNet(ResNetSpec spec, ParameterFactory factory) {
    this.spec = spec;
    List<Layer> list = new ArrayList<>();
    list.add(convolution(factory, "conv1", spec.channels(), WIDTH, 1));
    list.add(BatchNorm2d.create(factory, "bn1", WIDTH));
    list.add(Activation.RELU);
    int channels = WIDTH;
    for (int stage = 0; stage < STAGES; stage++) {
      int filters = WIDTH << stage;
      for (int k = 0; k < spec.blocks(); k++) {
        String name = "layer" + (stage + 1) + "." + k;
        list.add(block(factory, name, channels, filters));
        channels = filters;
      }
    }
    list.add(new GlobalAveragePool());
    list.add(
        Dense.create(
            factory,
            "linear",
            channels,
            spec.classes(),
            Activation.NONE,
            Initializer.heNormal(),
            Initializer.pytorchLinear()));
    this.layers = new Sequential(list);
  }

  private static Residual block(ParameterFactory factory, String name, int channels, int filters) {
    int stride = channels == filters ? 1 : 2;
    Layer body =
        Sequential.of(
            convolution(factory, name + ".conv1", channels, filters, stride),
            BatchNorm2d.create(factory, name + ".bn1", filters),
            Activation.RELU,
            convolution(factory, name + ".conv2", filters, filters, 1),
            BatchNorm2d.create(factory, name + ".bn2", filters));
    int zeros = filters - channels;
    Layer shortcut =
        stride == 1 ? Activation.NONE : new PaddedShortcut(stride, zeros / 2, zeros - zeros / 2);
    return new Residual(body, shortcut, Activation.RELU);
  }

  private static Conv2d convolution(
      ParameterFactory factory, String name, int channels, int filters, int stride) {
    return Conv2d.withoutBias(
        factory, name, channels, filters, 3, Convolution.of(stride, 1), Initializer.heNormal());
  }

  /**
   * For images of three channels, with He et al.'s initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param depth 6n + 2: 20, 32, 44, 56, 110
   * @param classes to tell apart
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static ResNet cifar(Session session, int depth, int classes, long seed) {
    Nulls.check(session, "ResNet: session");
    return create(session, new ResNetSpec(depth, 3, classes), seed);
  }

  /**
   * With He et al.'s initialisation.
   *
   * @param session whose tensors its parameters shall be
   * @param spec the form
   * @param seed equal seeds give equal weights, on every backend
   * @return the model
   */
  public static ResNet create(Session session, ResNetSpec spec, long seed) {
    Nulls.check(session, "ResNet: session");
    Nulls.check(spec, "ResNet: spec");
    return of(new ParameterFactory(session, seed), spec);
  }

  /**
   * With parameters of a given origin.
   *
   * @param factory makes the parameters
   * @param spec the form
   * @return the model
   */
  public static ResNet of(ParameterFactory factory, ResNetSpec spec) {
    Nulls.check(factory, "ResNet: factory");
    Nulls.check(spec, "ResNet: spec");
    return new ResNet(spec, factory);
  }

  /**
   * Log-probabilities of the classes.
   *
   * @param input [N, channels, H, W]; the paper has 32 × 32, any size does
   * @param mode whether the model is being trained
   * @return [N, classes]
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "ResNet: input");
    Nulls.check(mode, "ResNet: mode");
    return layers.forward(input, mode).logSoftmax();
  }

  @Override
  public List<Tensor> forward(List<Tensor> shards, ShardGroup group, Mode mode) {
    Nulls.checkAll(shards, "ResNet: shards");
    Nulls.check(group, "ResNet: group");
    Nulls.check(mode, "ResNet: mode");
    return group.each(layers.forward(shards, group, mode), Tensor::logSoftmax);
  }

  @Override
  public List<Parameter> parameters() {
    return layers.parameters();
  }

  @Override
  public List<Buffer> buffers() {
    return layers.buffers();
  }

  @Override
  public String family() {
    return "resnet" + spec.depth();
  }

  @Override
  public Map<String, String> form() {
    return Map.of();
  }

  @Override
  public List<Integer> inputShape() {
    return List.of(spec.channels(), 0, 0);
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
   * @return depth, channels and classes
   */
  public ResNetSpec spec() {
    return spec;
  }
}
