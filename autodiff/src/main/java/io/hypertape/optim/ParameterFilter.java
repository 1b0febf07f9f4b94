package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.checks.Nulls;
import java.util.function.Predicate;

/**
 * Which parameters a {@link ParameterGroup} takes: those whose names a pattern matches, or those
 * for which a predicate holds. Filters are equal if their patterns are, or if their names are and
 * their predicates are.
 */
public sealed interface ParameterFilter {

  /**
   * Whether a parameter is one of them.
   *
   * @param parameter any parameter
   * @return true if it is
   */
  boolean matches(Parameter parameter);

  /**
   * The filter in a tower's text.
   *
   * @return the pattern; of a predicate {@code @} and its name, which cannot be read back
   */
  String text();

  /**
   * Parameters by their names.
   *
   * @param pattern alternatives with {@code |} between them, as in {@code *.bias|*.gamma}; {@code
   *     *} stands for any characters, also none, {@code ?} for one, and letters, digits and {@code
   *     . _ - / [ ]} for themselves; spaces beside {@code |} do not matter
   * @return the filter
   * @throws TowerSyntaxException if there is something else in it; the message points at the
   *     character
   */
  static ParameterFilter named(String pattern) {
    return new Named(pattern);
  }

  /**
   * Parameters for which a predicate holds, such as {@code where("biases", parameter ->
   * parameter.shape().length == 1)}. In a tower's text it is {@code @biases}, which only a program
   * can give a meaning to: {@link Tower#parse} refuses it.
   *
   * @param name what texts and messages call it: letters, digits, dots, hyphens and underscores
   * @param predicate the choice, which is the same whenever it is asked
   * @return the filter
   */
  static ParameterFilter where(String name, Predicate<? super Parameter> predicate) {
    return new Where(name, predicate);
  }

  /**
   * What {@link #named} makes.
   *
   * @param pattern the pattern, without spaces
   */
  record Named(String pattern) implements ParameterFilter {

    /** Reads the pattern. */
    public Named {
      pattern = NamePattern.parse(Nulls.check(pattern, "filter: pattern"));
    }

    @Override
    public boolean matches(Parameter parameter) {
      return NamePattern.matches(pattern, Nulls.check(parameter, "matches: parameter").name());
    }

    @Override
    public String text() {
      return pattern;
    }
  }

  /**
   * What {@link #where} makes.
   *
   * @param name what texts and messages call it
   * @param predicate the choice
   */
  record Where(String name, Predicate<? super Parameter> predicate) implements ParameterFilter {

    /** Checks the name. */
    public Where {
      Nulls.check(name, "filter: name");
      Nulls.check(predicate, "filter " + name + ": predicate");
      if (name.isEmpty() || !name.chars().allMatch(c -> TextScanner.isNamePart((char) c))) {
        throw new IllegalArgumentException(
            "a filter cannot be called '"
                + name
                + "'; letters, digits, dots, hyphens and underscores are needed, as in no-decay");
      }
    }

    @Override
    public boolean matches(Parameter parameter) {
      return predicate.test(Nulls.check(parameter, "matches: parameter"));
    }

    @Override
    public String text() {
      return "@" + name;
    }
  }
}
