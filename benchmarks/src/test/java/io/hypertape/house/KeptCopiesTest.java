package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Public records keep copies of lists, sets and maps: who changes afterwards what was given, or
 * what is given back, changes no value.
 */
// Opens sessions, and files.
@Isolated
class KeptCopiesTest {

  private static boolean holds(Class<?> type) {
    return type == List.class || type == Set.class || type == Map.class;
  }

  private static Optional<Object> element(Type type, int place, Samples samples) {
    return type instanceof ParameterizedType generic
            && generic.getActualTypeArguments()[place] instanceof Class<?> held
        ? samples.find(held)
        : Optional.empty();
  }

  /** One that can be changed, with an element if there is a sample. */
  private static Object changeable(RecordComponent component, Samples samples) {
    Type type = component.getGenericType();
    Optional<Object> first = element(type, 0, samples);
    if (component.getType() == Map.class) {
      Map<Object, Object> map = new LinkedHashMap<>();
      first.ifPresent(key -> element(type, 1, samples).ifPresent(value -> map.put(key, value)));
      return map;
    }
    List<Object> list = new ArrayList<>(first.stream().toList());
    return component.getType() == Set.class ? new LinkedHashSet<>(list) : list;
  }

  private static int size(Object held) {
    return held instanceof Map<?, ?> map ? map.size() : ((Collection<?>) held).size();
  }

  @SuppressWarnings("unchecked")
  private static void change(Object held, Object more) {
    if (held instanceof Map<?, ?> map) {
      ((Map<Object, Object>) map).put(more, more);
    } else {
      ((Collection<Object>) held).add(more);
    }
  }

  /** Whether a record was made; what it keeps that can be changed is told. */
  private static boolean isMade(Class<?> type, Samples samples, Map<String, String> faults)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] =
          holds(types[i])
              ? changeable(components[i], samples)
              : samples.find(types[i]).orElse(null);
    }
    Object made;
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      made = constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      // It wants other values.
      return false;
    }
    for (int i = 0; i < components.length; i++) {
      if (!holds(types[i])) {
        continue;
      }
      String name = type.getSimpleName() + "." + components[i].getName();
      int before = size(components[i].getAccessor().invoke(made));
      change(arguments[i], "more");
      if (before != size(components[i].getAccessor().invoke(made))) {
        faults.put(name, "it changes with what it was given");
      }
      try {
        change(components[i].getAccessor().invoke(made), "more");
        faults.put(name, "what it gives can be changed");
      } catch (UnsupportedOperationException e) {
        // As it should be.
      }
    }
    return true;
  }

  private static Map<String, String> faults(List<Class<?>> types, Path folder, List<String> made)
      throws Exception {
    Map<String, String> faults = new TreeMap<>();
    try (Samples samples = new Samples(folder)) {
      for (Class<?> type : types) {
        if (type.isRecord()
            && List.of(type.getRecordComponents()).stream().anyMatch(c -> holds(c.getType()))
            && isMade(type, samples, faults)) {
          made.add(type.getSimpleName());
        }
      }
    }
    return faults;
  }

  @Test
  void recordsKeepCopies(@TempDir Path folder) throws Exception {
    List<String> made = new ArrayList<>();
    assertEquals(Map.of(), faults(PublicApi.types(), folder, made));
    assertTrue(made.size() > 10, made.toString());
  }

  /** Keeps what it is given. */
  public record Careless(List<String> texts, Map<String, String> byName) {}

  @Test
  void whatKeepsWhatItIsGivenIsFound(@TempDir Path folder) throws Exception {
    Map<String, String> found = faults(List.of(Careless.class), folder, new ArrayList<>());
    assertEquals(Set.of("Careless.texts", "Careless.byName"), found.keySet());
  }
}
