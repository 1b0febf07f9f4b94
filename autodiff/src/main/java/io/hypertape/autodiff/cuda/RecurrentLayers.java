package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;

/** Recurrent layers over a sequence, by whoever does them. */
sealed interface RecurrentLayers permits GemmRecurrentLayers, CudnnRecurrentLayers {

  /** Elements kept for the backward pass. */
  int reserve(Recurrence form);

  void forward(Recurrence form, View[] in, View[] out);

  void gradient(Recurrence form, View[] in, View[] out);

  /** Number of states: h, and for an LSTM c. */
  static int states(Recurrence form) {
    return form.cell().hasCellState() ? 2 : 1;
  }

  /** Bytes of the states of one kind of all layers, or of one layer. */
  static long stateBytes(Recurrence form, int layers) {
    return (long) Float.BYTES * layers * form.batch() * form.hidden();
  }
}
