package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.optim.Tower;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LearnedTest {

  private static Outcome outcome(Map<String, Double> figures) {
    return new Outcome(figures, "");
  }

  private static void assertLearned(String tower, String text, Learned learned) {
    assertEquals(Optional.of(Tower.parse(tower)), learned.tower());
    assertEquals(text, learned.text());
  }

  @Test
  void meansOverSeedsToFourDigits() {
    assertLearned(
        "sgd(0.06404)",
        "0.0640",
        Learned.of(
            Tower.parse("sgd(0.01)/sgd(0.01)"),
            List.of(
                outcome(Map.of("L1.sgd.alpha", 0.0640, "L1.sgd.mu", 0.0, "L2.sgd.alpha", 0.01)),
                outcome(Map.of("L1.sgd.alpha", 0.06409, "L1.sgd.mu", 0.0)))));
  }

  @Test
  void whatIsNotLearnedStaysAsItWas() {
    Map<String, Double> ends =
        Map.of("L1.adam.alpha", 0.0037654, "L1.adam.beta1", 0.88, "L1.adam.beta2", 0.999);
    assertLearned(
        "adam(0.003765, beta1=0.88)",
        "0.0038, 0.8800",
        Learned.of(Tower.parse("adam(1e-3)/adam(1e-3)"), List.of(outcome(ends))));
    assertLearned(
        "adam-alpha(0.002)",
        "0.0020",
        Learned.of(
            Tower.parse("adam-alpha(1e-3)/sgd(1e-5)"),
            List.of(outcome(Map.of("L1.adam-alpha.alpha", 0.002)))));
  }

  @Test
  void valuesWithoutMeaningAreNotTried() {
    Tower tower = Tower.parse("sgd(0.01)/rmsprop(0.1)");
    Learned negative =
        Learned.of(tower, List.of(outcome(Map.of("L1.sgd.alpha", -0.05, "L1.sgd.mu", 0.0))));
    assertEquals(Optional.empty(), negative.tower());
    assertEquals("-0.0500: no fixed values", negative.text());
    assertEquals(
        "alpha is NaN", Learned.of(tower, List.of(outcome(Map.of("L1.sgd.mu", 0.0)))).text());
    assertEquals("every run diverged", Learned.of(tower, List.of()).text());
  }
}
