package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.Convolution;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What layers do beside their formulas, which are compared with PyTorch's elsewhere. */
class LayersTest {

  private final Session session =
      Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));

  private final ParameterFactory factory = new ParameterFactory(session, 3);
  private final Scope scope = session.scratch();

  @AfterEach
  void close() {
    scope.close();
    session.close();
  }

  private static List<String> names(Layer layer) {
    return layer.parameters().stream().map(Parameter::name).toList();
  }

  @Test
  void biasIsAddedToEveryPixelOfItsFilter() {
    Conv2d conv = Conv2d.create(factory, "conv1", 1, 2, 3, Convolution.of(1, 1));
    assertEquals(List.of("conv1.weight", "conv1.bias"), names(conv));
    double[] y = conv.forward(session.zeros(1, 1, 2, 2), Mode.TRAIN).toDoubles();
    double[] b = conv.bias().orElseThrow().value().toDoubles();
    assertArrayEquals(new double[] {b[0], b[0], b[0], b[0], b[1], b[1], b[1], b[1]}, y);
    Conv2d plain =
        Conv2d.withoutBias(
            factory,
            "conv2",
            4,
            2,
            3,
            new Convolution(1, 1, 0, 0, 1, 1, 2),
            Initializer.heNormal());
    assertEquals(List.of("conv2.weight"), names(plain));
    assertArrayEquals(new int[] {2, 2, 3, 3}, plain.weight().value().shape());
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Conv2d.create(factory, "conv3", 4, 3, 3, new Convolution(1, 1, 0, 0, 1, 1, 2)));
    assertTrue(e.getMessage().contains("4 channels and 3 filters"), e.getMessage());
  }

  /** Fan-in is that of a group: 2·3·3. */
  @Test
  void filtersStartWithinPyTorchsBound() {
    Conv2d conv = Conv2d.create(factory, "conv", 4, 60, 3, new Convolution(1, 1, 0, 0, 1, 1, 2));
    for (Parameter p : conv.parameters()) {
      double largest = Arrays.stream(p.value().toDoubles()).map(Math::abs).max().orElseThrow();
      assertTrue(largest <= 1 / Math.sqrt(18) && largest > 0.9 / Math.sqrt(18), p + ": " + largest);
    }
  }

  @Test
  void runningStatisticsFollow() {
    BatchNorm2d norm = BatchNorm2d.create(factory, "bn1", 1);
    assertEquals(List.of("bn1.weight", "bn1.bias"), names(norm));
    assertEquals(
        List.of("bn1.running_mean", "bn1.running_var"),
        norm.buffers().stream().map(Buffer::name).toList());
    Tensor x = session.tensor(new double[] {1, 2, 3, 6}, 2, 1, 1, 2);
    norm.forward(x, Mode.EVALUATE);
    assertEquals(0, norm.runningMean().read().item());
    norm.forward(x, Mode.TRAIN);
    norm.forward(x, Mode.TRAIN);
    // Mean 3, variance 14/3 with n − 1.
    assertEquals(3 * 0.19, norm.runningMean().read().item(), 1e-14);
    assertEquals(0.81 + 0.19 * 14 / 3, norm.runningVariance().read().item(), 1e-14);
    double mean = 3 * 0.19;
    double deviation = Math.sqrt(0.81 + 0.19 * 14 / 3 + 1e-5);
    assertEquals((6 - mean) / deviation, norm.forward(x, Mode.EVALUATE).toDoubles()[3], 1e-14);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> norm.forward(session.ones(1, 1, 1, 1), Mode.TRAIN));
    assertTrue(e.getMessage().contains("two or more values"), e.getMessage());
  }

  @Test
  void dropoutDropsInTrainingOnlyAndAnewEachTime() {
    Dropout dropout = Dropout.create(factory, 0.25);
    Tensor x = session.full(new int[] {4000}, 3);
    assertSame(x, dropout.forward(x, Mode.EVALUATE));
    assertSame(x, Dropout.create(factory, 0).forward(x, Mode.TRAIN));
    double[] once = dropout.forward(x, Mode.TRAIN).toDoubles();
    double[] twice = dropout.forward(x, Mode.TRAIN).toDoubles();
    assertTrue(Arrays.stream(once).allMatch(v -> v == 0 || Math.abs(v - 4) < 1e-12));
    assertEquals(0.25, Arrays.stream(once).filter(v -> v == 0).count() / 4000.0, 0.04);
    assertTrue(Arrays.compare(once, twice) != 0);
    double[] other = Dropout.create(factory, 0.25).forward(x, Mode.TRAIN).toDoubles();
    assertTrue(Arrays.compare(once, other) != 0);
    double[] again =
        Dropout.create(new ParameterFactory(session, 3), 0.25).forward(x, Mode.TRAIN).toDoubles();
    double[] first =
        Dropout.create(new ParameterFactory(session, 3), 0.25).forward(x, Mode.TRAIN).toDoubles();
    assertArrayEquals(first, again);
    assertThrows(IllegalArgumentException.class, () -> Dropout.create(factory, 1));
    assertThrows(IllegalArgumentException.class, () -> Dropout.create(factory, Double.NaN));
  }

  @Test
  void embeddingLooksUp() {
    Embedding table = Embedding.create(factory, "encoder", 5, 3);
    double[] rows = table.weight().value().toDoubles();
    double[] found = table.forward(session.indices(4, 0, 4), Mode.TRAIN).toDoubles();
    for (int k = 0; k < 3; k++) {
      assertEquals(rows[12 + k], found[k]);
      assertEquals(rows[k], found[3 + k]);
      assertEquals(rows[12 + k], found[6 + k]);
    }
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> table.forward(session.indices(5), Mode.TRAIN).toDoubles());
  }

  @Test
  void chainsAndBlocksHaveTheirLayersParametersInOrder() {
    Layer first = Dense.create(factory, "a", 3, 3, Activation.RELU);
    Layer second = BatchNorm2d.create(factory, "b", 3);
    Residual block = new Residual(Sequential.of(first, second), Activation.NONE, Activation.TANH);
    assertEquals(List.of("a.weight", "a.bias", "b.weight", "b.bias"), names(block));
    assertEquals(2, block.buffers().size());
    Tensor x = session.normal(new int[] {4, 3}, 1, 2);
    double[] body = second.forward(first.forward(x, Mode.TRAIN), Mode.TRAIN).toDoubles();
    double[] in = x.toDoubles();
    double[] y = block.forward(x, Mode.TRAIN).toDoubles();
    for (int i = 0; i < y.length; i++) {
      assertEquals(Math.tanh(body[i] + in[i]), y[i], 1e-14);
    }
  }

  @Test
  void shortcutTakesEverySecondPixelAndAddsChannels() {
    double[] values = new double[9];
    for (int i = 0; i < 9; i++) {
      values[i] = i + 1;
    }
    Tensor y = new PaddedShortcut(2, 1, 2).forward(session.tensor(values, 1, 1, 3, 3), Mode.TRAIN);
    assertArrayEquals(new int[] {1, 4, 2, 2}, y.shape());
    assertArrayEquals(new double[] {0, 0, 0, 0, 1, 3, 7, 9, 0, 0, 0, 0, 0, 0, 0, 0}, y.toDoubles());
  }

  @Test
  void flattenKeepsTheBatch() {
    Tensor x = session.zeros(2, 3, 4, 5);
    assertArrayEquals(new int[] {2, 60}, new Flatten().forward(x, Mode.TRAIN).shape());
    Tensor matrix = session.zeros(2, 3);
    assertSame(matrix, new Flatten().forward(matrix, Mode.TRAIN));
    assertNotSame(x, new Flatten().forward(x, Mode.TRAIN));
  }

  /** Layer by layer, which dropout makes necessary, is the same as all layers at once. */
  @Test
  void recurrentLayersOneByOne() {
    ParameterFactory a = new ParameterFactory(session, 5);
    ParameterFactory b = new ParameterFactory(session, 5);
    Lstm whole = Lstm.create(a, "rnn", 3, 4, 3, 0);
    Lstm rare = Lstm.create(b, "rnn", 3, 4, 3, 1e-12);
    Tensor x = session.normal(new int[] {5, 2, 3}, 1, 1);
    Tensor h = session.normal(new int[] {3, 2, 4}, 1, 2);
    Tensor c = session.normal(new int[] {3, 2, 4}, 1, 3);
    NeuralOps.RecurrentResult one = whole.forward(x, h, c, Mode.TRAIN);
    NeuralOps.RecurrentResult two = rare.forward(x, h, c, Mode.TRAIN);
    assertArrayEquals(one.output().toDoubles(), two.output().toDoubles(), 1e-11);
    assertArrayEquals(one.hidden().toDoubles(), two.hidden().toDoubles(), 1e-11);
    assertArrayEquals(
        one.cell().orElseThrow().toDoubles(), two.cell().orElseThrow().toDoubles(), 1e-11);
    Gru gru = Gru.create(new ParameterFactory(session, 6), "rnn", 3, 4, 2, 0);
    Gru rareGru = Gru.create(new ParameterFactory(session, 6), "rnn", 3, 4, 2, 1e-12);
    Tensor state = session.normal(new int[] {2, 2, 4}, 1, 4);
    assertArrayEquals(
        gru.forward(x, state, Mode.TRAIN).output().toDoubles(),
        rareGru.forward(x, state, Mode.TRAIN).output().toDoubles(),
        1e-11);
  }

  @Test
  void dropoutIsBetweenLayersOnly() {
    Lstm lstm = Lstm.create(factory, "rnn", 3, 4, 2, 0.5);
    Tensor x = session.normal(new int[] {5, 2, 3}, 1, 1);
    double[] once = lstm.forward(x, Mode.TRAIN).toDoubles();
    double[] twice = lstm.forward(x, Mode.TRAIN).toDoubles();
    assertTrue(Arrays.compare(once, twice) != 0);
    assertTrue(Arrays.stream(once).allMatch(v -> v != 0), "the output is not dropped");
    assertArrayEquals(
        lstm.forward(x, Mode.EVALUATE).toDoubles(), lstm.forward(x, Mode.EVALUATE).toDoubles());
    assertEquals("rnn.weight_hh_l1", names(lstm).get(5));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> lstm.forward(session.zeros(2, 3), Mode.TRAIN));
    assertTrue(e.getMessage().contains("steps, batch, inputs"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Gru.create(factory, "rnn", 3, 4, 0, 0));
  }

  @Test
  void aBatchNormOfNoNumberIsRefused() {
    BatchNorm2d norm = BatchNorm2d.create(factory, "bn", 2);
    for (double bad : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
      var momentum = assertThrows(IllegalArgumentException.class, () -> with(norm, bad, 1e-5));
      assertTrue(momentum.getMessage().contains("momentum is " + bad), momentum.getMessage());
      var eps = assertThrows(IllegalArgumentException.class, () -> with(norm, 0.1, bad));
      assertTrue(eps.getMessage().contains("eps is " + bad), eps.getMessage());
    }
  }

  private static BatchNorm2d with(BatchNorm2d norm, double momentum, double eps) {
    return new BatchNorm2d(
        norm.weight(), norm.bias(), norm.runningMean(), norm.runningVariance(), momentum, eps);
  }
}
