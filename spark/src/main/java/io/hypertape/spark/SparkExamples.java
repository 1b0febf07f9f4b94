package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import io.hypertape.data.Dataset;
import io.hypertape.data.Targets;
import java.util.Comparator;
import java.util.List;

/** Rows in a worker's memory, in the order of their ids. */
final class SparkExamples implements Dataset {

  private final String name;
  private final List<Integer> shape;
  private final Targets targets;
  private final List<SparkExample> examples;

  SparkExamples(String name, List<Integer> shape, Targets targets, List<SparkExample> all) {
    this.name = name;
    this.shape = List.copyOf(shape);
    this.targets = targets;
    this.examples = all.stream().sorted(Comparator.comparingLong(SparkExample::id)).toList();
    examples.forEach(this::check);
  }

  private void check(SparkExample example) {
    if (example.features() != features()) {
      throw new IllegalArgumentException(
          name
              + ": row "
              + example.id()
              + " has "
              + example.features()
              + " values; "
              + features()
              + " are needed");
    }
    if (targets instanceof Targets.Classes classes) {
      if (example.label() < 0 || example.label() >= classes.count()) {
        throw new IllegalArgumentException(
            name
                + ": row "
                + example.id()
                + " is of class "
                + example.label()
                + "; 0 to "
                + (classes.count() - 1)
                + " would fit");
      }
    } else if (example.target().length != targets.outputs()) {
      throw new IllegalArgumentException(
          name
              + ": row "
              + example.id()
              + " has "
              + example.target().length
              + " numbers to be foretold; "
              + targets.outputs()
              + " are needed");
    }
  }

  private SparkExample at(int example) {
    return examples.get(Places.check(name + ": example", example, examples.size()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public Targets targets() {
    return targets;
  }

  @Override
  public void copyInput(int example, float[] into, int at) {
    Nulls.check(into, "copyInput: into");
    Places.room(name + ": input", into.length, at, features());
    at(example).copyInput(into, at);
  }

  @Override
  public int label(int example) {
    return targets instanceof Targets.Classes ? at(example).label() : Dataset.super.label(example);
  }

  @Override
  public void copyTarget(int example, float[] into, int at) {
    Nulls.check(into, "copyTarget: into");
    if (targets instanceof Targets.Classes) {
      Dataset.super.copyTarget(example, into, at);
    }
    float[] target = at(example).target();
    Places.room(name + ": target", into.length, at, target.length);
    if (targets instanceof Targets.Numbers numbers) {
      for (int k = 0; k < target.length; k++) {
        into[at + k] = (float) numbers.standardization().apply(k, target[k]);
      }
    } else {
      System.arraycopy(target, 0, into, at, target.length);
    }
  }

  @Override
  public long id(int example) {
    return at(example).id();
  }
}
