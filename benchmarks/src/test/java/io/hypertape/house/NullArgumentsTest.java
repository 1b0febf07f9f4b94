package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.run.TrainingListener;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * No null crosses a public border: every public constructor and method of the packages that are
 * exported to everybody refuses one with an exception whose message names the parameter. Each is
 * called with null in each place, and with {@link Samples} in the others.
 */
// Whatever is public is called, what exchanges the standard output among it.
@Isolated
class NullArgumentsTest {

  /** What happened with null in one place. */
  private enum Outcome {
    REFUSED,
    /** In other words than those of null. */
    REFUSED_OTHERWISE,
    /** There is no sample to call it with. */
    NOT_CALLED,
    ACCEPTED
  }

  private record Result(Executable executable, Parameter parameter, Outcome outcome, String text) {

    @Override
    public String toString() {
      return executable.getDeclaringClass().getSimpleName()
          + "."
          + (executable instanceof Method m ? m.getName() : "new")
          + "(… "
          + parameter.getType().getSimpleName()
          + " "
          + parameter.getName()
          + " …): "
          + text;
    }
  }

  private static boolean isExempt(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    // An exception about an exception would hide what it was made for.
    return Throwable.class.isAssignableFrom(type)
        // Called by this library; what is not overridden does nothing, or is not supported.
        || type == TrainingListener.class
        || PublicApi.isInner(executable);
  }

  private static boolean mayBeNull(Executable executable, int i) {
    return executable.getAnnotatedParameterTypes()[i].isAnnotationPresent(Nullable.class);
  }

  private static List<Result> results(Class<?> type, Samples samples) {
    List<Result> results = new ArrayList<>();
    PublicApi.executables(type)
        .filter(executable -> !isExempt(executable))
        .forEach(
            executable -> {
              for (int i = 0; i < executable.getParameterCount(); i++) {
                if (!executable.getParameterTypes()[i].isPrimitive() && !mayBeNull(executable, i)) {
                  results.add(call(executable, i, samples));
                }
              }
            });
    return results;
  }

  private static Result call(Executable executable, int place, Samples samples) {
    Parameter parameter = executable.getParameters()[place];
    return call(executable, place, null, parameter.getName() + " is null", samples);
  }

  private static Result call(
      Executable executable, int place, @Nullable Object value, String said, Samples samples) {
    Parameter parameter = executable.getParameters()[place];
    Object[] arguments = new Object[executable.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      Class<?> type = executable.getParameterTypes()[i];
      Optional<Object> sample = i == place ? Optional.empty() : samples.find(type);
      if (i != place && sample.isEmpty()) {
        return new Result(executable, parameter, Outcome.NOT_CALLED, "no sample of " + type);
      }
      arguments[i] = i == place ? value : sample.orElse(null);
    }
    try {
      if (executable instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        Object receiver = null;
        if (!Modifier.isStatic(executable.getModifiers())) {
          Optional<Object> sample = samples.find(executable.getDeclaringClass());
          if (sample.isEmpty()) {
            return new Result(executable, parameter, Outcome.NOT_CALLED, "no receiver");
          }
          receiver = sample.get();
        }
        ((Method) executable).invoke(receiver, arguments);
      }
      return new Result(executable, parameter, Outcome.ACCEPTED, "null is accepted");
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getCause();
      String message = String.valueOf(thrown.getMessage());
      boolean named =
          (thrown instanceof NullPointerException || thrown instanceof IllegalArgumentException)
              && Answers.fault(thrown).isEmpty()
              && message.matches("(?s)(.*\\W)?" + said);
      // A message that quotes null has taken it for a value.
      boolean spoken =
          Answers.fault(thrown).isEmpty() && !message.matches("(?s).*['\\[ ]null['\\]].*");
      Outcome outcome = spoken ? Outcome.REFUSED_OTHERWISE : Outcome.ACCEPTED;
      return new Result(
          executable, parameter, named ? Outcome.REFUSED : outcome, thrown.toString());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(executable.toString(), e);
    }
  }

  @Test
  void everyPublicBorderRefusesNullByName(@TempDir Path folder) throws Exception {
    List<Result> all = new ArrayList<>();
    try (Samples samples = new Samples(folder)) {
      for (Class<?> type : PublicApi.types()) {
        all.addAll(results(type, samples));
      }
    }
    List<String> accepted =
        all.stream()
            .filter(
                r -> r.outcome() == Outcome.ACCEPTED || r.outcome() == Outcome.REFUSED_OTHERWISE)
            .map(Result::toString)
            .toList();
    List<String> notCalled =
        all.stream().filter(r -> r.outcome() == Outcome.NOT_CALLED).map(Result::toString).toList();
    assertEquals("", String.join("\n", accepted), "null goes through, or is not named");
    assertEquals("", String.join("\n", notCalled), "Samples lacks a value");
    assertTrue(all.size() > 500, all.size() + " places");
  }

