package io.hypertape.house;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendProvider;
import io.hypertape.autodiff.backend.BackendSettings;
import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.data.Strokes;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every public method is called as it should be, but for one thing: from another thread than the
 * session's, or when all is closed. It does its work or says what was wrong; from the other thread
 * nothing reaches the backend, and what was refused there is done afterwards as if nothing had
 * happened.
 */
// Whatever is public is called, what exchanges the standard output among it.
@Isolated
class ClosedAndElsewhereTest {

  private static final String OTHER = "elsewhere";

  /** What a backend may be asked from any thread: it computes nothing. */
  private static final Set<String> ASKED =
      Set.of(
          "name",
          "description",
          "fallbacks",
          "dtype",
          "has",
          "fuses",
          "fusesAffine",
          "fusesScaling",
          "canRecord");

  /** What would take from others what they need, or go to the network. */
  private static final Set<String> LEFT_OUT = Set.of("close", "download");

  private static boolean isExempt(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    return Throwable.class.isAssignableFrom(type)
        || LEFT_OUT.contains(executable.getName())
        // Seconds of drawing.
        || (type == Strokes.class && executable.getParameterCount() == 1)
        || PublicApi.isInner(executable);
  }

  private static List<Executable> executables(List<Class<?>> types) {
    List<Executable> all = new ArrayList<>();
    for (Class<?> type : types) {
      PublicApi.executables(type).filter(e -> !isExempt(e)).forEach(all::add);
    }
    return all;
  }

  /** One that notes what another thread asks of it. */
  private static Backend noting(Set<String> elsewhere) {
    BackendProvider reference =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("reference"))
            .findFirst()
            .orElseThrow();
    Backend real =
        reference.create(
            new BackendSettings(
                BackendSettings.Numbers.DEFAULT, 1, BackendSettings.Simd.AUTO, BlasChoice.OFF, 0));
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (Thread.currentThread().getName().equals(OTHER)
                  && !ASKED.contains(method.getName())) {
                elsewhere.add(method.getName());
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Object @Nullable [] arguments(Executable executable, Samples samples) {
    Object[] arguments = new Object[executable.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      Optional<Object> sample = samples.find(executable.getParameterTypes()[i]);
      if (sample.isEmpty()) {
        return null;
      }
      arguments[i] = sample.get();
    }
    return arguments;
  }

  /** What a call threw; empty if it threw nothing, or there is nothing to call it with. */
  private static Optional<Throwable> thrown(Executable executable, Samples samples) {
    Object[] arguments = arguments(executable, samples);
    Optional<Object> receiver = samples.find(executable.getDeclaringClass());
    boolean isOf = executable instanceof Method && !Modifier.isStatic(executable.getModifiers());
    if (arguments == null || (isOf && receiver.isEmpty())) {
      return Optional.empty();
    }
    try {
      if (executable instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) executable).invoke(isOf ? receiver.get() : null, arguments);
      }
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.of(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(executable.toString(), e);
    }
  }

  private static Optional<Throwable> thrownElsewhere(Executable executable, Samples samples)
      throws InterruptedException {
    List<Throwable> caught = new ArrayList<>();
    Thread other = new Thread(() -> thrown(executable, samples).ifPresent(caught::add), OTHER);
    other.start();
    other.join();
    return caught.stream().findFirst();
  }

  private static String named(Executable executable) {
    return executable.toGenericString().replaceAll("\\b(public|static|final|default) ", "");
  }

  private static String lines(Map<String, String> faults) {
    StringBuilder text = new StringBuilder();
    faults.forEach((name, fault) -> text.append('\n').append(name).append(" -> ").append(fault));
    return text.toString();
  }

  private static Map<String, String> ownersAnswers(List<Executable> all, Samples samples) {
    Map<String, String> answers = new LinkedHashMap<>();
    for (Executable executable : all) {
      answers.put(
          named(executable), thrown(executable, samples).map(Throwable::toString).orElse(""));
    }
    return answers;
  }

  private static Samples samples(Path folder, Set<String> reached) throws Exception {
    Path place = Files.createTempDirectory(folder, "samples");
    Samples samples = new Samples(place, Session.over(noting(reached)));
    samples.put(Careless.class, new Careless());
    return samples;
  }

  private static TreeMap<String, String> faultsElsewhere(List<Executable> all, Path folder)
      throws Exception {
    TreeMap<String, String> faults = new TreeMap<>();
    List<Executable> refused = new ArrayList<>();
    Set<String> reached = new TreeSet<>();
    Map<String, String> after;
    try (Samples samples = samples(folder, reached)) {
      for (Executable executable : all) {
        Optional<Throwable> thrown = thrownElsewhere(executable, samples);
        thrown.flatMap(Answers::fault).ifPresent(text -> faults.put(named(executable), text));
        if (!reached.isEmpty()) {
          faults.put(named(executable), "the backend is asked for " + reached);
          reached.clear();
        }
        if (thrown.isPresent() && String.valueOf(thrown.get().getMessage()).contains(OTHER)) {
          refused.add(executable);
        }
      }
      after = ownersAnswers(refused, samples);
    }
    try (Samples untouched = samples(folder, reached)) {
      // What the other thread may do changes what comes after, such as a listener's beginning.
      for (Executable executable : all) {
        if (!refused.contains(executable)) {
          thrownElsewhere(executable, untouched);
        }
      }
      Map<String, String> usual = ownersAnswers(refused, untouched);
      after.forEach(
          (name, answer) -> {
            if (!answer.equals(usual.get(name))) {
              faults.put(name, answer + " rather than " + usual.get(name));
            }
          });
    }
    return faults;
  }

  @Test
  void anotherThreadIsRefusedBeforeAnythingIsDone(@TempDir Path folder) throws Exception {
    assertEquals("", lines(faultsElsewhere(executables(PublicApi.types()), folder)));
  }

  /** Looks for its thread too late, or not at all. */
  public static final class Careless {
    private boolean begun;

    /** Is changed before the session refuses. */
    public void begin(Session session) {
      if (begun) {
        throw new IllegalStateException("it has begun already");
      }
      begun = true;
      session.scoped(() -> session.ones(1));
    }

    /** Takes the backend without asking whose it is. */
    public void reach(Session session) {
      INTERNALS.backend(session).synchronize();
    }

    /** Says nothing. */
    public void mute() {
      throw new IllegalStateException();
    }
  }

  @Test
  void whatDoesNotLookForItsThreadIsFound(@TempDir Path folder) throws Exception {
    TreeMap<String, String> found = faultsElsewhere(executables(List.of(Careless.class)), folder);
    assertEquals(3, found.size(), lines(found));
    assertTrue(lines(found).contains("it has begun already rather than "), lines(found));
    assertTrue(lines(found).contains("the backend is asked for "), lines(found));
  }

  @Test
  void whatIsClosedSaysSo(@TempDir Path folder) throws Exception {
    TreeMap<String, String> faults = new TreeMap<>();
    Samples samples = new Samples(folder);
    samples.close();
    for (Executable executable : executables(PublicApi.types())) {
      thrown(executable, samples)
          .flatMap(Answers::fault)
          .ifPresent(text -> faults.put(named(executable), text));
      thrownElsewhere(executable, samples)
          .flatMap(Answers::fault)
          .ifPresent(text -> faults.put(named(executable) + " elsewhere", text));
    }
    assertEquals("", lines(faults));
  }
}
