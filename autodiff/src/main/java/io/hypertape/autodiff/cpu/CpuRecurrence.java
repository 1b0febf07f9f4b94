package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;

/** Recurrent layers over sequences and their first derivatives. */
final class CpuRecurrence {

  private final RecurrentScratch scratch = new RecurrentScratch();
  private final RecurrentForward forward;
  private final RecurrentBackward backward;

  CpuRecurrence(Kernels kernels) {
    this.forward = new RecurrentForward(kernels, scratch);
    this.backward = new RecurrentBackward(kernels, scratch);
  }

  int reserve(Recurrence form) {
    return scratch.layout(form).size();
  }

  /** Before a call is recorded: its replay shall find room. */
  void prepare(Recurrence form) {
    scratch.forward(form);
  }

  /** The same for the gradient. */
  void prepareGrad(Recurrence form) {
    scratch.backward(form);
  }

  void forward(Recurrence form, View[] in, View[] out) {
    forward.run(form, in, out);
  }

  void backward(Recurrence form, View[] in, View[] out) {
    backward.run(form, in, out);
  }
}
