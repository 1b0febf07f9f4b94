package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.VirtualVector;

/** Buffers of one thread, which all calls share: they grow when a call is made. */
final class ConvolutionScratch {

  /** Images as a product reads them. */
  float[] in = {};

  /** Sums on their way to where they belong, or what a filter gradient reads beside the images. */
  float[] out = {};

  /** Sums of lanes of a block of a filter gradient. */
  final float[] tile = new float[FilterShare.FILTERS * FilterPlan.MOST_TAPS * VirtualVector.LANES];

  void reserve(int inSize, int outSize) {
    if (in.length < inSize) {
      in = new float[inSize];
    }
    if (out.length < outSize) {
      out = new float[outSize];
    }
  }
}
