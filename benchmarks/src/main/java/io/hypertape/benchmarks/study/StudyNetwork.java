package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Session;
import io.hypertape.data.LabeledImages;
import io.hypertape.models.Activation;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.Conv2d;
import io.hypertape.models.Dense;
import io.hypertape.models.Flatten;
import io.hypertape.models.Initializer;
import io.hypertape.models.Layer;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.ResNetSpec;
import io.hypertape.models.Sequential;
import io.hypertape.tensor.Convolution;
import java.util.ArrayList;
import java.util.List;

/** The networks for images. */
enum StudyNetwork {
  /** The paper's: tanh after both layers. */
  TANH_MLP("tanh MLP of 128 hidden units (tanh at its end as well)") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      return Mlp.create(session, MlpSpec.tanh(form.features(), HIDDEN, form.classes()), seed);
    }
  },
  /** Relu within, nothing at the end. */
  RELU_MLP("relu MLP of 128 hidden units") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      return Mlp.create(
          session,
          new MlpSpec(
              List.of(form.features(), HIDDEN, form.classes()),
              List.of(Activation.RELU, Activation.NONE)),
          seed);
    }
  },
  /** All weights start at 0. */
  LOGISTIC("logistic regression from zero") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      Initializer zero = Initializer.constant(0);
      return Mlp.create(
          session,
          new MlpSpec(List.of(form.features(), form.classes()), List.of(Activation.NONE)),
          seed,
          zero,
          zero);
    }
  },
  /** He et al.'s initial weights, without which so many layers of relu give hardly anything. */
  DEEP("relu MLP of 8 × 32 hidden units (He's initial weights)") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      return deep(session, form, seed, false);
    }
  },
  /** The same with a batch norm before each relu. */
  DEEP_NORM("relu MLP of 8 × 32 hidden units with batch norm (He's initial weights)") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      return deep(session, form, seed, true);
    }
  },
  /** Three convolutions in strides of two, no pooling, no batch norm. */
  CNN("CNN of 8, 16 and 32 filters in strides of 2") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      return cnn(session, form, seed);
    }
  },
  /** He et al.'s for CIFAR-10. */
  RESNET20("ResNet-20") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      return ResNet.create(session, new ResNetSpec(20, form.channels(), form.classes()), seed);
    }
  },
  /** Gives its input back through 32 numbers. */
  AUTOENCODER("autoencoder 128-32-128") {
    @Override
    Layer create(Session session, LabeledImages form, long seed) {
      ParameterFactory factory = new ParameterFactory(session, seed);
      return Sequential.of(
          new Flatten(),
          Dense.create(factory, "encoder1", form.features(), HIDDEN, Activation.RELU),
          Dense.create(factory, "encoder2", HIDDEN, CODE, Activation.NONE),
          Dense.create(factory, "decoder1", CODE, HIDDEN, Activation.RELU),
          Dense.create(factory, "decoder2", HIDDEN, form.features(), Activation.SIGMOID));
    }
  };

  private static final int HIDDEN = 128;
  private static final int CODE = 32;
  private static final int DEPTH = 8;
  private static final int NARROW = 32;

  private final String text;

  StudyNetwork(String text) {
    this.text = text;
  }

  /**
   * Makes one.
   *
   * @param session where
   * @param form images that it shall fit
   * @param seed equal seeds give equal weights
   * @return from [batch, channels, height, width] to log-probabilities, or to pixels
   */
  abstract Layer create(Session session, LabeledImages form, long seed);

  @Override
  public String toString() {
    return text;
  }

  private static Layer deep(Session session, LabeledImages form, long seed, boolean normalized) {
    ParameterFactory factory = new ParameterFactory(session, seed);
    Initializer he = Initializer.heNormal();
    Initializer zero = Initializer.constant(0);
    List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
    int inputs = form.features();
    for (int k = 1; k <= DEPTH; k++) {
      Activation within = normalized ? Activation.NONE : Activation.RELU;
      layers.add(Dense.create(factory, "layer" + k, inputs, NARROW, within, he, zero));
      if (normalized) {
        layers.add(BatchNorm2d.create(factory, "norm" + k, NARROW));
        layers.add(Activation.RELU);
      }
      inputs = NARROW;
    }
    layers.add(Dense.create(factory, "last", NARROW, form.classes(), Activation.NONE, he, zero));
    return new LogProbabilities(new Sequential(layers));
  }

  private static Layer cnn(Session session, LabeledImages form, long seed) {
    ParameterFactory factory = new ParameterFactory(session, seed);
    int[] filters = {8, 16, 32};
    int[] sizes = {5, 3, 3};
    List<Layer> layers = new ArrayList<>();
    int channels = form.channels();
    int height = form.height();
    int width = form.width();
    for (int k = 0; k < filters.length; k++) {
      Convolution halving = Convolution.of(2, sizes[k] / 2);
      layers.add(Conv2d.create(factory, "conv" + (k + 1), channels, filters[k], sizes[k], halving));
      layers.add(Activation.RELU);
      channels = filters[k];
      height = (height + 1) / 2;
      width = (width + 1) / 2;
    }
    layers.add(new Flatten());
    layers.add(
        Dense.create(
            factory, "linear", channels * height * width, form.classes(), Activation.NONE));
    return new LogProbabilities(new Sequential(layers));
  }
}
