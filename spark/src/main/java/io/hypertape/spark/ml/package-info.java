/**
 * Training as a stage of Spark ML's pipelines. Needs {@code spark-mllib}, which a cluster's Spark
 * has.
 */
package io.hypertape.spark.ml;
