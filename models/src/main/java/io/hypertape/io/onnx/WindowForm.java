package io.hypertape.io.onnx;

import io.hypertape.autodiff.Tensor;
import java.util.Arrays;

/**
 * Windows over images, as nodes of convolutions and poolings have them: strides, dilations, and
 * what is put around the image.
 *
 * @param auto which padding is chosen by the image's size; NOTSET for the given one
 * @param pads rows above, columns on the left, rows below, columns on the right
 */
record WindowForm(int[] strides, int[] dilations, String auto, int[] pads) {

  private static final int AXES = 2;

  /** Of attributes; poolings' own are read elsewhere. */
  static WindowForm of(NodeForm form) throws OnnxException {
    String auto = form.text("auto_pad", "NOTSET");
    form.require(
        java.util.List.of("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER").contains(auto),
        "its auto_pad is '" + auto + "'");
    return new WindowForm(
        form.sizes("strides", new int[] {1, 1}, 1),
        form.sizes("dilations", new int[] {1, 1}, 1),
        auto,
        form.sizes("pads", new int[2 * AXES], 0));
  }

  /** What is put around an image for windows of a size; as pads. */
  int[] around(Tensor x, int... window) {
    if (x.rank() != 2 + AXES) {
      throw new IllegalArgumentException(
          "its input is " + Arrays.toString(x.shape()) + "; images [N, C, H, W] are needed");
    }
    if (auto.equals("NOTSET")) {
      return pads;
    }
    int[] around = new int[2 * AXES];
    for (int k = 0; k < AXES && auto.startsWith("SAME"); k++) {
      long length = x.shape()[2 + k];
      long out = Math.ceilDiv(length, strides[k]);
      long all = (out - 1) * strides[k] + (long) dilations[k] * (window[k] - 1) + 1 - length;
      int total = NodeRun.length(Math.max(0, all));
      // The odd one comes last, or first.
      int less = total / 2;
      around[k] = auto.equals("SAME_UPPER") ? less : total - less;
      around[k + AXES] = total - around[k];
    }
    return around;
  }

  /** Whether as much is put on both sides, which convolutions and poolings do by themselves. */
  static boolean isEven(int[] around) {
    return around[0] == around[2] && around[1] == around[3];
  }

  /** An image with zeros around it. */
  static Tensor padded(NodeRun run, Tensor x, int[] around) {
    int[] shape = x.shape();
    shape[2] = NodeRun.length((long) shape[2] + around[0] + around[2]);
    shape[3] = NodeRun.length((long) shape[3] + around[1] + around[3]);
    run.room(shape);
    return x.pad(2, around[0], around[2]).pad(3, around[1], around[3]);
  }
}
