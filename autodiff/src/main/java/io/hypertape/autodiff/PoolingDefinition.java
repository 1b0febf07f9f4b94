package io.hypertape.autodiff;

import io.hypertape.tensor.Pooling;
import org.jspecify.annotations.Nullable;

/** Pooling in ordinary operations: each place of a window is a slice of the images. */
final class PoolingDefinition {

  private PoolingDefinition() {}

  /** Means, padding counted as zeros; shape is the result's [N, C, P, Q]. */
  static Tensor average(Tensor x, Pooling form, int... shape) {
    Tensor padded = padded(x, form);
    Tensor sum = null;
    for (int r = 0; r < form.windowHeight(); r++) {
      for (int s = 0; s < form.windowWidth(); s++) {
        Tensor part = part(padded, form, r, s, shape);
        sum = sum == null ? part : sum.add(part);
      }
    }
    return sum.mul(1.0 / (form.windowHeight() * form.windowWidth()));
  }

  /** Largest elements: NaN if there is one, else the first of equals; padding is none. */
  static Tensor max(Tensor x, Pooling form, int... shape) {
    Tensor padded = padded(x, form);
    boolean pads = form.padHeight() > 0 || form.padWidth() > 0;
    int[] one = {1, 1, x.dims()[2], x.dims()[3]};
    Tensor inside = pads ? padded(x.session().constant(1).broadcastTo(one), form) : null;
    Best best = null;
    for (int r = 0; r < form.windowHeight(); r++) {
      for (int s = 0; s < form.windowWidth(); s++) {
        Tensor value = part(padded, form, r, s, shape);
        Tensor isThere = inside == null ? null : part(inside, form, r, s, shape);
        best = best == null ? new Best(value, isThere) : best.or(value, isThere);
      }
    }
    return best.value;
  }

  /**
   * The largest of what was seen so far.
   *
   * @param value what it is, anything where there was nothing but padding
   * @param isThere 1 where there was more than padding, else 0; null if there is no padding
   */
  private record Best(Tensor value, @Nullable Tensor isThere) {

    Best or(Tensor next, @Nullable Tensor nextIsThere) {
      // Neither equal ones nor what follows a NaN.
      Tensor larger = next.greaterThan(value).add(isNan(next).mul(isNan(value).equalTo(0)));
      if (isThere == null || nextIsThere == null) {
        return new Best(Tensor.where(larger, next, value), null);
      }
      Tensor taken = larger.maximum(isThere.equalTo(0)).mul(nextIsThere);
      return new Best(Tensor.where(taken, next, value), isThere.maximum(nextIsThere));
    }

    private static Tensor isNan(Tensor x) {
      return x.notEqualTo(x);
    }
  }

  private static Tensor padded(Tensor x, Pooling form) {
    return x.pad(2, form.padHeight(), form.padHeight()).pad(3, form.padWidth(), form.padWidth());
  }

  /** What stands at one place of all windows. */
  private static Tensor part(Tensor padded, Pooling form, int r, int s, int... shape) {
    Tensor rows = ConvolutionDefinition.along(padded, 2, r, form.strideHeight(), shape[2]);
    return ConvolutionDefinition.along(rows, 3, s, form.strideWidth(), shape[3]);
  }
}
