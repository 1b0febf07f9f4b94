package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.List;

/** What an optimizer says of itself, which may be a user's own: null is named where it appears. */
final class Declared {

  private Declared() {}

  static String name(Optimizer optimizer) {
    return Nulls.check(optimizer.name(), "optimizer.name()");
  }

  static List<Hyperparameter> hyperparameters(Optimizer optimizer) {
    return all(optimizer, optimizer.hyperparameters(), "hyperparameters()");
  }

  static List<StateVariable> state(Optimizer optimizer, int... shape) {
    return all(optimizer, optimizer.state(shape), "state(shape)");
  }

  static List<StateVariable> shared(Optimizer optimizer) {
    return all(optimizer, optimizer.shared(), "shared()");
  }

  static List<String> parameters(Optimizer optimizer) {
    return all(optimizer, optimizer.parameters(), "parameters()");
  }

  static List<String> stepSizes(Optimizer optimizer) {
    return all(optimizer, optimizer.stepSizes(), "stepSizes()");
  }

  static Updated update(Optimizer optimizer, Update u) {
    return Nulls.check(
        optimizer.update(u), "optimizer '" + name(optimizer) + "': what update(u) gives");
  }

  private static <T> List<T> all(Optimizer optimizer, List<T> given, String what) {
    return Nulls.checkAll(given, "optimizer '" + name(optimizer) + "': " + what);
  }

  /** Ends in a parenthesis, before which a tower's text puts what is its own. */
  static String text(Optimizer optimizer) {
    String text = Nulls.check(optimizer.text(), "optimizer '" + name(optimizer) + "': text()");
    if (!text.endsWith(")")) {
      throw new IllegalArgumentException(
          "optimizer '"
              + name(optimizer)
              + "': its text() is '"
              + text
              + "'; arguments in parentheses at its end, as in 'sgd(0.1)', would fit");
    }
    return text;
  }
}
