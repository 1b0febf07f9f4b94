package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;

/** What recurrent layers need while they run; grows to the largest form. */
final class RecurrentScratch {

  private RecurrentLayout layout;

  /** A weight turned around [H, gateRow], or its gradient [I, gateRow]. */
  float[] turned = {};

  /** The first layer's weight of a one-hot input, turned around [I, gateRow]. */
  float[] features = {};

  /** Biases of a layer, 4·H. */
  float[] bias = {};

  /** A GRU's products with the state [B, gateRow]. */
  float[] products = {};

  /** Cotangents of what products with the input gave [T·B, gateRow]. */
  float[] dGates = {};

  /** For a GRU the same of products with the state. */
  float[] dProducts = {};

  /** Sums of a step's cotangents over the batch [G·H]. */
  float[] stepSums = {};

  /** The same of the steps so far, of products with the input and with the state. */
  double[] inputSums = {};

  double[] stateSums = {};

  /** Cotangent of the output of a layer below the top [T, B, H]. */
  float[] dOutput = {};

  RecurrentLayout layout(Recurrence form) {
    if (layout == null || !layout.form().equals(form)) {
      layout = new RecurrentLayout(form);
    }
    return layout;
  }

  /** Makes room for a form's forward pass. */
  RecurrentLayout forward(Recurrence form) {
    RecurrentLayout at = layout(form);
    turned = atLeast(turned, Math.max(form.inputs(), form.hidden()), at.gateRow());
    bias = atLeast(bias, 4, form.hidden());
    if (form.oneHot()) {
      features = atLeast(features, form.inputs(), at.gateRow());
    }
    if (!form.cell().hasCellState()) {
      products = atLeast(products, form.batch(), at.gateRow());
    }
    return at;
  }

  /** Makes room for its gradient. */
  RecurrentLayout backward(Recurrence form) {
    RecurrentLayout at = layout(form);
    turned = atLeast(turned, Math.max(form.inputs(), form.hidden()), at.gateRow());
    dGates = atLeast(dGates, at.rows(), at.gateRow());
    stepSums = atLeast(stepSums, 1, at.gateRow());
    if (inputSums.length < at.gateRow()) {
      inputSums = new double[at.gateRow()];
      stateSums = new double[at.gateRow()];
    }
    if (!form.cell().hasCellState()) {
      dProducts = atLeast(dProducts, at.rows(), at.gateRow());
    }
    if (form.layers() > 1) {
      dOutput = atLeast(dOutput, at.rows(), form.hidden());
    }
    return at;
  }

  /** Calls made before keep what they had: it is doubled, so that this is not much in all. */
  private static float[] atLeast(float[] array, int rows, int cols) {
    int size = Math.multiplyExact(rows, cols);
    return array.length >= size ? array : new float[Math.max(size, 2 * array.length)];
  }
}
