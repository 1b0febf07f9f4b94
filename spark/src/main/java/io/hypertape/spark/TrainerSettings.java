package io.hypertape.spark;

import io.hypertape.run.Trainer;
import java.io.Serializable;

/** Says how long and in what portions to train, by what loss and so on, in every worker. */
@FunctionalInterface
public interface TrainerSettings extends Serializable {

  /**
   * Changes a trainer.
   *
   * @param trainer as it is made; its shards and its listener are set afterwards
   * @return such as {@code trainer.batch(256).epochs(2)}
   */
  Trainer of(Trainer trainer);
}
