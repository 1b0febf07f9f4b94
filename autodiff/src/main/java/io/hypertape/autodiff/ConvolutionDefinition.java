package io.hypertape.autodiff;

import io.hypertape.tensor.Convolution;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution in ordinary operations: what each tap of the filters sees is a slice, all slices
 * make a matrix, and filters times that matrix are the result (Chellapilla, Puri, Simard 2006).
 */
final class ConvolutionDefinition {

  private ConvolutionDefinition() {}

  /** Of operands that fit; shape is the result's [N, K, P, Q]. */
  static Tensor apply(Tensor x, Tensor w, Convolution form, int... shape) {
    int channels = x.dims()[1];
    int filters = w.dims()[0];
    int taps = w.dims()[2] * w.dims()[3];
    int places = shape[0] * shape[2] * shape[3];
    Tensor seen = columns(x, w, form, shape).reshape(channels * taps, places);
    Tensor flat = w.reshape(filters, w.dims()[1] * taps);
    int read = flat.dims()[1];
    int made = filters / form.groups();
    List<Tensor> groups = new ArrayList<>();
    for (int g = 0; g < form.groups(); g++) {
      // [K/groups, C/groups·R·S]·[C/groups·R·S, N·P·Q]
      Tensor part = seen.slice(0, g * read, (g + 1) * read);
      groups.add(flat.slice(0, g * made, (g + 1) * made).matmul(part));
    }
    return Tensor.concat(0, groups)
        .reshape(filters, shape[0], shape[2], shape[3])
        .permute(1, 0, 2, 3)
        .contiguous();
  }

  /** [C, R·S, N·P·Q]. */
  private static Tensor columns(Tensor x, Tensor w, Convolution form, int... shape) {
    int height = form.padHeight();
    int width = form.padWidth();
    // [C, N, H + 2·padHeight, W + 2·padWidth]
    Tensor padded = x.permute(1, 0, 2, 3).pad(2, height, height).pad(3, width, width);
    List<Tensor> taps = new ArrayList<>();
    for (int r = 0; r < w.dims()[2]; r++) {
      Tensor rows = along(padded, 2, r * form.dilationHeight(), form.strideHeight(), shape[2]);
      for (int s = 0; s < w.dims()[3]; s++) {
        Tensor tap = along(rows, 3, s * form.dilationWidth(), form.strideWidth(), shape[3]);
        taps.add(tap.reshape(x.dims()[1], 1, shape[0] * shape[2] * shape[3]));
      }
    }
    return Tensor.concat(1, taps);
  }

  /** What one tap sees: elements at a stride, count of them. */
  static Tensor along(Tensor x, int axis, int from, int stride, int count) {
    return x.slice(axis, from, from + (count - 1) * stride + 1, stride);
  }
}