  private static boolean mayHoldNull(Executable executable, int i) {
    AnnotatedType type = executable.getAnnotatedParameterTypes()[i];
    List<AnnotatedType> held =
        type instanceof AnnotatedArrayType array
            ? List.of(array.getAnnotatedGenericComponentType())
            : type instanceof AnnotatedParameterizedType generic
                ? List.of(generic.getAnnotatedActualTypeArguments())
                : List.of();
    return held.stream().anyMatch(element -> element.isAnnotationPresent(Nullable.class));
  }

  /** What the argument may hold, at the given place among a generic type's own. */
  private static @Nullable Object element(
      Executable executable, int i, int place, Samples samples) {
    Class<?> type = executable.getParameterTypes()[i];
    if (type.isArray()) {
      return samples.find(type.getComponentType()).orElse(null);
    }
    return executable.getGenericParameterTypes()[i] instanceof ParameterizedType generic
            && generic.getActualTypeArguments()[place] instanceof Class<?> held
        ? samples.find(held).orElse(null)
        : null;
  }

  /** Arguments that hold null: alone, and after something that fits. */
  private static List<Object> holdingNull(Executable executable, int i, Samples samples) {
    Class<?> type = executable.getParameterTypes()[i];
    if (type == Map.class) {
      return List.of(
          Collections.singletonMap(element(executable, i, 0, samples), null),
          Collections.singletonMap(null, element(executable, i, 1, samples)));
    }
    boolean holds =
        List.of(List.class, Collection.class, Set.class, Iterator.class, Stream.class)
                .contains(type)
            || (type.isArray() && !type.getComponentType().isPrimitive());
    if (!holds) {
      return List.of();
    }
    Object first = element(executable, i, 0, samples);
    List<Object> all = new ArrayList<>();
    for (List<Object> held : List.of(Arrays.asList((Object) null), Arrays.asList(first, null))) {
      if (type.isArray()) {
        all.add(held.toArray((Object[]) Array.newInstance(type.getComponentType(), held.size())));
      } else if (type == Iterator.class) {
        all.add(held.iterator());
      } else if (type == Stream.class) {
        all.add(held.stream());
      } else {
        all.add(type == Set.class ? new LinkedHashSet<>(held) : held);
      }
    }
    return all;
  }

  /** Of elements all that is told is what they are in. */
  private static List<Result> elementResults(Class<?> type, Samples samples) {
    List<Result> results = new ArrayList<>();
    PublicApi.executables(type)
        .filter(executable -> !isExempt(executable))
        .forEach(
            executable -> {
              for (int i = 0; i < executable.getParameterCount(); i++) {
                if (!mayHoldNull(executable, i)) {
                  for (Object value : holdingNull(executable, i, samples)) {
                    results.add(call(executable, i, value, ".* is null", samples));
                  }
                }
              }
            });
    return results;
  }

  @Test
  void noListArrayOrMapBringsNullIn(@TempDir Path folder) throws Exception {
    List<Result> all = new ArrayList<>();
    try (Samples samples = new Samples(folder)) {
      for (Class<?> type : PublicApi.types()) {
        all.addAll(elementResults(type, samples));
      }
    }
    String accepted =
        all.stream()
            .filter(r -> r.outcome() == Outcome.ACCEPTED)
            .map(Result::toString)
            .distinct()
            .collect(Collectors.joining("\n"));
    assertEquals("", accepted, "null goes through, or is not named");
    assertTrue(all.size() > 100, all.size() + " places");
  }

  /** Accepts null, and refuses it without a name. */
  public static final class Careless {
    /** Does not look. */
    public static void accept(String text) {}

    /** Looks too late. */
    public static int length(String text) {
      return text.length();
    }

    /** Says so. */
    public static void perhaps(@Nullable String text) {}
  }

  /** Holds null, and refuses it without a name. */
  public static final class Holding {
    /** Does not look. */
    public static void hold(List<String> texts) {}

    /** Lets Java look. */
    public static List<String> copy(List<String> texts) {
      return List.copyOf(texts);
    }

    /** Says so. */
    public static void perhaps(List<@Nullable String> texts) {}
  }

  @Test
  void whatBringsNullInIsFound(@TempDir Path folder) throws Exception {
    try (Samples samples = new Samples(folder)) {
      List<Result> results = elementResults(Holding.class, samples);
      assertEquals(4, results.size(), results.toString());
      assertTrue(
          results.stream().allMatch(r -> r.outcome() == Outcome.ACCEPTED), results.toString());
    }
  }

  @Test
  void whatGoesThroughIsFound(@TempDir Path folder) throws Exception {
    try (Samples samples = new Samples(folder)) {
      List<Result> results = results(Careless.class, samples);
      assertEquals(2, results.size(), results.toString());
      assertTrue(
          results.stream().allMatch(r -> r.outcome() == Outcome.ACCEPTED), results.toString());
    }
  }
}
