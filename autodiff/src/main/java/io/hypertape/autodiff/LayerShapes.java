package io.hypertape.autodiff;

import java.util.Arrays;

/** Checks of what layers read, with errors that say what would fit. */
final class LayerShapes {

  private LayerShapes() {}

  /** [N, C, H, W]. */
  static Tensor images(String op, Tensor x) {
    if (x.requireFloating(op).rank() != 4) {
      throw new IllegalArgumentException(
          op
              + ": shape "
              + Shapes.text(x.dims())
              + "; images [batch, channels, height, width] are needed");
    }
    return x;
  }

  /** One value a channel. */
  static Tensor channels(String op, String what, Tensor x, int channels) {
    return exactly(op, what, x, channels);
  }

  static Tensor exactly(String op, String what, Tensor x, int... shape) {
    if (!Arrays.equals(x.requireFloating(op).dims(), shape)) {
      throw new IllegalArgumentException(
          op
              + ": "
              + what
              + " has shape "
              + Shapes.text(x.dims())
              + "; "
              + Shapes.text(shape)
              + " is needed");
    }
    return x;
  }
}
