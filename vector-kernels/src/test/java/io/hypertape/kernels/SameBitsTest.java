package io.hypertape.kernels;

import org.junit.jupiter.api.Test;

/** Vectors of 512, 256 and 128 bits and plain loops give the same bits. */
class SameBitsTest {

  @Test
  void theyDoNotHangOnTheVectorsLength() throws Exception {
    Processors.assertSameBits(SameBitsMain.class, "SCALAR interpreted");
  }
}
