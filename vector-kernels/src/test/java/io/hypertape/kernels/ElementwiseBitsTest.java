package io.hypertape.kernels;

import org.junit.jupiter.api.Test;

/** Elementwise kernels, sums, softmax, cells and masks have the same bits on every processor. */
class ElementwiseBitsTest {

  @Test
  void everyProcessorHasTheSameBits() throws Exception {
    Processors.assertSameBits(ElementwiseBits.class);
  }
}
