package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.Targets;
import io.hypertape.house.ForeignUses.Use;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What users implement themselves may be wrong: a model that returns null, a set of negative size,
 * a loss of another session's. Each method of each interface that this library asks gives each
 * wrong answer once, while all its other methods are right; what is done with it then works, or
 * says what was wrong, and throws nothing that only the inside of a library throws.
 */
// Writes files and opens sessions; what was written is of no use.
@Isolated
class ForeignObjectsTest {

  /** A wrong answer, for people and for the one who asks. */
  private record Wrong(String text, Proxies.Answer answer) {

    static Wrong of(String text, @Nullable Object value) {
      return new Wrong(text, right -> value);
    }
  }

  private static List<Wrong> wrongAnswers(Method method, Session session, Session other) {
    List<Wrong> all = new ArrayList<>();
    all.add(
        new Wrong(
            "an exception",
            right -> {
              throw new Answers.Thrown();
            }));
    Class<?> type = method.getReturnType();
    if (!type.isPrimitive()) {
      all.add(Wrong.of("null", null));
    }
    if (type == int.class) {
      for (int value : new int[] {-1, 0, 7, Integer.MIN_VALUE}) {
        all.add(Wrong.of("" + value, value));
      }
    } else if (type == long.class) {
      all.add(Wrong.of("-1", -1L));
    } else if (type == float.class) {
      for (float value : new float[] {-1, 0, Float.NaN, Float.POSITIVE_INFINITY}) {
        all.add(Wrong.of("" + value, value));
      }
    } else if (type == boolean.class) {
      all.add(new Wrong("the opposite", right -> !(Boolean) right));
    } else if (type == String.class) {
      for (String value : List.of("", "\0", "a/../b")) {
        all.add(Wrong.of("'" + value + "'", value));
      }
    } else if (type == List.class) {
      all.addAll(wrongLists(method));
    } else if (type == Map.class) {
      all.add(Wrong.of("a null value", Collections.singletonMap("x", null)));
      all.add(Wrong.of("a null key", Collections.singletonMap(null, "x")));
    } else if (type == Targets.class) {
      all.add(Wrong.of("other classes", new Targets.Classes(9, List.of())));
      all.add(Wrong.of("numbers", new Targets.Numbers(List.of("x"))));
      all.add(Wrong.of("labels", new Targets.Labels(List.of("x", "y", "z"))));
    } else if (type == Tensor.class || type == Object.class) {
      tensors(session, other).forEach((text, tensor) -> all.add(Wrong.of(text, tensor)));
    }
    return all;
  }

  private static List<Wrong> wrongLists(Method method) {
    List<Wrong> all = new ArrayList<>();
    all.add(Wrong.of("an empty list", List.of()));
    all.add(Wrong.of("a list with null", Arrays.asList((Object) null)));
    all.add(new Wrong("one null more", right -> plus((List<?>) right, null)));
    all.add(
        new Wrong(
            "the last twice",
            right ->
                ((List<?>) right).isEmpty()
                    ? right
                    : plus((List<?>) right, last((List<?>) right))));
    if (method.getGenericReturnType().getTypeName().contains("Integer")) {
      for (List<Integer> value :
          List.of(
              List.of(0), List.of(-1), List.of(7), List.of(2, 2), List.of(1 << 30, 1 << 30, 4))) {
        all.add(Wrong.of("" + value, value));
      }
    }
    return all;
  }

  private static List<Object> plus(List<?> list, @Nullable Object more) {
    List<Object> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }

  private static Object last(List<?> list) {
    return list.getLast();
  }

  private static Map<String, Tensor> tensors(Session session, Session other) {
    Map<String, Tensor> all = new TreeMap<>();
    all.put("a scalar", session.constant(1));
    all.put("no number", session.constant(Double.NaN));
    all.put("none at all", session.zeros(0, 3));
    all.put("too many axes", session.ones(1, 1, 2, 2));
    all.put("other lengths", session.ones(5, 7));
    all.put("integers", session.indices(new int[] {0, -1}));
    all.put("another session's", other.ones(2, 3));
    all.put("a closed one", session.scoped(() -> session.ones(2)));
    return all;
  }

