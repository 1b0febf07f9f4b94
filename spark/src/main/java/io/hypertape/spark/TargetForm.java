package io.hypertape.spark;

import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * Targets as they are sent to workers.
 *
 * @param kind which of them
 * @param count of classes
 * @param names what outputs are called
 * @param mean of numbers
 * @param deviation of numbers
 */
record TargetForm(Kind kind, int count, ArrayList<String> names, double[] mean, double[] deviation)
    implements Serializable {

  /** Kinds of targets. */
  enum Kind {
    CLASSES,
    LABELS,
    NUMBERS
  }

  private static final double[] NONE = {};

  static TargetForm of(Targets targets) {
    ArrayList<String> names = new ArrayList<>(targets.names());
    return switch (targets) {
      case Targets.Classes classes ->
          new TargetForm(Kind.CLASSES, classes.count(), names, NONE, NONE);
      case Targets.Labels unused -> new TargetForm(Kind.LABELS, 0, names, NONE, NONE);
      case Targets.Numbers numbers ->
          new TargetForm(
              Kind.NUMBERS,
              0,
              names,
              numbers.standardization().mean(),
              numbers.standardization().deviation());
    };
  }

  Targets targets() {
    return switch (kind) {
      case CLASSES -> new Targets.Classes(count, names);
      case LABELS -> new Targets.Labels(names);
      case NUMBERS -> new Targets.Numbers(names, new Standardization(mean, deviation));
    };
  }
}
