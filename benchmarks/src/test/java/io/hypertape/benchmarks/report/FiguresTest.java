package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "1.234e-8, 12.3 ns",
    "4.5e-6, 4.50 us",
    "1.65e-3, 1.65 ms",
    "0.15, 150 ms",
    "2.5, 2.50 s",
  })
  void timesHaveAUnit(double seconds, String text) {
    assertEquals(text, Figures.time(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, -",
    "0.123, 0.12",
    "9.996, 10.0",
    "99.96, 100",
    "1234.5, 1235",
    "-12.34, -12.3"
  })
  void threeDigits(double value, String text) {
    assertEquals(text, Figures.digits(value));
  }
}
