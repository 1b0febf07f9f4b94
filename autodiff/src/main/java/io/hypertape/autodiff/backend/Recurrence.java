package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;

/**
 * The form of a stack of recurrent layers over a sequence.
 *
 * @param cell what a layer does at a step
 * @param layers their number, at least 1; each but the first reads the one below
 * @param steps length of the sequence, T
 * @param batch independent sequences, B
 * @param inputs features of the input, I
 * @param hidden features of every layer's output, H
 * @param oneHot whether each input vector is 1 at one feature and 0 elsewhere, and given as that
 *     feature's number
 */
public record Recurrence(
    Cell cell, int layers, int steps, int batch, int inputs, int hidden, boolean oneHot) {

  /**
   * What a layer computes at a step, from its input x and its state h. Gates as PyTorch has them.
   */
  public enum Cell {
    /**
     * Long short-term memory (Hochreiter, Schmidhuber 1997; with forget gate, Gers et al. 2000).
     * Gates in the order i, f, g, o: c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c'), with (i, f, g,
     * o) = x·Wᵢₕᵀ + bᵢₕ + h·Wₕₕᵀ + bₕₕ.
     */
    LSTM(4),
    /**
     * Gated recurrent unit (Cho et al. 2014), in cuDNN's and PyTorch's form. Gates in the order r,
     * z, n: r = σ(aᵣ), z = σ(a_z), n = tanh(x·Wₙᵀ + bₙ + r·(h·Uₙᵀ + uₙ)), h' = (1−z)·n + z·h.
     */
    GRU(3);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }

    /**
     * Number of gates.
     *
     * @return 4 for an LSTM, 3 for a GRU
     */
    public int gates() {
      return gates;
    }

    /**
     * Whether there is a cell state c beside h.
     *
     * @return true for an LSTM
     */
    public boolean hasCellState() {
      return this == LSTM;
    }
  }

  /** Checks the numbers. */
  public Recurrence {
    Nulls.check(cell, "recurrence: cell");
    if (layers < 1 || steps < 1 || batch < 1 || inputs < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "recurrence: "
              + layers
              + " layers, "
              + steps
              + " steps, batch "
              + batch
              + ", "
              + inputs
              + " inputs, "
              + hidden
              + " hidden units; each must be at least 1");
    }
  }

  /**
   * Layers that read vectors of features.
   *
   * @param cell what a layer does at a step
   * @param layers their number
   * @param steps length of the sequence, T
   * @param batch independent sequences, B
   * @param inputs features of the input, I
   * @param hidden features of every layer's output, H
   */
  public Recurrence(Cell cell, int layers, int steps, int batch, int inputs, int hidden) {
    this(cell, layers, steps, batch, inputs, hidden, false);
  }

  /**
   * Features that a layer reads.
   *
   * @param layer its number, from 0
   * @return inputs for the first, hidden for the others
   */
  public int inputsOf(int layer) {
    return layer == 0 ? inputs : hidden;
  }
}
