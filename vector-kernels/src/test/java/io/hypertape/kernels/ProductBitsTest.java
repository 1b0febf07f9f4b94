package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Products and dense layers have the same bits on every processor. */
class ProductBitsTest {

  @Test
  void scalarKernelsHaveTheBitsOfVectors() throws Exception {
    List<String> vectors = Processors.run(ProductBits.class, List.of(), "VECTOR");
    assertEquals(vectors, Processors.run(ProductBits.class, List.of(), "SCALAR"));
    List<String> old = List.of("-XX:UseAVX=0");
    assertEquals(vectors, Processors.run(ProductBits.class, old, "SCALAR"));
  }
}
