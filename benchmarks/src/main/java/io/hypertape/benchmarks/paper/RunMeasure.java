package io.hypertape.benchmarks.paper;

/**
 * A figure that runs are judged by; less is better.
 *
 * @param name of its column, such as {@code test_error_percent}
 * @param text for people, with its unit, such as {@code test error (%)}
 * @param guessing that of one who only guesses, which is what a run that diverged is given
 */
record RunMeasure(String name, String text, double guessing) {

  /** The share of test images whose class is not found, in percent. */
  static RunMeasure error(int classes) {
    return new RunMeasure("test_error_percent", "test error (%)", 100 * (1 - 1.0 / classes));
  }

  /** That of a test text. */
  static RunMeasure perplexity(int characters) {
    return new RunMeasure("test_perplexity", "test perplexity", characters);
  }
}
