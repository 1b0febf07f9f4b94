package io.hypertape.data;

import java.util.List;

/** Some examples of a set. */
final class Subset implements Dataset {

  private final String name;
  private final Dataset whole;
  private final int[] examples;

  Subset(String name, Dataset whole, int[] examples) {
    this.name = name;
    this.whole = whole;
    this.examples = examples;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return examples.length;
  }

  @Override
  public List<Integer> shape() {
    return whole.shape();
  }

  @Override
  public Targets targets() {
    return whole.targets();
  }

  @Override
  public void copyInput(int example, float[] into, int at) {
    whole.copyInput(examples[example], into, at);
  }

  @Override
  public int label(int example) {
    return whole.label(examples[example]);
  }

  @Override
  public void copyTarget(int example, float[] into, int at) {
    whole.copyTarget(examples[example], into, at);
  }

  @Override
  public boolean isWeighted() {
    return whole.isWeighted();
  }

  @Override
  public float weight(int example) {
    return whole.weight(examples[example]);
  }

  @Override
  public long id(int example) {
    return whole.id(examples[example]);
  }

  @Override
  public String toString() {
    return name + ": " + size() + " examples of " + shape() + ", " + targets().text();
  }
}
