package io.hypertape.cli;

import io.hypertape.autodiff.Session;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.run.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * Language models that foretell the next character.
 *
 * @param hidden units of a layer
 * @param layers recurrent layers
 * @param dropout probability to drop a value between layers
 * @param unroll characters a step
 */
record CharLstmFamily(int hidden, int layers, double dropout, int unroll) implements ModelFamily {

  static CharLstmFamily of(String hidden, int layers, double dropout, int unroll) {
    int units;
    try {
      units = Integer.parseInt(hidden.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--hidden: '" + hidden + "' is no number of units; all layers have as many, such as 128",
          e);
    }
    atLeastOne("--hidden", units);
    atLeastOne("--layers", layers);
    atLeastOne("--unroll", unroll);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "--dropout is " + dropout + "; a probability from 0 to below 1 is needed");
    }
    return new CharLstmFamily(units, layers, dropout, unroll);
  }

  private static void atLeastOne(String option, int given) {
    if (given < 1) {
      throw new IllegalArgumentException(option + " is " + given + "; at least 1 is needed");
    }
  }

  @Override
  public Defaults defaults() {
    return new Defaults("auto(adam)", 5, 50);
  }

  @Override
  public List<Metric> metrics() {
    return Metric.ofText();
  }

  @Override
  public PreparedModel prepare(Session session, DataOptions options, long seed, PrintStream err)
      throws IOException {
    TextCorpus corpus = options.text();
    CharLstmSpec form =
        new CharLstmSpec(corpus.vocabulary().size(), hidden, hidden, layers, dropout);
    return new PreparedCharLstm(session, CharLstm.create(session, form, seed), corpus, unroll);
  }
}
