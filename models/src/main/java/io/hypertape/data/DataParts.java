package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.Optional;

/**
 * Sets of one shape and one kind of targets, to learn from, to choose and to judge by.
 *
 * @param name of the whole
 * @param train to learn from
 * @param valid to choose by; empty if there is none
 * @param test to judge by
 */
public record DataParts(String name, Dataset train, Optional<Dataset> valid, Dataset test)
    implements TrainingData {

  /** Checks that what is learned from the one part can be judged by the others. */
  public DataParts {
    Nulls.check(name, "data parts: name");
    Nulls.check(train, "data parts: train");
    Nulls.check(valid, "data parts: valid");
    Nulls.check(test, "data parts: test");
    Dataset.checked(train, "train");
    valid.ifPresent(part -> check(name, train, Dataset.checked(part, "valid")));
    Dataset.checked(test, "test");
    check(name, train, test);
  }

  /**
   * Without a part to choose by.
   *
   * @param name of the whole
   * @param train to learn from
   * @param test to judge by
   */
  public DataParts(String name, Dataset train, Dataset test) {
    this(name, train, Optional.empty(), test);
  }

  private static void check(String name, Dataset train, Dataset part) {
    if (!train.shape().equals(part.shape()) || !train.targets().equals(part.targets())) {
      throw new IllegalArgumentException(
          name
              + ": "
              + train.name()
              + " has examples of "
              + train.shape()
              + " and "
              + train.targets().text()
              + ", "
              + part.name()
              + " of "
              + part.shape()
              + " and "
              + part.targets().text()
              + "; the same are needed");
    }
  }

  /**
   * Divides a set by its examples' numbers: where an example falls depends on its number and the
   * seed alone, so that a set which has grown keeps its parts.
   *
   * @param whole the set
   * @param shares how large the parts are
   * @return three parts, or two if none is to choose by
   * @throws IllegalArgumentException if the set is so small that a part has no example
   */
  public static DataParts of(Dataset whole, Shares shares) {
    Nulls.check(whole, "data parts: whole");
    Nulls.check(shares, "data parts: shares");
    Dataset.checked(whole, "whole");
    Shares.Parts parts = shares.divide(whole.name(), whole.size(), example -> Shares.hash(example));
    return new DataParts(
        whole.name(),
        new Subset(whole.name() + " train", whole, parts.train()),
        parts.valid().map(rows -> new Subset(whole.name() + " valid", whole, rows)),
        new Subset(whole.name() + " test", whole, parts.test()));
  }
}
