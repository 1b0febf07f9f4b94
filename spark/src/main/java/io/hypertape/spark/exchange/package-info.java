/**
 * Sums over the workers of a job: {@link io.hypertape.spark.exchange.TcpExchange} from process to
 * process, after workers have met at their {@link io.hypertape.spark.exchange.Port}s. Nothing here
 * knows Spark.
 */
@NullMarked
package io.hypertape.spark.exchange;

import org.jspecify.annotations.NullMarked;
