package io.hypertape.run;

import java.util.Map;

/** How well a model does on data that it has not learned from. */
public sealed interface Score permits Evaluation, LanguageEvaluation {

  /**
   * A line for people.
   *
   * @return such as {@code test error 3.20%}
   */
  String text();

  /**
   * All of it, as a table's columns.
   *
   * @return numbers by name, such as {@code test_error}, in an order that is always the same
   */
  Map<String, Double> numbers();
}
