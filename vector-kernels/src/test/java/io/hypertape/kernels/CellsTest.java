package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.layers.Cells;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells against their formulas, derivatives against differences, all in double precision. */
@ParameterizedClass
@EnumSource(KernelMode.class)
class CellsTest {
  private static final int BATCH = 3;
  private static final double TINY = 1e-5;

  private final Kernels kernels;

  CellsTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** From the four sums and c: new c and h. */
  private static double[] lstm(double[] in) {
    double c = sigmoid(in[1]) * in[4] + sigmoid(in[0]) * Math.tanh(in[2]);
    return new double[] {sigmoid(in[3]) * Math.tanh(c), c};
  }

  /** From aᵣ, a_z, aₙ, uᵣ, u_z, uₙ and h: new h. */
  private static double[] gru(double[] in) {
    double z = sigmoid(in[1] + in[4]);
    double n = Math.tanh(in[2] + sigmoid(in[0] + in[3]) * in[5]);
    return new double[] {(1 - z) * n + z * in[6]};
  }

  private interface Cell {
    double[] of(double[] in);
  }

  /** Σ cotangent·(difference of the results) for each input. */
  private static double[] gradient(Cell cell, double[] in, double... cotangents) {
    double[] gradient = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      double[] more = in.clone();
      double[] less = in.clone();
      more[i] += TINY;
      less[i] -= TINY;
      double[] above = cell.of(more);
      double[] below = cell.of(less);
      for (int k = 0; k < cotangents.length; k++) {
        gradient[i] += cotangents[k] * (above[k] - below[k]) / (2 * TINY);
      }
    }
    return gradient;
  }

  private static Matrix gates(float[] x, int n, int gates) {
    return new Matrix(x, 1, BATCH, gates * n, gates * n + 5, 1);
  }

  private static Floats bias(float[] x) {
    return new Floats(x, 1, x.length - 1);
  }

  private static Floats state(float[] x) {
    return new Floats(x, 1, x.length - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 15, 16, 17, 33, 128})
  void lstmAgreesWithDoubles(int n) {
    int row = 4 * n + 5;
    float[] sums = Randoms.normal(BATCH * row + 1, 1);
    float[] bias = Randoms.normal(4 * n + 1, 2);
    float[] c = Randoms.normal(BATCH * n + 1, 3);
    float[] gates = sums.clone();
    float[] newC = new float[BATCH * n + 1];
    float[] tanhC = new float[BATCH * n + 1];
    float[] h = new float[BATCH * n + 1];
    var cell =
        new Cells.Lstm(
            gates(gates, n, 4), bias(bias), state(c), state(newC), state(tanhC), state(h));
    kernels.layers().lstmCell(cell).run();
    float[] dy = Randoms.normal(BATCH * n + 1, 4);
    float[] dh = Randoms.normal(BATCH * n + 1, 5);
    float[] dNewC = Randoms.normal(BATCH * n + 1, 6);
    float[] dc = dNewC.clone();
    float[] dGates = new float[BATCH * row + 1];
    var grad =
        new Cells.LstmGrad(
            cell.gates(),
            cell.c(),
            cell.tanhC(),
            state(dy),
            state(dh),
            state(dc),
            gates(dGates, n, 4));
    kernels.layers().lstmCellGrad(grad).run();
    for (int k = 1; k <= BATCH * n; k++) {
      int j = (k - 1) % n;
      int at = 1 + (k - 1) / n * row + j;
      double[] in = new double[5];
      for (int gate = 0; gate < 4; gate++) {
        in[gate] = (double) sums[at + gate * n] + bias[1 + gate * n + j];
      }
      in[4] = c[k];
      double[] out = lstm(in);
      Close.assertWithin(out[0], h[k], 1e-6, () -> "h of " + n);
      Close.assertWithin(out[1], newC[k], 2e-6, () -> "c of " + n);
      Close.assertWithin(Math.tanh(out[1]), tanhC[k], 2e-6, () -> "tanh c of " + n);
      double[] expected = gradient(CellsTest::lstm, in, (double) dy[k] + dh[k], dNewC[k]);
      for (int gate = 0; gate < 4; gate++) {
        Close.assertWithin(expected[gate], dGates[at + gate * n], 1e-5, () -> "gates of " + n);
      }
      Close.assertWithin(expected[4], dc[k], 1e-5, () -> "dc of " + n);
    }
    untouched(n, 4, sums, gates);
    untouched(n, 4, new float[dGates.length], dGates);
  }

  /** What lies between rows of gates is as before. */
  private static void untouched(int n, int gates, float[] before, float[] after) {
    for (int i = 0; i < before.length; i++) {
      if (i == 0 || (i - 1) % (gates * n + 5) >= gates * n) {
        assertEquals(before[i], after[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 15, 16, 17, 33, 128})
  void gruAgreesWithDoubles(int n) {
    int row = 3 * n + 5;
    float[] sums = Randoms.normal(BATCH * row + 1, 1);
    float[] products = Randoms.normal(BATCH * row + 1, 7);
    float[] bias = Randoms.normal(4 * n + 1, 2);
    float[] h = Randoms.normal(BATCH * n + 1, 3);
    float[] gates = sums.clone();
    float[] inner = new float[BATCH * n + 1];
    float[] newH = new float[BATCH * n + 1];
    var cell =
        new Cells.Gru(
            gates(gates, n, 3),
            gates(products, n, 3),
            bias(bias),
            state(inner),
            state(h),
            state(newH));
    kernels.layers().gruCell(cell).run();
    float[] dy = Randoms.normal(BATCH * n + 1, 4);
    float[] dNewH = Randoms.normal(BATCH * n + 1, 5);
    float[] dh = dNewH.clone();
    float[] dGates = new float[BATCH * row + 1];
    float[] dProducts = new float[BATCH * row + 1];
    var grad =
        new Cells.GruGrad(
            cell.gates(),
            cell.inner(),
            cell.h(),
            state(dy),
            state(dh),
            gates(dGates, n, 3),
            gates(dProducts, n, 3));
    kernels.layers().gruCellGrad(grad).run();
    for (int k = 1; k <= BATCH * n; k++) {
      int j = (k - 1) % n;
      int at = 1 + (k - 1) / n * row + j;
      double[] in = new double[7];
      for (int gate = 0; gate < 3; gate++) {
        in[gate] = (double) sums[at + gate * n] + bias[1 + gate * n + j];
        in[3 + gate] = products[at + gate * n];
      }
      in[5] += bias[1 + 3 * n + j];
      in[6] = h[k];
      Close.assertWithin(gru(in)[0], newH[k], 2e-6, () -> "h of " + n);
      Close.assertWithin(in[5], inner[k], 1e-6, () -> "inner of " + n);
      double[] expected = gradient(CellsTest::gru, in, (double) dy[k] + dNewH[k]);
      for (int gate = 0; gate < 3; gate++) {
        Close.assertWithin(expected[gate], dGates[at + gate * n], 1e-5, () -> "gates of " + n);
        Close.assertWithin(expected[3 + gate], dProducts[at + gate * n], 1e-5, () -> "u of " + n);
      }
      Close.assertWithin(expected[6], dh[k], 1e-5, () -> "dh of " + n);
    }
    untouched(n, 3, sums, gates);
    untouched(n, 3, new float[dGates.length], dGates);
    untouched(n, 3, new float[dProducts.length], dProducts);
  }
}
