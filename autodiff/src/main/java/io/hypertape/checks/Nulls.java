package io.hypertape.checks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses null where callers hand something over, by name: what they read is 'add: other is null'
 * and not which variable of this library was dereferenced.
 */
public final class Nulls {

  private Nulls() {}

  /**
   * Checks an argument.
   *
   * @param value the argument
   * @param what the operation and the parameter's name, such as {@code add: other}
   * @param <T> its type
   * @return the argument
   * @throws NullPointerException if it is null
   */
  public static <T> T check(@Nullable T value, String what) {
    if (value == null) {
      throw new NullPointerException(what + " is null");
    }
    return value;
  }

  /**
   * Checks an argument of an operation whose name is known when it runs.
   *
   * @param value the argument
   * @param operation the operation's name, such as {@code add}
   * @param parameter the parameter's name, such as {@code other}
   * @param <T> its type
   * @return the argument
   * @throws NullPointerException if it is null
   */
  public static <T> T check(@Nullable T value, String operation, String parameter) {
    if (value == null) {
      throw new NullPointerException(operation + ": " + parameter + " is null");
    }
    return value;
  }

  /**
   * Checks a list and its elements, without a copy.
   *
   * @param list the argument
   * @param what the operation and the parameter's name
   * @param <T> type of the elements
   * @return the argument
   * @throws NullPointerException if it or an element is null
   */
  public static <T> List<T> checkAll(@Nullable List<T> list, String what) {
    for (int i = 0; i < check(list, what).size(); i++) {
      if (list.get(i) == null) {
        throw new NullPointerException(what + "[" + i + "] is null");
      }
    }
    return list;
  }

  /**
   * Checks a list and its elements.
   *
   * @param list the argument
   * @param what the operation and the parameter's name
   * @param <T> type of the elements
   * @return an unmodifiable copy
   * @throws NullPointerException if it or an element is null
   */
  public static <T> List<T> copy(@Nullable List<T> list, String what) {
    return List.copyOf(checkAll(list, what));
  }

  /**
   * Checks an array and its elements.
   *
   * @param array the argument
   * @param what the operation and the parameter's name
   * @param <T> type of the elements
   * @return an unmodifiable copy
   * @throws NullPointerException if it or an element is null
   */
  public static <T> List<T> copy(@Nullable T @Nullable [] array, String what) {
    return copy(Arrays.asList(check(array, what)), what);
  }

  /**
   * Checks a map, its keys and its values.
   *
   * @param map the argument
   * @param what the operation and the parameter's name
   * @param <K> type of the keys
   * @param <V> type of the values
   * @return a copy in the same order
   * @throws NullPointerException if it, a key or a value is null
   */
  public static <K, V> Map<K, V> copy(@Nullable Map<? extends K, ? extends V> map, String what) {
    Map<K, V> copy = new LinkedHashMap<>();
    check(map, what)
        .forEach(
            (key, value) ->
                copy.put(check(key, "a key of " + what), check(value, what + " of '" + key + "'")));
    return copy;
  }
}
