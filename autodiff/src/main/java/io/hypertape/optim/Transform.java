package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.DType;

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
  /**
   * Stored as ½·ln(y/(1−y)), effective (tanh r + 1)/2: stays between 0 and 1, neither of which it
   * reaches, however far r goes.
   */
  CLAMP {
    @Override
    public double raw(double effective) {
      return 0.5 * Math.log(effective / (1 - effective));
    }

    @Override
    public double effective(double raw) {
      return Math.clamp((Math.tanh(raw) + 1) / 2, 0x1p-53, 1 - 0x1p-53);
    }

    @Override
    Tensor effective(Tensor raw) {
      double most = Decay.belowOne(raw.dtype());
      return raw.tanh().add(1).mul(0.5).maximum(1 - most).minimum(most);
    }

    /**
     * In float32, whose numbers near 1 have too few digits, 1/(1 + e^2r); updates keep it from 0
     * and 1. In float64 what the paper's code computes, to the bit.
     */
    @Override
    Tensor complement(Tensor raw) {
      return raw.dtype() == DType.F64 ? super.complement(raw) : raw.mul(-2).sigmoid();
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

  /** 1 − the effective value. */
  Tensor complement(Tensor raw) {
    return effective(raw).neg().add(1);
  }
}
