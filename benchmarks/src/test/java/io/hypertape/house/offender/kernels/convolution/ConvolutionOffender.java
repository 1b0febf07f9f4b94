package io.hypertape.house.offender.kernels.convolution;

import io.hypertape.house.offender.kernels.updates.UpdatesOffender;

/** Breaks a rule of the house on purpose: names a room that does not lie below its own. */
public class ConvolutionOffender {
  UpdatesOffender above;
}
