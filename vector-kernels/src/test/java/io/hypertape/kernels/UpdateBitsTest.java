package io.hypertape.kernels;

import org.junit.jupiter.api.Test;

/** Updates and their sums have the same bits on every processor. */
class UpdateBitsTest {

  @Test
  void everyProcessorHasTheSameBits() throws Exception {
    Processors.assertSameBits(UpdateBits.class);
  }
}
