package io.hypertape.spark;

import io.hypertape.autodiff.Session;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.CharLstm;
import java.io.Serializable;

/** Makes a language model in every worker: the same, from the same seed. */
@FunctionalInterface
public interface LanguageModelFactory extends Serializable {

  /**
   * Makes it.
   *
   * @param session the worker's
   * @param vocabulary the text's characters
   * @return such as {@code CharLstm.create(session, spec, 1)}, which is closed after training
   */
  CharLstm create(Session session, Vocabulary vocabulary);
}
