package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;

/**
 * How a hyperparameter is stored: descent moves the raw value, the update uses the effective one,
 * so that no step can leave the range where it means something (paper, section 2.3).
 */
public enum Transform {
  /** Stored as it is. */
  IDENTITY {
    @Override
    public double raw(double effective) {
      return effective;
    }

    @Override
    public double effective(double raw) {
      return raw;
    }

    @Override
    Tensor effective(Tensor raw) {
      return raw;
    }
  },
  /** Stored as its square root: stays non-negative. */
  SQUARE {
    @Override
    public double raw(double effective) {
      return Math.sqrt(effective);
    }

    @Override
    public double effective(double raw) {
      return raw * raw;
    }

    @Override
    Tensor effective(Tensor raw) {
      return raw.square();
    }
  },
  /** Stored as ½·ln(y/(1−y)), effective (tanh r + 1)/2: stays between 0 and 1. */
  CLAMP {
    @Override
    public double raw(double effective) {
      return 0.5 * Math.log(effective / (1 - effective));
    }

    @Override
    public double effective(double raw) {
      return (Math.tanh(raw) + 1) / 2;
    }

    @Override
    Tensor effective(Tensor raw) {
      return raw.tanh().add(1).mul(0.5);
    }
  };

  /**
   * Inverse of {@link #effective(double)}.
   *
   * @param effective the value as used
   * @return the value as stored
   */
  public abstract double raw(double effective);

  /**
   * The meaning of a stored value.
   *
   * @param raw the value as stored
   * @return the value as used
   */
  public abstract double effective(double raw);

  abstract Tensor effective(Tensor raw);
}
