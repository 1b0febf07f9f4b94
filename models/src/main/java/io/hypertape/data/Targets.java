package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.HashSet;
import java.util.List;

/** What is to be foretold of every example of a set. */
public sealed interface Targets {

  /**
   * How many numbers a model gives for it.
   *
   * @return at least 1
   */
  int outputs();

  /**
   * What the outputs are called.
   *
   * @return names in their order; empty if they have none
   */
  List<String> names();

  /**
   * What kind it is, for people.
   *
   * @return such as {@code 3 classes}
   */
  String text();

  /**
   * One of several classes.
   *
   * @param count how many there are, at least 1
   * @param names what they are called, in the order of their numbers; empty if that is not known
   */
  record Classes(int count, List<String> names) implements Targets {

    /** Checks that names and number fit together. */
    public Classes {
      names = Nulls.copy(names, "classes: names");
      if (count < 1) {
        throw new IllegalArgumentException(count + " classes; at least 1 is needed");
      }
      if (!names.isEmpty() && names.size() != count) {
        throw new IllegalArgumentException(names.size() + " names for " + count + " classes");
      }
      different("classes", names);
    }

    /**
     * Classes that have names.
     *
     * @param names what they are called, in the order of their numbers
     */
    public Classes(List<String> names) {
      this(Nulls.check(names, "classes: names").size(), names);
    }

    @Override
    public int outputs() {
      return count;
    }

    @Override
    public String text() {
      return count + (count == 1 ? " class" : " classes");
    }
  }

  /**
   * Labels of which each may hold or not.
   *
   * @param names what they are called, at least one
   */
  record Labels(List<String> names) implements Targets {

    /** Checks the names. */
    public Labels {
      names = Nulls.copy(names, "labels: names");
      atLeastOne("labels", names);
    }

    @Override
    public int outputs() {
      return names.size();
    }

    @Override
    public String text() {
      return names.size() + (names.size() == 1 ? " label" : " labels");
    }
  }

  /**
   * Real numbers. A set gives them standardized, so that errors of numbers in large and small units
   * count alike, and training begins near them; {@link Standardization#restore} gives them in their
   * own units.
   *
   * @param names what they are called, at least one
   * @param standardization what has become of them, number by number
   */
  record Numbers(List<String> names, Standardization standardization) implements Targets {

    /** Checks names and standardization. */
    public Numbers {
      names = Nulls.copy(names, "numbers: names");
      Nulls.check(standardization, "numbers: standardization");
      atLeastOne("numbers", names);
      if (standardization.size() != names.size()) {
        throw new IllegalArgumentException(
            "a standardization of "
                + standardization.size()
                + " numbers for "
                + names.size()
                + ": "
                + names);
      }
    }

    /**
     * Numbers that are given as they are.
     *
     * @param names what they are called, at least one
     */
    public Numbers(List<String> names) {
      this(names, Standardization.none(Nulls.check(names, "numbers: names").size()));
    }

    @Override
    public int outputs() {
      return names.size();
    }

    @Override
    public String text() {
      return names.size() == 1 ? "a number" : names.size() + " numbers";
    }
  }

  private static void atLeastOne(String what, List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("no " + what + "; at least one name is needed");
    }
    different(what, names);
  }

  private static void different(String what, List<String> names) {
    HashSet<String> met = new HashSet<>();
    for (String name : names) {
      if (!met.add(name)) {
        throw new IllegalArgumentException(
            what + ": two are called '" + name + "'; different names are needed");
      }
    }
  }
}
