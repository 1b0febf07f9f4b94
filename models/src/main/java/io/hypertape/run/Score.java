package io.hypertape.run;

/** How well a model does on data that it has not learned from. */
public sealed interface Score permits Evaluation, LanguageEvaluation {

  /**
   * A line for people.
   *
   * @return such as {@code test error 3.20%}
   */
  String text();
}
