package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Locale;

/**
 * Where the reserve holds what a recurrent layer's gradient needs: for each layer its gates [T·B,
 * gateRow], cell states and their tanh (LSTM) or the candidate's inner term (GRU), [T, B, H] each,
 * and, below the top layer, whose output is the result, its output [T, B, H].
 */
final class RecurrentLayout {

  /** Rows at multiples of this fall into the same cache sets, and gemm would copy them. */
  private static final int CACHE_SETS = 512;

  private static final int CACHE_LINE = 16;

  /** Steps from which on it pays to turn a weight around once rather than in each product. */
  private static final int TURN = 4;

  private final Recurrence form;
  private final int gateRow;
  private final int size;

  RecurrentLayout(Recurrence form) {
    long gates = (long) form.cell().gates() * form.hidden();
    long row = gates % CACHE_SETS == 0 ? gates + CACHE_LINE : gates;
    double layer =
        (double) form.steps()
            * form.batch()
            * (row + (form.cell().hasCellState() ? 3L : 2L) * form.hidden());
    double all = form.layers() * layer - (double) form.steps() * form.batch() * form.hidden();
    if (all > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "recurrence: %s keeps %.0f elements for its gradient, more than an array holds;"
                  + " shorter sequences, smaller batches or fewer layers fit",
              form,
              all));
    }
    this.form = form;
    this.gateRow = (int) row;
    this.size = (int) all;
  }

  Recurrence form() {
    return form;
  }

  boolean lstm() {
    return form.cell().hasCellState();
  }

  /** Whether the state's weight is turned around once for all steps. */
  boolean turns() {
    return form.steps() >= TURN;
  }

  /** Elements of the reserve. */
  int size() {
    return size;
  }

  /** Rows of a sequence: T·B. */
  int rows() {
    return form.steps() * form.batch();
  }

  /** Length of a row of gates: G·H. */
  int gates() {
    return form.cell().gates() * form.hidden();
  }

  /** Distance of rows of gates. */
  int gateRow() {
    return gateRow;
  }

  /** Elements of a state: B·H. */
  int state() {
    return form.batch() * form.hidden();
  }

  /** Where a layer's part begins. */
  private int begin(int layer) {
    return layer * (rows() * gateRow + (lstm() ? 3 : 2) * form.steps() * state());
  }

  /** Gates of a layer [T·B, G·H]. */
  Matrix gatesOf(View reserve, int layer) {
    int offset = reserve.offset() + begin(layer);
    return new Matrix(CpuBackend.floats(reserve), offset, rows(), gates(), gateRow, 1);
  }

  /** A layer's sequences of states behind its gates [T·B, H]. */
  private Matrix sequence(View reserve, int layer, int k) {
    int behind = rows() * gateRow + k * form.steps() * state();
    int offset = reserve.offset() + begin(layer) + behind;
    return Matrix.dense(CpuBackend.floats(reserve), offset, rows(), form.hidden());
  }

  /** Cell states of an LSTM's layer. */
  Matrix statesOf(View reserve, int layer) {
    return sequence(reserve, layer, 0);
  }

  /** Their tanh. */
  Matrix tanhOf(View reserve, int layer) {
    return sequence(reserve, layer, 1);
  }

  /** Inner terms of a GRU's layer. */
  Matrix innerOf(View reserve, int layer) {
    return sequence(reserve, layer, 0);
  }

  /** Output of a layer below the top. */
  Matrix outputOf(View reserve, int layer) {
    return sequence(reserve, layer, lstm() ? 2 : 1);
  }

  /** Operands of {@code recurrent} before the first layer's weights: x, h₀ and for an LSTM c₀. */
  int operands() {
    return lstm() ? 3 : 2;
  }

  /** Where the four weights of a layer begin among the operands of {@code recurrent}. */
  int weights(int layer) {
    return operands() + 4 * layer;
  }
}
