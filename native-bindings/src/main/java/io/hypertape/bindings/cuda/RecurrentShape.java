package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudnn.Cudnn;

/**
 * A stack of recurrent layers over sequences of one length, time before batch: x [steps, batch,
 * inputs], y [steps, batch, hidden], states [layers, batch, hidden].
 *
 * @param cell what a layer does at a step
 * @param layers their number
 * @param steps length of the sequences
 * @param batch independent sequences
 * @param inputs features of the input
 * @param hidden features of every layer's output
 */
public record RecurrentShape(Cell cell, int layers, int steps, int batch, int inputs, int hidden) {

  /** Longest sequences that cuDNN takes. */
  public static final int LONGEST = 65535;

  /** Kinds of layers. */
  public enum Cell {
    /** Gates in the order input, forget, cell, output; two biases. */
    LSTM(Cudnn.CUDNN_LSTM(), 4),
    /** Gates in the order reset, update, new; two biases. */
    GRU(Cudnn.CUDNN_GRU(), 3);

    private final int mode;
    private final int gates;

    Cell(int mode, int gates) {
      this.mode = mode;
      this.gates = gates;
    }

    int mode() {
      return mode;
    }

    int gates() {
      return gates;
    }
  }

  int inputsOf(int layer) {
    return layer == 0 ? inputs : hidden;
  }
}
