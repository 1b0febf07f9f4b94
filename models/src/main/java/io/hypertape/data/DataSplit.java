package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.List;

/**
 * A data set in two parts, whose images have one form and whose classes are the same, also by their
 * names if both parts have them.
 *
 * @param name of the whole, such as {@code mnist}
 * @param train to learn from
 * @param test to judge by
 */
public record DataSplit(String name, LabeledImages train, LabeledImages test)
    implements TrainingData {

  /** Checks that what is learned from the one part can be judged by the other. */
  public DataSplit {
    Nulls.check(name, "data split: name");
    Nulls.check(train, "data split: train");
    Nulls.check(test, "data split: test");
    if (!train.form().equals(test.form())) {
      throw new IllegalArgumentException(
          name
              + ": images to learn from are "
              + train.form()
              + ", those to judge by "
              + test.form()
              + "; one form is needed");
    }
    boolean named = !train.classNames().isEmpty() && !test.classNames().isEmpty();
    if (train.classes() != test.classes()
        || named && !train.classNames().equals(test.classNames())) {
      throw new IllegalArgumentException(
          name
              + ": classes to learn are "
              + classes(train)
              + ", those to judge by "
              + classes(test)
              + "; the same are needed");
    }
  }

  private static String classes(LabeledImages images) {
    List<String> names = images.classNames();
    return names.isEmpty() ? Integer.toString(images.classes()) : names.toString();
  }

  /**
   * What the classes are called.
   *
   * @return names in the order of their numbers; empty if neither part has them
   */
  public List<String> classNames() {
    return train.classNames().isEmpty() ? test.classNames() : train.classNames();
  }
}
