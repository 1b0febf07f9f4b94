package io.hypertape.run;

import io.hypertape.checks.Nulls;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How well a language model does on the two parts of a text that it has not learned from.
 *
 * @param valid on the part to choose a model by
 * @param test on the part to judge it by
 */
public record LanguageEvaluation(TextEvaluation valid, TextEvaluation test) implements Score {

  /** Checks that all is there. */
  public LanguageEvaluation {
    Nulls.check(valid, "evaluation: valid");
    Nulls.check(test, "evaluation: test");
  }

  @Override
  public Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("valid_loss", valid.loss());
    numbers.put("valid_perplexity", valid.perplexity());
    numbers.put("test_loss", test.loss());
    numbers.put("test_perplexity", test.perplexity());
    return numbers;
  }

  @Override
  public String text() {
    if (test.characters() == 0) {
      return "not tested";
    }
    return String.format(
        Locale.ROOT,
        "valid perplexity %.3f  test perplexity %.3f",
        valid.perplexity(),
        test.perplexity());
  }
}