  private static Stream<Method> methods(Class<?> type) {
    Map<String, Method> all = new HashMap<>();
    for (Method method : type.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers()) && method.getDeclaringClass() != Object.class) {
        String name = method.getName() + Arrays.toString(method.getParameterTypes());
        Method before = all.get(name);
        // The one that is declared last says more of what it returns.
        if (before == null || before.getReturnType().isAssignableFrom(method.getReturnType())) {
          all.put(name, method);
        }
      }
    }
    return all.values().stream().sorted((a, b) -> a.toString().compareTo(b.toString()));
  }

  /** What was answered in a way that no user should be, by what was wrong. */
  private static TreeMap<String, String> faults(List<Use<?>> uses, Path folder) throws Exception {
    TreeMap<String, String> faults = new TreeMap<>();
    for (Use<?> use : uses) {
      faults(use, folder, faults);
    }
    return faults;
  }

  private static <T> void faults(Use<T> use, Path folder, TreeMap<String, String> faults)
      throws Exception {
    for (Method method : methods(use.type()).toList()) {
      int answers;
      try (Session session = Session.open(Device.REFERENCE)) {
        answers = wrongAnswers(method, session, session).size();
      }
      for (int i = 0; i < answers; i++) {
        try (Session session = Session.open(Device.REFERENCE);
            Session other = Session.open(Device.REFERENCE)) {
          Wrong wrong = wrongAnswers(method, session, other).get(i);
          Path place = Files.createTempDirectory(folder, "use");
          T right = use.right().make(session, place);
          String name = use.text() + ": " + method.getName() + " gives " + wrong.text();
          try {
            use.work().run(session, Proxies.but(use.type(), right, method, wrong.answer()), place);
          } catch (Answers.Thrown e) {
            // As it should be.
          } catch (Exception | Error e) {
            Answers.fault(e).ifPresent(text -> faults.put(name, text));
          }
        }
      }
    }
  }

  @Test
  void whatUsersOwnObjectsAnswerWronglyIsSaid(@TempDir Path folder) throws Exception {
    TreeMap<String, String> faults = faults(ForeignUses.all(), folder);
    StringBuilder text = new StringBuilder();
    faults.forEach((name, fault) -> text.append('\n').append(name).append(" -> ").append(fault));
    assertEquals("", text.toString());
  }

  /** Right objects are taken, or the test above would find nothing. */
  @Test
  void rightObjectsAreTaken(@TempDir Path folder) throws Exception {
    Map<String, String> refused = new TreeMap<>();
    for (Use<?> use : ForeignUses.all()) {
      try (Session session = Session.open(Device.REFERENCE)) {
        right(use, session, Files.createTempDirectory(folder, "use"));
      } catch (RuntimeException e) {
        refused.put(use.text(), e.toString());
      }
    }
    // Nodes of ONNX are told by OnnxLayers alone.
    assertEquals(
        Set.of("a layer's file of ONNX", "a network's file of ONNX"),
        refused.keySet(),
        refused.toString());
  }

  private static <T> void right(Use<T> use, Session session, Path folder) throws Exception {
    Method first = methods(use.type()).findFirst().orElseThrow();
    T right = use.right().make(session, folder);
    use.work().run(session, Proxies.but(use.type(), right, first, answer -> answer), folder);
  }

  /** Asks without a look at the answer. */
  @Test
  void whatIsNotLookedAtIsFound(@TempDir Path folder) throws Exception {
    Use<Runnable> mute =
        new Use<>("mute", Runnable.class, (s, f) -> () -> {}, (s, r, f) -> r.run());
    Use<CharSequence> careless =
        new Use<>(
            "careless",
            CharSequence.class,
            (session, place) -> "text",
            (session, own, place) -> own.subSequence(0, 1).length());
    TreeMap<String, String> found = faults(List.of(mute, careless), folder);
    assertEquals(1, found.size(), found.toString());
    assertTrue(found.firstKey().contains("subSequence gives null"), found.toString());
    assertEquals(Optional.empty(), Answers.fault(new NullPointerException("add: other is null")));
  }
}
