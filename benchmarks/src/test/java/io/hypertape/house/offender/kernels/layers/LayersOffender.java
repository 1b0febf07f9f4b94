package io.hypertape.house.offender.kernels.layers;

import io.hypertape.house.offender.kernels.convolution.ConvolutionOffender;

/** Breaks a rule of the house on purpose: names a room that does not lie below its own. */
public class LayersOffender {
  ConvolutionOffender above;
}
