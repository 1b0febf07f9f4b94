package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code auto(…)} and its parts as text, and what does not fit. */
class SelfTuningTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto                    | adam(1e-3)",
        "auto(adam)              | adam(1e-3)",
        "auto(adam(1e-8))        | adam(1e-8)",
        "auto( sgd(mu=0.9) )     | sgd(1e-3, mu=0.9)",
        "auto(adamw(10, decay=0.1)) | adamw(10, decay=0.1)"
      })
  void autoIsShortForItsParts(String text, String base) {
    Tower tower = Tower.parse(text);
    assertEquals(SelfTuning.of(Tower.parse(base).levels().getFirst().optimizer()), tower);
    assertEquals(tower, Tower.parse(tower.toString()));
  }

  @Test
  void itsPartsAreThoseOfTheDocument() {
    assertEquals(
        "adam(0.001, tune=alpha, log=alpha)"
            + "/sgd(0.35, log=alpha, within=alpha(0.1..1),"
            + " by=trace(-0.75)+max+held+restart(2.5, 0.5))"
            + "/sgd(0.15, by=agreement(0.5))"
            + " schedule=decay(0.5) guard=jump(10, 0.3, 2)+edge(2.5, 8) cap=1e-5..0.001",
        Tower.parse("auto(adam)").toString());
  }

  @Test
  void whatIsGivenBesideItReplacesItsOwn() {
    Tower tower =
        Tower.parse(
            "auto(adam) cap=0.01 group(*.bias, auto(sgd)) schedule=cosine guard=jump(5, 1, 4)");
    assertEquals(new Cap(0, 0.01), tower.cap());
    assertEquals(StepSchedule.cosine(), tower.schedule());
    assertEquals(new Guard(5, 1, 4), tower.guard().orElseThrow());
    assertEquals(SelfTuning.of(new Sgd(1e-3)).levels(), tower.groups().getFirst().tower().levels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto(adam)/sgd(1)|10|unexpected '/'",
        "auto(adam(tune=alpha))|5|takes an optimizer alone",
        "auto(auto(adam))|5|unknown optimizer 'auto'",
        "auto(adam|9|')' after the optimizer",
        "auto(sgd-per-param(w=1, b=1))|0|has the step sizes w_alpha, b_alpha; an optimizer with one",
        "auto(sgd(0))|0|alpha",
        "sgd(1)/sgd(1, by=trace)|22|'(' is needed",
        "sgd(1)/sgd(1, by=tapes)|17|tape, trace(-0.5) or agreement(0.5) would fit",
        "sgd(1)/sgd(1, by=trace(-2))|17|a finite number of -1 or more",
        "sgd(1)/sgd(1, by=tape+held+held)|27|'held' is given twice",
        "sgd(1)/sgd(1, by=tape+restart(4, 0.1))|22|has no trace to forget",
        "sgd(1)/sgd(1, by=tape+clip(0))|22|a number above 0",
        "sgd(1)/sgd(1, by=tape+warmup(1.5))|22|a whole number of updates",
        "sgd(1)/sgd(1, by=tape+most)|22|max, clip(2), warmup(100), held, restart(8, 0.125)",
        "sgd(1)/sgd(1, by=tape, by=tape)|23|'by' is given twice",
        "sgd(1) guard=10|13|jump(10, 0.3, 2) is needed",
        "sgd(1) guard=jump(10, 0.3, 1)|13|a finite factor above 1",
        "sgd(1) guard=jump guard=jump|18|'guard' is given twice",
        "sgd(1) guard=jump+hedge|18|'edge' or edge(2.5, 8) is needed",
        "sgd(1) guard=jump+edge(1, 8)|18|edge: its burst is 1.0; a finite factor above 1 would fit",
        "sgd(1) cap=0|11|a number above 0, or two that rise, are needed",
        "sgd(1) cap=2..1|11|2 to 1 of the weights' norm"
      })
  void errorsPointAtTheCharacter(String text, int at, String part) {
    TowerSyntaxException e = assertThrows(TowerSyntaxException.class, () -> Tower.parse(text));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertTrue(e.getMessage().contains("at character " + (at + 1)), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd(1, by=tape+max)|level 1, sgd, by=tape+max: weights have the loss's gradients",
        "sgd(1)/sgd(1, by=trace(0))|of step sizes it tunes one, by its logarithm, but the level below has alpha"
            + " tuned; sgd(…, tune=alpha, log=alpha) would fit",
        "sgd(1, mu=0.9)/sgd(1, by=trace(0))|of step sizes it tunes one, by its logarithm, but the level below has alpha, mu",
        "sgd(1, mu=0.9, tune=mu)/sgd(1, by=trace(0)+restart(2, 1))|a restart follows one step size, by",
        "sgd(1, mu=0.9)/sgd(1, mu=0.9, by=tape+max)/sgd(1, by=agreement(0.5))|it tunes step sizes, as they",
        "sgd(1)/sgd(1, log=alpha)/sgd(1, by=trace(0))|the second level would fit",
        "sgd(1)/sgd(1)/sgd(1, by=agreement(0.5))|one with by=trace(-0.5)+max or by=tape+max would fit",
        "sgd(1, log=alpha)/sgd(1, by=trace(0))/sgd(1, by=agreement(0.5))/sgd(1, by=agreement(0.5))|the"
            + " level below is tuned by an agreement itself",
        "sgd(1)/sgd(1) guard=jump+edge|guard=jump(10, 0.3, 2)+edge(2.5, 8): at an edge weights go back",
        "auto(adam)|decay(0.5, 5000), or give it to Tower.over"
      })
  void whatDoesNotFitIsRefusedWhereItIsBound(String tower, String part) {
    try (SmallRun run = SmallRun.cpu(false)) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> run.bind(tower));
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }
}
