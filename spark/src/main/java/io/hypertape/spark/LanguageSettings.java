package io.hypertape.spark;

import io.hypertape.run.LanguageTrainer;
import java.io.Serializable;

/** Says how long and in how many streams to train on a text, in every worker. */
@FunctionalInterface
public interface LanguageSettings extends Serializable {

  /**
   * Changes a trainer.
   *
   * @param trainer as it is made; its shards and its listener are set afterwards
   * @return such as {@code trainer.streams(64).unroll(50).epochs(2)}
   */
  LanguageTrainer of(LanguageTrainer trainer);
}
