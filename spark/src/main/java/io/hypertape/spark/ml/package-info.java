/**
 * Training as a stage of Spark ML's pipelines. Needs {@code spark-mllib}, which a cluster's Spark
 * has.
 */
@org.jspecify.annotations.NullMarked
package io.hypertape.spark.ml;
