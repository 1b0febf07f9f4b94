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
      return 0.5 * StrictMath.log(effective / (1 - effective));
    }

    @Override
    public double effective(double raw) {
      return Math.clamp((StrictMath.tanh(raw) + 1) / 2, 0x1p-53, 1 - 0x1p-53);
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
  },
  /**
   * Stored as its natural logarithm, for what is above 0: equal steps change it by equal factors,
   * whatever its magnitude.
   */
  EXP {
    @Override
    public double raw(double effective) {
      return effective > 0 ? StrictMath.log(effective) : Double.NaN;
    }

    @Override
    public double effective(double raw) {
      return StrictMath.exp(raw);
    }

    @Override
    Tensor effective(Tensor raw) {
      return raw.exp();
    }

    /** With all digits near 0, where the value is near 1. */
    @Override
    Tensor complement(Tensor raw) {
      return Decay.oneLessExp(raw);
    }
  },
  /**
   * Stored as ln(y/(1−y)), for fractions: stays between 0 and 1, neither of which it reaches,
   * however far the stored value goes. Twice what {@link #CLAMP} stores, and in float32 a small
   * fraction keeps its digits.
   */
  LOGIT {
    @Override
    public double raw(double effective) {
      return effective > 0 && effective < 1
          ? StrictMath.log(effective) - StrictMath.log1p(-effective)
          : Double.NaN;
    }

    @Override
    public double effective(double raw) {
      return Math.clamp(1 / (1 + StrictMath.exp(-raw)), 0x1p-53, 1 - 0x1p-53);
    }

    @Override
    Tensor effective(Tensor raw) {
      return Decay.rest(raw.sigmoid());
    }

    @Override
    Tensor complement(Tensor raw) {
      return Decay.rest(raw.neg().sigmoid());
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

  /**
   * The least stored value whose effective one is within bounds that hold some value.
   *
   * @return −∞ if all stored values that are small enough are
   */
  double rawMin(double min, double max) {
    if (this == SQUARE) {
      // Of two roots the other one is as good where 0 is between them.
      return min > 0 ? Math.sqrt(min) : -Math.sqrt(max);
    }
    double raw = raw(min);
    return Double.isNaN(raw) ? Double.NEGATIVE_INFINITY : raw;
  }

  /**
   * The greatest stored value whose effective one is at most a bound.
   *
   * @return ∞ if all stored values that are large enough are
   */
  double rawMax(double max) {
    double raw = raw(max);
    return Double.isNaN(raw) ? Double.POSITIVE_INFINITY : raw;
  }

  /** 1 − the effective value. */
  Tensor complement(Tensor raw) {
    return effective(raw).neg().add(1);
  }
}
