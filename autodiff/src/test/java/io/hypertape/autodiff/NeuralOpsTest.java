package io.hypertape.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.tensor.Convolution;
import io.hypertape.tensor.Pooling;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small cases worked out by hand, and errors. */
class NeuralOpsTest {

  private Session session;
  private Tape tape;

  @BeforeEach
  void open() {
    session = Session.open(Device.REFERENCE);
    tape = session.tape();
  }

  @AfterEach
  void close() {
    tape.close();
    session.close();
  }

  private Tensor zeros(int... shape) {
    return session.zeros(shape);
  }

  /** 0, 1, 2, … */
  private Tensor range(int... shape) {
    double[] values = new double[Shapes.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return session.tensor(values, shape);
  }

  private static void refused(String part, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void slicesPadsAndJoins() {
    Tensor x = range(3, 4);
    assertArrayEquals(new double[] {1, 2, 5, 6, 9, 10}, x.slice(1, 1, 3).toDoubles());
    assertArrayEquals(
        new double[] {0, 3, 8, 11}, x.slice(-1, 0, 4, 3).slice(0, 0, 3, 2).toDoubles());
    assertArrayEquals(new int[] {0, 4}, x.slice(0, 3, 3).shape());
    assertArrayEquals(new double[0], x.slice(0, 3, 3).toDoubles());
    assertSame(x, x.slice(0, 0, 3));
    assertSame(x, x.pad(0, 0, 0));
    assertArrayEquals(
        new double[] {0, 0, 1, 0, 2, 3, 0, 4, 5}, range(3, 2).pad(1, 1, 0).toDoubles());
    assertArrayEquals(new int[] {2, 0, 3}, zeros(1, 0, 3).pad(0, 0, 1).shape());
    Tensor joined = Tensor.concat(1, List.of(range(2, 1), range(2, 2), zeros(2, 0)));
    assertArrayEquals(new double[] {0, 0, 1, 1, 2, 3}, joined.toDoubles());
    assertArrayEquals(new int[] {5, 6}, session.indices(4, 5, 6, 8).slice(0, 1, 3).toInts());
  }

  @Test
  void partsThatAreNotThereAreRefused() {
    Tensor x = range(3, 4);
    refused("0 ≤ from ≤ to ≤ 4", () -> x.slice(1, 2, 5));
    refused("0 ≤ from ≤ to ≤ 3", () -> x.slice(0, -1, 2));
    refused("a step of at least 1", () -> x.slice(0, 0, 2, 0));
    refused("axis 2 is outside", () -> x.slice(2, 0, 1));
    refused("gaps would be left", () -> session.indices(1, 2, 3).slice(0, 0, 3, 2));
    refused("0 or more are needed", () -> x.pad(0, -1, 0));
    refused("I32", () -> session.indices(1, 2).pad(0, 1, 1));
    refused("at least one", () -> Tensor.concat(0, List.of()));
    refused("may differ along axis 0 only", () -> Tensor.concat(0, List.of(x, range(3, 5))));
    refused("may differ along axis 0 only", () -> Tensor.concat(0, List.of(x, range(4))));
  }

  @Test
  void convolutionByHand() {
    Tensor x = range(1, 1, 3, 3);
    Tensor w = session.tensor(new double[] {1, 0, 0, -1}, 1, 1, 2, 2);
    // Each window's first element less its last: always −4, and less where padding is seen.
    assertArrayEquals(
        new double[] {-4, -4, -4, -4},
        NeuralOps.convolution(x, w, Convolution.of(1, 0)).toDoubles());
    assertArrayEquals(
        new double[] {0, -2, -6, -4},
        NeuralOps.convolution(x, w, new Convolution(2, 2, 1, 1, 1, 1, 1)).toDoubles());
  }

  @Test
  void convolutionsThatDoNotFitAreRefused() {
    Tensor x = zeros(2, 4, 5, 5);
    Tensor w = zeros(6, 4, 3, 3);
    Convolution plain = Convolution.of(1, 0);
    refused("images [batch, channels, height, width]", () -> conv(zeros(4, 5, 5), w, plain));
    refused("filters [filters, channels/groups", () -> conv(x, zeros(6, 4, 3), plain));
    refused("1 times the filters'", () -> conv(x, zeros(6, 3, 3, 3), plain));
    refused(
        "a multiple of 4", () -> conv(x, zeros(6, 1, 3, 3), new Convolution(1, 1, 0, 0, 1, 1, 4)));
    refused("no window fits", () -> conv(x, zeros(6, 4, 6, 3), plain));
    refused("no window fits", () -> conv(x, zeros(6, 4, 0, 3), plain));
    refused("stride 0", () -> Convolution.of(0, 1));
    assertArrayEquals(new int[] {0, 6, 3, 3}, conv(zeros(0, 4, 5, 5), w, plain).shape());
  }

  private static Tensor conv(Tensor x, Tensor w, Convolution form) {
    return NeuralOps.convolution(x, w, form);
  }

  @Test
  void poolingByHand() {
    Tensor x = tape.watch(range(1, 1, 4, 4));
    Tensor y = NeuralOps.maxPool(x, Pooling.of(2));
    assertArrayEquals(new double[] {5, 7, 13, 15}, y.toDoubles());
    double[] gradient = tape.gradient(y.mul(y).sum(), List.of(x)).get(0).toDoubles();
    double[] expected = new double[16];
    for (int i : new int[] {5, 7, 13, 15}) {
      expected[i] = 2 * i;
    }
    assertArrayEquals(expected, gradient);
    assertArrayEquals(
        new double[] {2.5, 4.5, 10.5, 12.5}, NeuralOps.averagePool(x, Pooling.of(2)).toDoubles());
    assertArrayEquals(new double[] {7.5}, NeuralOps.globalAveragePool(x).toDoubles());
    refused("do not fit", () -> NeuralOps.maxPool(x, Pooling.of(5)));
    refused("images", () -> NeuralOps.averagePool(range(4, 4), Pooling.of(2)));
    refused("images", () -> NeuralOps.globalAveragePool(range(4, 4)));
    refused("padding 2×0", () -> new Pooling(3, 3, 1, 1, 2, 0));
  }

  /** Only the first of equal elements gets a gradient, as the kernels take it. */
  @Test
  void tiesGoToTheFirst() {
    Tensor x = tape.watch(zeros(1, 1, 2, 2));
    Tensor y = NeuralOps.maxPool(x, Pooling.of(2));
    assertArrayEquals(
        new double[] {1, 0, 0, 0}, tape.gradient(y.sum(), List.of(x)).get(0).toDoubles());
  }

  @Test
  void batchNormByHand() {
    Tensor x = tape.watch(session.tensor(new double[] {1, 10, 3, 20, 5, 30, 7, 40}, 4, 2));
    Tensor gamma = session.tensor(new double[] {1, 2}, 2);
    Tensor beta = session.tensor(new double[] {0, 5}, 2);
    NeuralOps.BatchNorm result = NeuralOps.batchNorm(x, gamma, beta, 1e-12);
    assertArrayEquals(new double[] {4, 25}, result.mean().toDoubles(), 1e-12);
    assertArrayEquals(new double[] {5, 125}, result.variance().toDoubles(), 1e-9);
    double unit = 1 / Math.sqrt(5);
    assertArrayEquals(
        new double[] {
          -3 * unit, 5 - 6 * unit, -unit, 5 - 2 * unit, unit, 5 + 2 * unit, 3 * unit, 5 + 6 * unit
        },
        result.y().toDoubles(),
        1e-9);
    assertFalse(result.mean().isTracked());
    assertFalse(result.variance().isTracked());
    assertTrue(result.y().isTracked());
    refused("gamma has shape [3]; [2] is needed", () -> NeuralOps.batchNorm(x, zeros(3), beta, 1));
    refused("beta has shape [2, 1]", () -> NeuralOps.batchNorm(x, gamma, zeros(2, 1), 1));
    refused("eps is 0", () -> NeuralOps.batchNorm(x, gamma, beta, 0));
    refused("or [batch, channels]", () -> NeuralOps.batchNorm(zeros(2), gamma, beta, 1));
    refused("nothing to take a mean of", () -> NeuralOps.batchNorm(zeros(0, 2), gamma, beta, 1));
    refused(
        "variance has shape [3]", () -> NeuralOps.normalize(x, gamma, beta, zeros(2), zeros(3), 1));
  }

  @Test
  void embeddingByHand() {
    Tensor table = tape.watch(range(3, 2));
    Tensor rows = NeuralOps.embedding(table, session.indices(2, 0, 2));
    assertArrayEquals(new double[] {4, 5, 0, 1, 4, 5}, rows.toDoubles());
    assertArrayEquals(
        new double[] {1, 1, 0, 0, 2, 2},
        tape.gradient(rows.sum(), List.of(table)).get(0).toDoubles());
    refused("a matrix [rows, columns]", () -> NeuralOps.embedding(range(3), session.indices(0)));
    refused("I32[n] is needed", () -> NeuralOps.embedding(table, range(2)));
    assertThrows(
        IndexOutOfBoundsException.class, () -> NeuralOps.embedding(table, session.indices(3)));
  }

  @Test
  void dropoutScalesWhatItKeeps() {
    DropoutCounter counter = new DropoutCounter(session, 5);
    Tensor x = tape.watch(session.full(new int[] {1000}, 3));
    Tensor y = NeuralOps.dropout(x, 0.25, counter);
    double kept = 0;
    double[] values = y.toDoubles();
    for (double value : values) {
      assertTrue(value == 0 || Math.abs(value - 4) < 1e-12, Double.toString(value));
      kept += value == 0 ? 0 : 1;
    }
    assertEquals(750, kept, 70);
    double[] gradient = tape.gradient(y.sum(), List.of(x)).get(0).toDoubles();
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i] / 3, gradient[i], 1e-12);
    }
    assertEquals(1, counter.count());
    double[] next = NeuralOps.dropout(x, 0.25, counter).toDoubles();
    assertFalse(java.util.Arrays.equals(values, next));
    counter.set(0);
    assertArrayEquals(values, NeuralOps.dropout(x, 0.25, counter).toDoubles());
    assertEquals(5, counter.seed());
    assertSame(x, NeuralOps.dropout(x, 0, counter));
    assertEquals(1, counter.count(), "nothing was drawn");
    refused("below 1", () -> NeuralOps.dropout(x, 1, counter));
    refused("below 1", () -> NeuralOps.dropout(x, Double.NaN, counter));
    refused("would fit", () -> counter.set(-1));
    counter.set(0xFFFFFFFFL);
    assertEquals(0xFFFFFFFFL, counter.count());
    NeuralOps.dropout(x, 0.5, counter);
    assertEquals(0, counter.count());
  }

  /** With all weights 0, gates are ½ and candidates 0: c = c₀/2ᵗ, h = tanh(c)/2; GRU: h = h₀/2ᵗ. */
  @Test
  void recurrentLayersByHand() {
    Tensor x = range(2, 1, 3);
    Tensor h0 = session.full(new int[] {1, 1, 2}, 4);
    NeuralOps.RecurrentResult lstm =
        NeuralOps.lstm(
            x,
            h0,
            session.full(new int[] {1, 1, 2}, 8),
            List.of(zeros(8, 3), zeros(8, 2), zeros(8), zeros(8)));
    assertArrayEquals(new double[] {2, 2}, lstm.cell().orElseThrow().toDoubles(), 1e-12);
    double last = Math.tanh(2) / 2;
    assertArrayEquals(new double[] {last, last}, lstm.hidden().toDoubles(), 1e-12);
    double first = Math.tanh(4) / 2;
    assertArrayEquals(new double[] {first, first, last, last}, lstm.output().toDoubles(), 1e-12);
    NeuralOps.RecurrentResult gru =
        NeuralOps.gru(x, h0, List.of(zeros(6, 3), zeros(6, 2), zeros(6), zeros(6)));
    assertArrayEquals(new double[] {2, 2, 1, 1}, gru.output().toDoubles(), 1e-12);
    assertTrue(gru.cell().isEmpty());
  }

  @Test
  void recurrentLayersThatDoNotFitAreRefused() {
    Tensor x = zeros(2, 1, 3);
    Tensor h = zeros(1, 1, 2);
    List<Tensor> weights = List.of(zeros(6, 3), zeros(6, 2), zeros(6), zeros(6));
    refused("Wih, Whh, bih and bhh", () -> NeuralOps.gru(x, h, List.of()));
    refused("Wih, Whh, bih and bhh", () -> NeuralOps.gru(x, h, weights.subList(0, 3)));
    refused("x [steps, batch, inputs]", () -> NeuralOps.gru(zeros(2, 3), h, weights));
    refused("h0 has shape [2, 1, 2]; [1, 1, 2]", () -> NeuralOps.gru(x, zeros(2, 1, 2), weights));
    refused("c0 has shape", () -> NeuralOps.lstm(x, h, zeros(1, 2, 2), weights));
    refused("Wih of layer 0 has shape [6, 3]", () -> NeuralOps.lstm(x, h, h, weights));
    refused(
        "Whh of layer 0",
        () -> NeuralOps.gru(x, h, List.of(zeros(6, 3), zeros(6, 3), zeros(6), zeros(6))));
    Tensor table = zeros(2, 3);
    refused(
        "embedding: index is F64[4]; dense I32[n] is needed",
        () -> NeuralOps.embeddedGru(table, zeros(4), h, weights));
    Tensor three = session.indices(0, 1, 1);
    refused(
        "gru: 3 rows are no whole number of steps for a batch of 2",
        () -> NeuralOps.embeddedGru(table, three, zeros(1, 2, 2), weights));
    refused(
        "Wih of layer 0 has shape [6, 3]; [6, 4]",
        () -> NeuralOps.embeddedGru(zeros(2, 4), three, h, weights));
    refused("c0 has shape", () -> NeuralOps.embeddedLstm(table, three, h, zeros(1, 2, 2), weights));
    refused("0 steps", () -> NeuralOps.gru(zeros(0, 1, 3), h, weights));
  }
}
