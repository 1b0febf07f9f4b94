package io.hypertape.spark;

import io.hypertape.shards.Exchange;
import io.hypertape.shards.Shards;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What all workers of a training have in common.
 *
 * @param shards into how many a batch is divided
 * @param statistics over what batch norm takes its means
 * @param tower the optimizers
 * @param states where states of the run are kept
 */
record TrainingPlan(int shards, Shards.Statistics statistics, String tower, States states)
    implements Serializable {

  /**
   * Where states of the run are kept.
   *
   * @param folder its URI; null if nowhere
   * @param every steps from one state to the next; 0 if only ends of epochs are kept
   */
  record States(@Nullable String folder, long every) implements Serializable {}

  /** Into what a batch is divided, of which one worker has a part. */
  Shards shards(Exchange exchange) {
    return Shards.of(shards).withStatistics(statistics).over(exchange);
  }
}
