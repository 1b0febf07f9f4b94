package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant|constant",
        "step:300:0.1|step(300, 0.1)",
        "cosine|cosine(1000)",
        "warmup:50|warmup(50)",
        "warmup:50,constant|warmup(50)",
        "warmup:50,cosine|warmup(50, cosine(950))",
        "warmup:2000,cosine|warmup(2000, cosine(1))",
        "warmup:5,step:10:0.5|warmup(5, step(10, 0.5))"
      })
  void schedulesOfARunOf1000Steps(String text, String schedule) {
    assertEquals(schedule, ScheduleText.parse(text).over(1000).text());
    assertEquals(text, ScheduleText.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|'' is unknown",
        "linear|'linear' is unknown",
        "step|'step' is unknown",
        "step:100|'step:100' is unknown",
        "step:0:0.1|'0' is no number of steps",
        "step:x:0.1|'x' is no number of steps",
        "step:9:-1|'-1' is no factor above 0",
        "step:9:NaN|'NaN' is no factor above 0",
        "step:9:y|'y' is no factor above 0",
        "warmup:-3|'-3' is no number of steps",
        "warmup:3,warmup:4|'warmup:4' is unknown",
        "cosine,constant|only a warm-up has another after it",
        "warmup:3,cosine,cosine|at most a warm-up and another"
      })
  void whatIsNoScheduleIsRefused(String text, String problem) {
    var e = assertThrows(IllegalArgumentException.class, () -> ScheduleText.parse(text));
    assertTrue(e.getMessage().startsWith("schedule '" + text + "': "), e.getMessage());
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().contains("as in warmup:500,cosine"), e.getMessage());
  }
}
