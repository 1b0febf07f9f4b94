package io.hypertape.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import io.hypertape.models.AveragePool2d;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Classifier;
import io.hypertape.models.Cnn;
import io.hypertape.models.CnnSpec;
import io.hypertape.models.Conv2d;
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Gru;
import io.hypertape.models.Layer;
import io.hypertape.models.Losses;
import io.hypertape.models.Lstm;
import io.hypertape.models.MaxPool2d;
import io.hypertape.models.Mode;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Layers and whole models against PyTorch: outputs, losses, gradients, running statistics. The
 * numbers come from {@code src/test/python/parity.py}.
 */
public abstract class PyTorchParity {

  private final double tolerance;
  private Session session;
  private ParameterFactory factory;

  protected PyTorchParity(double tolerance) {
    this.tolerance = tolerance;
  }

  /** The session to be tested. */
  protected abstract Session open();

  @BeforeEach
  void begin() {
    session = open();
    factory = new ParameterFactory(session, 1);
  }

  @AfterEach
  void close() {
    session.close();
  }

  private void classifier(String file, Function<int[], Classifier> build) throws IOException {
    Expected expected = Expected.read(file, tolerance);
    int[] shape = expected.ints("input");
    Classifier model = build.apply(shape);
    Fill.start(session, model.parameters());
    try (Tape tape = session.tape()) {
      List<Tensor> targets = tape.watch(model.parameters()).tensors();
      Tensor labels = session.indices(Fill.labels("labels", shape[0], model.classes()));
      Tensor output = model.forward(Fill.data(session, "input", shape), Mode.TRAIN);
      Tensor loss = Losses.nll(output, labels);
      expected.elements("logProbabilities", output);
      expected.number("loss", loss.item());
      expected.gradients(model.parameters(), tape.gradient(loss, targets));
    }
    try (Scope unused = session.scratch()) {
      expected.buffers(model.buffers());
      expected.elements(
          "evaluation", model.forward(Fill.data(session, "input", shape), Mode.EVALUATE));
    }
  }

  @Test
  void resNet20() throws IOException {
    classifier("resnet20", shape -> ResNet.cifar(session, 20, 10, 1));
  }

  @Test
  void cnn() throws IOException {
    classifier("cnn", shape -> Cnn.mnist(session, 10, 1));
  }

  /** Sides that the poolings do not divide. */
  @Test
  void cnnOfAnotherSize() throws IOException {
    classifier(
        "cnn-colour",
        shape -> Cnn.create(session, new CnnSpec(shape[1], shape[2], shape[3], 4), 1));
  }

  @Test
  void charLstmOverSeveralPieces() throws IOException {
    Expected expected = Expected.read("char-lstm", tolerance);
    int[] spec = expected.ints("spec");
    int steps = expected.at("steps").values().asInt();
    int batch = expected.at("batch").values().asInt();
    CharLstm model =
        CharLstm.create(session, new CharLstmSpec(spec[0], spec[1], spec[2], spec[3], 0), 1);
    Fill.start(session, model.parameters());
    int pieces = expected.at("pieces").values().size();
    assertEquals(3, pieces);
    for (int round = 0; round < 2; round++) {
      for (int piece = 0; piece < pieces; piece++) {
        Expected there = new Expected(expected.at("pieces").values().get(piece), tolerance);
        try (Tape tape = session.tape()) {
          List<Tensor> targets = tape.watch(model.parameters()).tensors();
          Tensor in = session.indices(Fill.labels("input" + piece, steps * batch, spec[0]));
          Tensor next = session.indices(Fill.labels("labels" + piece, steps * batch, spec[0]));
          Tensor output = model.forward(in, steps, batch, Mode.TRAIN);
          Tensor loss = Losses.nll(output, next);
          there.elements("logProbabilities", output);
          there.number("loss", loss.item());
          there.gradients(model.parameters(), tape.gradient(loss, targets));
        }
      }
      model.resetState();
    }
  }

  private void layer(String name, Layer layer, int... shape) throws IOException {
    layer(name, layer, x -> layer.forward(x, Mode.TRAIN), shape);
  }

  private void layer(String name, Layer layer, UnaryOperator<Tensor> forward, int... shape)
      throws IOException {
    Expected expected = Expected.read("layers", tolerance).at(name);
    Fill.start(session, layer.parameters());
    try (Tape tape = session.tape()) {
      List<Tensor> targets = tape.watch(layer.parameters()).tensors();
      Tensor input = tape.watch(Fill.data(session, "input", shape));
      Tensor output = forward.apply(input);
      assertArrayEquals(expected.ints("shape"), output.shape());
      Tensor product = output.mul(Fill.data(session, "cotangent", output.shape())).sum();
      List<Tensor> all = new ArrayList<>(targets);
      all.add(input);
      List<Tensor> gradients = tape.gradient(product, all);
      expected.elements("output", output);
      expected.gradients(layer.parameters(), gradients.subList(0, targets.size()));
      expected.elements("inputGradient", gradients.getLast());
    }
    try (Scope unused = session.scratch()) {
      expected.buffers(layer.buffers());
      if (!layer.buffers().isEmpty()) {
        expected.elements(
            "evaluation", layer.forward(Fill.data(session, "input", shape), Mode.EVALUATE));
      }
    }
  }

  @Test
  void conv2d() throws IOException {
    Convolution form = new Convolution(2, 1, 1, 2, 1, 2, 2);
    layer("conv2d", Conv2d.create(factory, "conv", 4, 6, 3, form), 2, 4, 7, 6);
  }

  @Test
  void batchNorm2d() throws IOException {
    layer("batchNorm2d", BatchNorm2d.create(factory, "bn", 3), 4, 3, 3, 2);
  }

  @Test
  void pooling() throws IOException {
    layer("maxPool2d", new MaxPool2d(new Pooling(3, 2, 2, 1, 1, 0)), 2, 3, 6, 5);
    layer("averagePool2d", new AveragePool2d(new Pooling(3, 2, 2, 1, 1, 1)), 2, 3, 6, 5);
    layer("globalAveragePool", new GlobalAveragePool(), 2, 3, 4, 5);
  }

  @Test
  void lstm() throws IOException {
    layer("lstm", Lstm.create(factory, "rnn", 4, 5, 2, 0), 6, 3, 4);
  }

  @Test
  void gru() throws IOException {
    Gru gru = Gru.create(factory, "rnn", 4, 5, 2, 0);
    layer("gru", gru, 6, 3, 4);
    layer(
        "gruFromState",
        gru,
        x -> gru.forward(x, Fill.data(session, "h0", 2, 3, 5), Mode.TRAIN).output(),
        6,
        3,
        4);
  }
}
