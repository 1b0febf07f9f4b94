package io.hypertape.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Param;

class GemmShapeTest {

  @Test
  void readsShapesAndHowFactorsLie() {
    assertEquals(new GemmShape(256, 784, 128, false, false), GemmShape.parse("256x784x128"));
    GemmShape weights = GemmShape.parse("784Tx256x128");
    assertEquals(new GemmShape(784, 256, 128, true, false), weights);
    assertEquals(784, weights.lda());
    assertEquals(128, weights.ldb());
    GemmShape input = GemmShape.parse("256x128x784T");
    assertEquals(128, input.lda());
    assertEquals(128, input.ldb());
    assertEquals(2.0 * 256 * 128 * 784, input.flops());
  }

  @Test
  void writesWhatItReads() {
    GemmShape.LISTED.forEach(text -> assertEquals(text, GemmShape.parse(text).toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "64x64", "64x64x64x64", "-1x2x3", "64x64Tx64", "axbxc"})
  void saysWhatWouldFit(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> GemmShape.parse(text));
    assertTrue(e.getMessage().contains("256x784x128"), e.getMessage());
  }

  @Test
  void theBenchmarkRunsTheListedShapes() throws NoSuchFieldException {
    Param param = GemmBenchmark.class.getField("shape").getAnnotation(Param.class);
    assertArrayEquals(GemmShape.LISTED.toArray(), param.value());
  }
}
