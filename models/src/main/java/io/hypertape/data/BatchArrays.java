package io.hypertape.data;

import java.util.Arrays;

/** The arrays of a batch: inputs, and classes or numbers, and weights if examples have some. */
final class BatchArrays {

  private final int rows;
  private final int outputs;
  private final float[] inputs;
  private final int[] labels;
  private final float[] targets;
  private final float[] weights;

  private BatchArrays(
      int rows, int outputs, float[] inputs, int[] labels, float[] targets, float[] weights) {
    this.rows = rows;
    this.outputs = outputs;
    this.inputs = inputs;
    this.labels = labels;
    this.targets = targets;
    this.weights = weights;
  }

  /** Room for a number of a set's examples. */
  static BatchArrays of(Dataset data, int rows) {
    boolean classes = data.targets() instanceof Targets.Classes;
    int outputs = data.targets().outputs();
    return new BatchArrays(
        rows,
        outputs,
        new float[Math.multiplyExact(rows, data.features())],
        new int[classes ? rows : 0],
        new float[classes ? 0 : Math.multiplyExact(rows, outputs)],
        new float[data.isWeighted() ? rows : 0]);
  }

  /** Room for as much again. */
  BatchArrays alike() {
    return new BatchArrays(
        rows,
        outputs,
        new float[inputs.length],
        new int[labels.length],
        new float[targets.length],
        new float[weights.length]);
  }

  int rows() {
    return rows;
  }

  /** [rows, features]. */
  float[] inputs() {
    return inputs;
  }

  /** [rows]; empty if numbers or labels are to be foretold. */
  int[] labels() {
    return labels;
  }

  /** [rows, outputs]; empty if classes are to be foretold. */
  float[] targets() {
    return targets;
  }

  /** [rows]; empty if all count alike. */
  float[] weights() {
    return weights;
  }

  /** The first rows, in arrays of exactly their size. */
  BatchArrays first(int count) {
    return count == rows
        ? this
        : new BatchArrays(
            count,
            outputs,
            Arrays.copyOf(inputs, part(inputs.length, count)),
            Arrays.copyOf(labels, part(labels.length, count)),
            Arrays.copyOf(targets, part(targets.length, count)),
            Arrays.copyOf(weights, part(weights.length, count)));
  }

  private int part(int length, int count) {
    return length / rows * count;
  }

  /** Copies what is to be foretold of an example, and how much it counts. */
  void putTarget(int row, Dataset data, int example) {
    if (targets.length == 0) {
      labels[row] = data.label(example);
      if (labels[row] < 0 || labels[row] >= outputs) {
        throw wrong(data, example, "class " + labels[row], "0 to " + (outputs - 1));
      }
    } else {
      data.copyTarget(example, targets, row * outputs);
    }
    if (weights.length > 0) {
      weights[row] = data.weight(example);
      if (!(weights[row] >= 0) || Float.isInfinite(weights[row])) {
        throw wrong(data, example, "weight " + weights[row], "a finite number of 0 or more");
      }
    }
  }

  /** What a set of somebody's own says of an example may be nonsense. */
  private static IllegalArgumentException wrong(
      Dataset data, int example, String what, String fits) {
    return new IllegalArgumentException(
        data.name() + ": example " + example + " has the " + what + "; " + fits + " would fit");
  }
}
