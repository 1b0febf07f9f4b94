package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Recurrence;

/**
 * What {@link GemmRecurrentLayers} keeps of each layer, one kind after the other: four numbers a
 * unit and step, an LSTM's cell states, and the outputs but for the last layer's, which the caller
 * keeps.
 *
 * @param form the layers
 * @param address of the whole
 */
record KeptSteps(Recurrence form, long address) {

  private static final int NUMBERS = 4;

  private static long sequence(Recurrence form) {
    return Math.multiplyExact(RecurrentLayers.stateBytes(form, 1), (long) form.steps());
  }

  static long bytes(Recurrence form) {
    int kinds = form.layers() * (NUMBERS + (form.cell().hasCellState() ? 1 : 0));
    return Math.multiplyExact(sequence(form), (long) kinds + form.layers() - 1);
  }

  /** [steps, batch, 4·hidden]. */
  long gates(int layer) {
    return address + layer * NUMBERS * sequence(form);
  }

  /** [steps, batch, hidden], of an LSTM. */
  long cells(int layer) {
    return address + (form.layers() * NUMBERS + layer) * sequence(form);
  }

  /** [steps, batch, hidden], of all layers but the last. */
  long outputs(int layer) {
    int before = form.layers() * (NUMBERS + (form.cell().hasCellState() ? 1 : 0));
    return address + (before + layer) * sequence(form);
  }
}
