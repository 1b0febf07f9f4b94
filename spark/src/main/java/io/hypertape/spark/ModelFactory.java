package io.hypertape.spark;

import io.hypertape.autodiff.Session;
import io.hypertape.models.Layer;
import java.io.Serializable;

/** Makes a model in every worker: the same, from the same seed. */
@FunctionalInterface
public interface ModelFactory extends Serializable {

  /**
   * Makes it.
   *
   * @param session the worker's
   * @return a new model, which is closed when the worker ends
   */
  Layer create(Session session);
}
