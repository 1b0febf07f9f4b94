/**
 * Training as a job of Apache Spark: {@link io.hypertape.spark.SparkTraining} distributes rows to
 * workers and trains with them; {@link io.hypertape.spark.SparkWorkers} are tasks that sum numbers
 * over all of them while they compute, and are started again when one is lost.
 */
@NullMarked
package io.hypertape.spark;

import org.jspecify.annotations.NullMarked;
