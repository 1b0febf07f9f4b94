package io.hypertape.data;

/**
 * A data set in two parts.
 *
 * @param name of the whole, such as {@code mnist}
 * @param train to learn from
 * @param test to judge by
 */
public record DataSplit(String name, LabeledImages train, LabeledImages test) {}
