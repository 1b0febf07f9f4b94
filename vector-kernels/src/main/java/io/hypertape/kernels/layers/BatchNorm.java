package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.OperandChecks;

/** Operands of batch normalization, which are checked to fit each other when they are made. */
public final class BatchNorm {

  private BatchNorm() {}

  /**
   * Sizes of a batch of images, or of vectors of features, whose planes have one element.
   *
   * @param batch number of images
   * @param channels number of channels
   * @param plane elements of a channel of an image
   */
  public record Shape(int batch, int channels, int plane) {

    /** Checks the numbers. */
    public Shape {
      OperandChecks.size("batch", batch);
      OperandChecks.size("channels", channels);
      OperandChecks.size("plane", plane);
    }

    private void whole(String name, Floats x) {
      OperandChecks.shape(name, x.length(), new int[] {batch, channels, plane});
    }

    boolean hasManyElements(long many) {
      return (long) batch * channels * plane >= many;
    }
  }

  /**
   * What {@link Layers#batchNorm} finds of each channel, and its derivatives read.
   *
   * @param mean mean [channels]
   * @param invStd 1/√(variance + eps) [channels]
   */
  public record Statistics(Floats mean, Floats invStd) {

    private void check(int channels) {
      mean.ofLength("mean", channels);
      invStd.ofLength("invStd", channels);
    }
  }

  /**
   * Operands of {@link Layers#batchNorm}.
   *
   * @param s sizes; channels have an element at least
   * @param eps added to the variance
   * @param x [batch, channels, plane]
   * @param gamma γ [channels]
   * @param beta β [channels]
   * @param y [batch, channels, plane], written
   * @param statistics written
   */
  public record Forward(
      Shape s, double eps, Floats x, Floats gamma, Floats beta, Floats y, Statistics statistics) {

    /** Checks that they fit. */
    public Forward {
      if (s.channels() > 0 && (s.batch() == 0 || s.plane() == 0)) {
        throw new IllegalArgumentException(
            "batchNorm: " + s + " has channels without elements; a mean takes at least one");
      }
      s.whole("x", x);
      s.whole("y", y);
      gamma.ofLength("gamma", s.channels());
      beta.ofLength("beta", s.channels());
      statistics.check(s.channels());
    }
  }

  /**
   * Operands of {@link Layers#batchNormGrad}.
   *
   * @param s sizes
   * @param dy cotangent of y [batch, channels, plane]
   * @param x [batch, channels, plane]
   * @param gamma γ [channels]
   * @param statistics as batchNorm wrote them
   * @param dx cotangent of x [batch, channels, plane], written
   * @param dGamma cotangent of γ [channels], written
   * @param dBeta cotangent of β [channels], written
   */
  public record Backward(
      Shape s,
      Floats dy,
      Floats x,
      Floats gamma,
      Statistics statistics,
      Floats dx,
      Floats dGamma,
      Floats dBeta) {

    /** Checks that they fit. */
    public Backward {
      s.whole("dy", dy);
      s.whole("x", x);
      s.whole("dx", dx);
      gamma.ofLength("gamma", s.channels());
      statistics.check(s.channels());
      dGamma.ofLength("dGamma", s.channels());
      dBeta.ofLength("dBeta", s.channels());
    }
  }

  /**
   * Operands of {@link Layers#scaled}.
   *
   * @param s sizes
   * @param x [batch, channels, plane]
   * @param scale [channels]
   * @param shift [channels]
   * @param z [batch, channels, plane], added in the end; empty for nothing
   * @param activation what becomes of the sums: nothing, or relu, which it has to be if z is added
   * @param y [batch, channels, plane], written
   */
  public record Scaled(
      Shape s,
      Floats x,
      Floats scale,
      Floats shift,
      Floats z,
      DenseActivation activation,
      Floats y) {

    /** Checks that they fit. */
    public Scaled {
      s.whole("x", x);
      s.whole("y", y);
      scale.ofLength("scale", s.channels());
      shift.ofLength("shift", s.channels());
      if (z.length() > 0) {
        s.whole("z", z);
      }
      boolean isRelu = activation == DenseActivation.RELU;
      if (!isRelu && (z.length() > 0 || activation != DenseActivation.NONE)) {
        throw new IllegalArgumentException(
            "scaled: activation is " + activation + "; RELU fits, and NONE if nothing is added");
      }
    }
  }
}
