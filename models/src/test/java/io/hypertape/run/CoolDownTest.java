package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.io.SafetensorsException;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoolDownTest {

  @ParameterizedTest
  @EnumSource
  void metricsAreReadAsTheyAreWritten(Metric metric) {
    assertEquals(metric, Metric.parse(metric.text()));
    assertEquals(metric, Metric.parse(" " + metric.text().toUpperCase(java.util.Locale.ROOT)));
  }

  @Test
  void whatIsNoMetricIsTold() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Metric.parse("error")).getMessage();
    assertTrue(message.contains("'error' is no metric; there are train loss, valid"), message);
  }

  @Test
  void metricsAreThoseOfTheirModels() {
    Score images = new Evaluation(10, 0.5, 0.25);
    Score text = new LanguageEvaluation(new TextEvaluation(5, 1), new TextEvaluation(5, 2));
    assertEquals(3, Metric.TRAIN_LOSS.of(3, images));
    assertEquals(3, Metric.TRAIN_LOSS.of(3, text));
    assertEquals(0.5, Metric.TEST_LOSS.of(3, images));
    assertEquals(0.25, Metric.TEST_ERROR.of(3, images));
    assertEquals(Math.exp(1), Metric.VALID_PERPLEXITY.of(3, text));
    assertEquals(Math.exp(2), Metric.TEST_PERPLEXITY.of(3, text));
    assertThrows(IllegalArgumentException.class, () -> Metric.TEST_ERROR.of(3, text));
    assertThrows(IllegalArgumentException.class, () -> Metric.VALID_PERPLEXITY.of(3, images));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void sharesArePositive(double share) {
    assertThrows(IllegalArgumentException.class, () -> CoolDown.atTheEnd(share));
  }

  @Test
  void patienceIsAnEpochAtLeast() {
    assertThrows(
        IllegalArgumentException.class, () -> new CoolDown(1, Optional.of(Metric.TEST_LOSS), 0));
  }

  @Test
  void itLastsAStepAtLeast() {
    assertEquals(1, CoolDown.steps(0.3, 0));
    assertEquals(1, CoolDown.steps(1e-9, 1000));
    assertEquals(300, CoolDown.steps(0.3, 1000));
  }

  @Test
  void theCourseOfAMetricIsReadAsItIsWritten() throws SafetensorsException {
    for (EndingState state :
        new EndingState[] {
          EndingState.START,
          EndingState.START.seen(0.1).seen(0.1),
          new EndingState(-1e-300, 7, OptionalDouble.of(1.0 / 3))
        }) {
      assertEquals(state, EndingState.parse(state.text()));
    }
    assertEquals(
        new EndingState(0.1, 1, OptionalDouble.empty()), EndingState.START.seen(0.1).seen(0.1));
    for (String wrong : new String[] {"", "1 2", "a 1 -", "1 b -", "1 1 c", "1 1 1 1"}) {
      assertThrows(SafetensorsException.class, () -> EndingState.parse(wrong), wrong);
    }
  }
}
