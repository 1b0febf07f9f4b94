package io.hypertape.kernels;

import org.junit.jupiter.api.Test;

/** Products and dense layers have the same bits on every processor. */
class ProductBitsTest {

  @Test
  void everyProcessorHasTheSameBits() throws Exception {
    Processors.assertSameBits(ProductBits.class);
  }
}
