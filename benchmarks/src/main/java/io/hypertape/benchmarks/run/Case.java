package io.hypertape.benchmarks.run;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * One JMH benchmark with its own parameters; those of the kernels' state, mode and threads, are set
 * for each run.
 *
 * @param type the class
 * @param method the method
 * @param params value by name
 */
record Case(Class<?> type, String method, Map<String, String> params) {

  private static final String THREADS = "threads";

  /** How it is called in tables and matched by {@code --filter}. */
  String label() {
    return params.isEmpty() ? method : method + " " + String.join(" ", params.values());
  }

  /** A regular expression that only it matches. */
  String include() {
    return "^" + Pattern.quote(type.getName() + "." + method) + "$";
  }

  /** All benchmarks of some classes whose label a pattern is found in, in the order written. */
  static List<Case> of(List<Class<?>> types, Pattern filter) {
    List<Case> cases = new ArrayList<>();
    for (Class<?> type : types) {
      List<Method> methods =
          Arrays.stream(type.getMethods())
              .filter(m -> m.isAnnotationPresent(Benchmark.class))
              .sorted(Comparator.comparing(Method::getName))
              .toList();
      for (Method method : methods) {
        for (Map<String, String> params : combinations(type)) {
          cases.add(new Case(type, method.getName(), params));
        }
      }
    }
    return cases.stream().filter(c -> filter.matcher(c.label()).find()).toList();
  }

  private static List<Map<String, String>> combinations(Class<?> type) {
    List<Map<String, String>> all = List.of(Map.of());
    for (Field field : type.getFields()) {
      Param param = field.getAnnotation(Param.class);
      if (param == null || field.getName().equals(THREADS)) {
        continue;
      }
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> some : all) {
        for (String value : param.value()) {
          Map<String, String> one = new LinkedHashMap<>(some);
          one.put(field.getName(), value);
          longer.add(one);
        }
      }
      all = longer;
    }
    return all;
  }
}
