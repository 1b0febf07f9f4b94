package io.hypertape.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNetTest {

  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    session.close();
  }

  /** The paper's table 6: 0.27 M, 0.46 M, 0.85 M; exact numbers are PyTorch's. */
  @ParameterizedTest
  @CsvSource({"20,269722", "32,464154", "56,853018"})
  void hasThePapersNumberOfParameters(int depth, int expected) {
    ResNet model = ResNet.cifar(session, depth, 10, 1);
    assertEquals(expected, model.parameters().stream().mapToInt(p -> p.size()).sum());
    assertEquals("resnet" + depth, model.family());
    long layers = model.parameters().stream().filter(p -> p.shape().length > 1).count();
    assertEquals(depth, layers);
  }

  @Test
  void startsAsHeEtAlDo() {
    ResNet model = ResNet.cifar(session, 20, 10, 1);
    for (Parameter p : model.parameters()) {
      double[] w = p.value().toDoubles();
      if (p.shape().length == 4) {
        int fanIn = w.length / p.shape()[0];
        double square = Arrays.stream(w).map(x -> x * x).average().orElseThrow();
        assertEquals(2.0 / fanIn, square, 5 * 2.0 / fanIn * Math.sqrt(2.0 / w.length), p.name());
      } else if (p.name().contains("bn")) {
        double all = p.name().endsWith("weight") ? 1 : 0;
        assertTrue(Arrays.stream(w).allMatch(x -> x == all), p.name());
      }
    }
    float[] first = model.parameters().get(0).value().toFloats();
    assertArrayEquals(
        first, ResNet.cifar(session, 20, 10, 1).parameters().get(0).value().toFloats());
    assertTrue(
        Arrays.compare(
                first, ResNet.cifar(session, 20, 10, 2).parameters().get(0).value().toFloats())
            != 0);
  }

  @Test
  void givesLogProbabilitiesForImagesOfAnySize() {
    ResNet model = ResNet.create(session, new ResNetSpec(8, 1, 7), 1);
    try (Scope unused = session.scratch()) {
      Tensor output = model.forward(session.normal(new int[] {3, 1, 13, 10}, 1, 1), Mode.TRAIN);
      assertArrayEquals(new int[] {3, 7}, output.shape());
      for (double sum : output.exp().sum(1).toDoubles()) {
        assertEquals(1, sum, 1e-5);
      }
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> model.forward(session.zeros(3, 2, 8, 8), Mode.TRAIN));
      assertTrue(e.getMessage().contains("[3, 2, 8, 8]"), e.getMessage());
    }
  }

  @Test
  void otherDepthsAreRefused() {
    for (int depth : new int[] {2, 18, 40, -4}) {
      var e =
          assertThrows(IllegalArgumentException.class, () -> ResNet.cifar(session, depth, 10, 1));
      assertTrue(e.getMessage().contains("6n + 2"), e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> new ResNetSpec(20, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> new CnnSpec(1, 3, 28, 10));
  }
}
