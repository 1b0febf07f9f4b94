/**
 * Jobs of Apache Spark whose tasks work together: {@link io.hypertape.spark.SparkWorkers} starts
 * workers that sum numbers over all of them while they compute, and starts them again when one is
 * lost.
 */
@NullMarked
package io.hypertape.spark;

import org.jspecify.annotations.NullMarked;
