package io.hypertape.run;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Mode;
import io.hypertape.models.RecurrentState;
import io.hypertape.models.Sampler;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Lets a language model write, a character at a time. */
public final class TextGenerator {

  private final Session session;
  private final CharLstm model;
  private final Vocabulary vocabulary;
  // Its own: what the model carries in training is left alone.
  private final RecurrentState state;

  /**
   * Of a model.
   *
   * @param session the model's
   * @param model the model
   * @param vocabulary the model's
   */
  public TextGenerator(Session session, CharLstm model, Vocabulary vocabulary) {
    Nulls.check(session, "text: session");
    Nulls.check(model, "text: model");
    Nulls.check(vocabulary, "text: vocabulary");
    if (vocabulary.size() != model.spec().vocabulary()) {
      throw new IllegalArgumentException(
          "a vocabulary of "
              + vocabulary.size()
              + " characters for a model of "
              + model.spec().vocabulary());
    }
    this.session = session;
    this.model = model;
    this.vocabulary = vocabulary;
    this.state = model.newState(1);
  }

  /**
   * Writes on from a prompt. Characters are drawn from the model's probabilities to the power of 1
   * / temperature; U+FFFD, which stands for the unknown, is never written.
   *
   * @param prompt what the text begins with, at least a character, all of them known
   * @param length characters to write
   * @param temperature 0 takes the likeliest character each time, 1 the model's own probabilities
   * @param seed equal seeds give equal texts
   * @param writer gets each character (code point) as soon as it is drawn, without the prompt's
   * @return how many it has got; fewer than wanted if the thread is interrupted, whose status is
   *     kept
   * @throws IllegalArgumentException if the prompt has an unknown character, or none
   */
  public int generate(
      String prompt, int length, double temperature, long seed, IntConsumer writer) {
    Nulls.check(prompt, "text: prompt");
    Nulls.check(writer, "text: writer");
    if (length < 0) {
      throw new IllegalArgumentException("length is " + length + "; at least 0 is needed");
    }
    int[] read = indices(prompt);
    Sampler sampler = new Sampler(temperature, seed);
    state.reset();
    int written = 0;
    while (written < length && !Thread.currentThread().isInterrupted()) {
      int next = sampler.draw(logProbabilities(read));
      writer.accept(vocabulary.codePoint(next));
      read = new int[] {next};
      written++;
    }
    return written;
  }

  private int[] indices(String prompt) {
    int[] codePoints = prompt.codePoints().toArray();
    if (codePoints.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; at least a character is needed");
    }
    int[] indices = new int[codePoints.length];
    for (int i = 0; i < indices.length; i++) {
      if (!vocabulary.contains(codePoints[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the prompt has '%s' (U+%04X), which the model's text had not; known are %s",
                Character.toString(codePoints[i]),
                codePoints[i],
                known()));
      }
      indices[i] = vocabulary.index(codePoints[i]);
    }
    return indices;
  }

  private String known() {
    StringBuilder text = new StringBuilder();
    vocabulary
        .characters()
        .codePoints()
        .filter(c -> !Character.isISOControl(c) && c != Vocabulary.UNKNOWN)
        .forEach(text::appendCodePoint);
    return text.toString();
  }

  /** What may follow the characters read; the state goes on. */
  private float[] logProbabilities(int[] read) {
    try (Scope unused = session.scratch()) {
      float[] all =
          model.forward(session.indices(read), read.length, 1, state, Mode.EVALUATE).toFloats();
      float[] last = new float[vocabulary.size()];
      System.arraycopy(all, all.length - last.length, last, 0, last.length);
      last[vocabulary.index(Vocabulary.UNKNOWN)] = Float.NEGATIVE_INFINITY;
      return last;
    }
  }
}
