package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Recurrence;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;

/** Recurrent layers over sequences and their first derivatives. */
final class CpuRecurrence {

  private final RecurrentScratch scratch = new RecurrentScratch();
  private final Kernels kernels;

  CpuRecurrence(Kernels kernels) {
    this.kernels = kernels;
  }

  int reserve(Recurrence form) {
    return scratch.layout(form).size();
  }

  Call forward(Recurrence form, View[] in, View[] out) {
    return RecurrentForward.of(kernels, scratch, form, in, out);
  }

  Call backward(Recurrence form, View[] in, View[] out) {
    return RecurrentBackward.of(kernels, scratch, form, in, out);
  }
}
