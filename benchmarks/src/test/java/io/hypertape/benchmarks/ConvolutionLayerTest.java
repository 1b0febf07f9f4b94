package io.hypertape.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;

class ConvolutionLayerTest {

  @Test
  void textBecomesSizes() {
    ConvolutionLayer layer = ConvolutionLayer.parse("16>32@32,3/2");
    assertEquals(new ConvolutionLayer(16, 32, 32, 3, 2), layer);
    assertEquals(16, layer.shape().outHeight());
    assertEquals(1, layer.shape().padWidth());
    assertEquals(2.0 * 128 * 32 * 16 * 16 * 16 * 9, layer.flops());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "16>32", "16>32@32,3", "16x32@32,3/2", "16>32@32,3/2 "})
  void otherTextIsRefused(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ConvolutionLayer.parse(text))
            .getMessage();
    assertTrue(message.contains("16>32@32,3/2 would be"), message);
  }

  @Test
  void theBenchmarksLayersAreLayers() throws Exception {
    for (String text :
        ConvolutionBenchmark.class.getField("layer").getAnnotation(Param.class).value()) {
      assertEquals(text, ConvolutionLayer.parse(text).toString());
    }
  }
}
