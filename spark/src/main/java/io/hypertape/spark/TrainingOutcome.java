package io.hypertape.spark;

import io.hypertape.spark.exchange.ExchangeReport;
import java.io.Serializable;
import java.util.TreeMap;

/**
 * What a worker has when training is over.
 *
 * @param weights the model's file; of worker 0 alone, no bytes of the others
 * @param sha256 its sum, of all
 * @param measures how well the model does
 * @param steps how long was trained
 * @param metrics numbers of steps; of worker 0
 * @param epochs numbers of judgements; of worker 0
 * @param report what sums have cost
 */
record TrainingOutcome(
    byte[] weights,
    String sha256,
    TreeMap<String, Double> measures,
    long steps,
    RunTable metrics,
    RunTable epochs,
    ExchangeReport report)
    implements Serializable {}
