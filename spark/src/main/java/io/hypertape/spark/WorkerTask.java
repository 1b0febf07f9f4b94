package io.hypertape.spark;

import java.io.Serializable;
import java.util.Iterator;

/**
 * What every worker of a job does, in a task of Spark's. Nothing of it may be tied to the driver:
 * it is serialized.
 *
 * @param <R> a row
 * @param <T> a worker's result
 */
@FunctionalInterface
public interface WorkerTask<R, T> extends Serializable {

  /**
   * Does it.
   *
   * @param worker which worker this is, and what joins it with the others
   * @param rows its own part of the rows
   * @return the result, which the driver gets
   * @throws Exception if the work fails: all workers end then, and start again if they may
   */
  T run(SparkWorker worker, Iterator<R> rows) throws Exception;
}
