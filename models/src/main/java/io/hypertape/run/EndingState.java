package io.hypertape.run;

import io.hypertape.io.SafetensorsException;
import java.util.OptionalDouble;

/**
 * What has been seen of a metric that shall improve.
 *
 * @param best its best value; infinite before the first
 * @param stale epochs since then that were no better
 * @param unjudged mean loss of the last epoch's batches, if it has ended and has not been judged
 */
record EndingState(double best, int stale, OptionalDouble unjudged) {

  static final EndingState START =
      new EndingState(Double.POSITIVE_INFINITY, 0, OptionalDouble.empty());

  private static final int PARTS = 3;
  private static final String NONE = "-";

  EndingState seen(double value) {
    return value < best
        ? new EndingState(value, 0, OptionalDouble.empty())
        : new EndingState(best, stale + 1, OptionalDouble.empty());
  }

  /** After a judgement that says nothing of the metric. */
  EndingState seen() {
    return new EndingState(best, stale, OptionalDouble.empty());
  }

  EndingState withUnjudged(double loss) {
    return new EndingState(best, stale, OptionalDouble.of(loss));
  }

  String text() {
    return best + " " + stale + " " + (unjudged.isPresent() ? unjudged.getAsDouble() : NONE);
  }

  static EndingState parse(String text) throws SafetensorsException {
    String[] parts = text.split(" ");
    try {
      if (parts.length == PARTS) {
        OptionalDouble unjudged =
            parts[2].equals(NONE)
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(parts[2]));
        return new EndingState(Double.parseDouble(parts[0]), Integer.parseInt(parts[1]), unjudged);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new SafetensorsException(
        "the state of a run has the metric's course '"
            + text
            + "'; its best value, a number of epochs and a loss or - fit");
  }
}
