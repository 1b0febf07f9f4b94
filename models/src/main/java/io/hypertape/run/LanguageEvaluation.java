package io.hypertape.run;

import io.hypertape.checks.Nulls;
import java.util.Locale;

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
