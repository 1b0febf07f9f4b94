package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;

/** Whether running means that begin at 0 are corrected for it, as {@link Adam} does. */
public enum BiasCorrection {
  /** They are taken as they are. */
  OFF,
  /** The step size is multiplied by √(1 − β₂^t)/(1 − β₁^t), t counting from 1. */
  ON;

  static final String NAME = "bias";

  /** From an argument in a tower's text. */
  static BiasCorrection of(String optimizer, double argument) {
    return Arguments.flag(optimizer, NAME, argument) ? ON : OFF;
  }

  double argument() {
    return ordinal();
  }

  /** A step size with its correction by an update's β₁ and β₂, which are read only if it is on. */
  Tensor of(Tensor stepSize, Update u) {
    return this == OFF
        ? stepSize
        : of(stepSize, Decay.rest(u.complement("beta1")), Decay.rest(u.complement("beta2")), u.t());
  }

  /** A step size with its correction. */
  Tensor of(Tensor stepSize, Tensor rest1, Tensor rest2, Tensor t) {
    return this == OFF
        ? stepSize
        : stepSize.mul(Decay.correction(rest2, t).sqrt().div(Decay.correction(rest1, t)));
  }
}
