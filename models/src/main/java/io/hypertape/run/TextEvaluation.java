package io.hypertape.run;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.data.TextBatches;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Losses;
import io.hypertape.models.Mode;
import java.util.concurrent.CancellationException;

/**
 * How well a language model foretells the next character of a text.
 *
 * @param characters how many it was asked for
 * @param loss mean negative log-likelihood, in nats a character
 */
public record TextEvaluation(long characters, double loss) {

  /** That of no character, as when a run was interrupted before it was judged. */
  static final TextEvaluation NONE = new TextEvaluation(0, Double.NaN);

  // The text is read as that many streams at once, each from an empty state. Fewer would be a
  // little better for the model and much slower.
  private static final int STREAMS = 50;
  private static final int UNROLL = 50;

  /**
   * Evaluates a model. Its state for evaluation begins anew.
   *
   * @param session the model's
   * @param model the model
   * @param text numbers of characters in the model's vocabulary, at least two
   * @return the result
   * @throws CancellationException if the thread is interrupted; its status is kept
   */
  public static TextEvaluation of(Session session, CharLstm model, char[] text) {
    Nulls.check(session, "evaluation: session");
    Nulls.check(model, "evaluation: model");
    Nulls.check(text, "evaluation: text");
    int streams = Math.clamp((text.length - 1) / UNROLL, 1, STREAMS);
    TextBatches batches = new TextBatches(text, streams, UNROLL, TextBatches.LastBatch.KEEP);
    model.resetState(Mode.EVALUATE);
    double sum = 0;
    long characters = 0;
    while (batches.next()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the evaluation of a text was interrupted");
      }
      try (Scope unused = session.scratch()) {
        Tensor output =
            model.forward(
                session.indices(batches.x()), batches.steps(), batches.streams(), Mode.EVALUATE);
        int n = batches.steps() * batches.streams();
        sum += n * Losses.nll(output, session.indices(batches.y())).item();
        characters += n;
      }
    }
    return new TextEvaluation(characters, sum / characters);
  }

  /**
   * e to the power of the loss: as if the model chose among so many equally likely characters.
   *
   * @return at least 1
   */
  public double perplexity() {
    return Math.exp(loss);
  }
}
