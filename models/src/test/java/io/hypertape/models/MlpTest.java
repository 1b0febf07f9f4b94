package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MlpTest {

  private final Session session =
      Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(Precision.FLOAT64));

  private final Scope scope = session.scratch();

  @AfterEach
  void close() {
    scope.close();
    session.close();
  }

  /** One unit a layer: the formula by hand. */
  @Test
  void forwardIsTheFormula() {
    Mlp model =
        Mlp.of(
            session,
            new MlpSpec(List.of(2, 1, 2), List.of(Activation.TANH, Activation.RELU)),
            Map.of(
                "layer1.weight", new double[] {0.5, -1},
                "layer1.bias", new double[] {0.1},
                "layer2.weight", new double[] {2, -3},
                "layer2.bias", new double[] {0.3, 0.2}));
    double[] out =
        model.forward(session.tensor(new double[] {1, 0.25}, 1, 2), Mode.TRAIN).toDoubles();
    double hidden = Math.tanh(0.5 - 0.25 + 0.1);
    double first = Math.max(0, 2 * hidden + 0.3);
    double second = Math.max(0, -3 * hidden + 0.2);
    double log = Math.log(Math.exp(first) + Math.exp(second));
    assertEquals(first - log, out[0], 1e-14);
    assertEquals(second - log, out[1], 1e-14);
  }

  @Test
  void theStartIsPyTorchsLinear() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 5);
    assertEquals(
        List.of("layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias"),
        model.parameters().stream().map(Parameter::name).toList());
    for (Parameter p : model.parameters()) {
      double bound = 1 / Math.sqrt(p.name().startsWith("layer1") ? 784 : 128);
      double[] w = p.value().toDoubles();
      double largest = Arrays.stream(w).map(Math::abs).max().orElseThrow();
      assertTrue(largest <= bound && largest > 0.8 * bound, p.name() + ": " + largest);
      double mean = Arrays.stream(w).average().orElseThrow();
      assertEquals(0, mean, 5 * bound / Math.sqrt(3.0 * w.length));
      double square = Arrays.stream(w).map(x -> x * x).average().orElseThrow();
      assertEquals(bound * bound / 3, square, 5 * bound * bound * 0.3 / Math.sqrt(w.length));
    }
    double[] again =
        Mlp.create(session, MlpSpec.tanh(784, 128, 10), 5).parameters().get(2).value().toDoubles();
    assertEquals(0, Arrays.compare(again, model.parameters().get(2).value().toDoubles()));
    double[] other =
        Mlp.create(session, MlpSpec.tanh(784, 128, 10), 6).parameters().get(2).value().toDoubles();
    assertTrue(Arrays.compare(again, other) != 0);
  }

  @Test
  void otherInitializers() {
    int[] n = {40_000};
    double[] he = Initializer.heNormal().create(session, n, 1, 0, 50, 9).toDoubles();
    assertEquals(2 / 50.0, Arrays.stream(he).map(x -> x * x).average().orElseThrow(), 0.0015);
    double[] glorot = Initializer.glorotUniform().create(session, n, 1, 0, 50, 9).toDoubles();
    double bound = Math.sqrt(6 / 59.0);
    assertEquals(bound, Arrays.stream(glorot).map(Math::abs).max().orElseThrow(), 1e-3);
    assertEquals(
        3, Initializer.constant(3).create(session, new int[] {2}, 1, 0, 1, 1).toDoubles()[1]);
  }

  @Test
  void valuesMustFit() {
    MlpSpec form = MlpSpec.tanh(2, 1);
    var missing =
        assertThrows(
            IllegalArgumentException.class,
            () -> Mlp.of(session, form, Map.of("layer1.weight", new double[2])));
    assertTrue(missing.getMessage().contains("layer1.bias is missing"), missing.getMessage());
    var size =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Mlp.of(
                    session,
                    form,
                    Map.of("layer1.weight", new double[3], "layer1.bias", new double[1])));
    assertTrue(size.getMessage().contains("[1, 2] needs 2"), size.getMessage());
    assertThrows(IllegalArgumentException.class, () -> MlpSpec.tanh(5));
    assertThrows(IllegalArgumentException.class, () -> MlpSpec.tanh(5, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MlpSpec(List.of(1, 2, 3), List.of(Activation.TANH)));
    var unknown = assertThrows(IllegalArgumentException.class, () -> Activation.of("gelu"));
    assertEquals(
        "unknown activation 'gelu'; known are "
            + Arrays.stream(Activation.values())
                .map(Activation::toString)
                .collect(Collectors.joining(", ")),
        unknown.getMessage());
  }

  @Test
  void imagesAreFlattened() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(12, 3), 1);
    Tensor images = session.normal(new int[] {2, 3, 2, 2}, 1, 1);
    assertArrayEquals(
        model.forward(images.reshape(2, 12), Mode.TRAIN).toDoubles(),
        model.forward(images, Mode.EVALUATE).toDoubles());
  }

  @Test
  void aBatchOfTheWrongWidthIsNamed() {
    Mlp model = Mlp.create(session, MlpSpec.tanh(4, 3), 1);
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> model.forward(session.zeros(2, 5), Mode.TRAIN));
    assertTrue(e.getMessage().contains("[2, 5]"), e.getMessage());
  }

  @Test
  void losses() {
    Tensor logits = session.tensor(new double[] {1, 2, 0, -1}, 2, 2);
    Tensor labels = session.indices(1, 1);
    double expected = (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(1))) / 2;
    assertEquals(expected, Losses.crossEntropy(logits, labels).item(), 1e-14);
    assertEquals(expected, Losses.nll(logits.logSoftmax(), labels).item(), 1e-14);
    Tensor target = session.tensor(new double[] {1, 0, 0, 1}, 2, 2);
    assertEquals(2, Losses.meanSquaredError(logits, target).item(), 1e-14);
  }
}
