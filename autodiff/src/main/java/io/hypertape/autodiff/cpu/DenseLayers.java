package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.View;
import io.hypertape.kernels.Kernels;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;

/** Takes the operands of dense layers apart for the kernels. */
final class DenseLayers {

  private static final DenseActivation[] ACTIVATIONS =
      new DenseActivation[Epilogue.values().length];

  static {
    for (Epilogue epilogue : Epilogue.values()) {
      ACTIVATIONS[epilogue.ordinal()] = DenseActivation.valueOf(epilogue.name());
    }
  }

  private final Kernels kernels;

  DenseLayers(Kernels kernels) {
    this.kernels = kernels;
  }

  static DenseActivation activation(Epilogue epilogue) {
    return ACTIVATIONS[epilogue.ordinal()];
  }

  Call affine(View x, View w, View bias, Epilogue epilogue, View out) {
    return kernels
        .products()
        .dense(
            ACTIVATIONS[epilogue.ordinal()],
            Operands.matrix(x),
            Operands.matrix(w).transposed(),
            Operands.floats(bias),
            Operands.matrix(out));
  }

  Call affineGrad(Epilogue epilogue, View cotangent, View output, View sums, View bias) {
    return kernels
        .products()
        .denseGrad(
            ACTIVATIONS[epilogue.ordinal()],
            Operands.matrix(cotangent),
            Operands.matrix(output),
            Operands.matrix(sums),
            Operands.floats(bias));
  }
}
