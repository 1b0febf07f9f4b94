package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.data.Targets;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import io.hypertape.spark.exchange.ExchangeOptions;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.classic.Dataset;
import org.junit.jupiter.api.Test;
import sun.reflect.ReflectionFactory;

/** No null crosses the public border, which is seen without a Spark that runs. */
class SparkArgumentsTest {

  private static final List<Class<?>> TYPES =
      List.of(
          SparkModel.class,
          SparkPredictor.class,
          SparkRows.class,
          SparkText.class,
          SparkTraining.class,
          SparkWorker.class,
          SparkWorkers.class);

  private static final Map<Class<?>, Object> VALUES =
      Map.of(
          String.class,
          "x",
          List.class,
          List.of(1),
          Targets.class,
          new Targets.Classes(2, List.of()),
          Tower.class,
          new Sgd(0.1).tower(),
          Path.class,
          Path.of("x"),
          URI.class,
          URI.create("file:///x"),
          Duration.class,
          Duration.ZERO,
          ExchangeOptions.class,
          ExchangeOptions.DEFAULT,
          SparkWorkers.Encryption.class,
          SparkWorkers.Encryption.NONE);

  /** One whose constructor has not run: it is not asked for anything. */
  private static Object blank(Class<?> type) throws ReflectiveOperationException {
    return ReflectionFactory.getReflectionFactory()
        .newConstructorForSerialization(type, Object.class.getDeclaredConstructor())
        .newInstance();
  }

  private static Object sample(Class<?> type) throws ReflectiveOperationException {
    if (type == int.class) {
      return 1;
    } else if (type == long.class) {
      return 1L;
    } else if (VALUES.containsKey(type)) {
      return VALUES.get(type);
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    } else if (type == org.apache.spark.sql.Dataset.class) {
      return blank(Dataset.class);
    }
    return blank(
        type == SparkSession.class ? org.apache.spark.sql.classic.SparkSession.class : type);
  }

  private static Throwable thrown(Executable executable, Object receiver, Object... arguments)
      throws ReflectiveOperationException {
    try {
      if (executable instanceof Constructor<?> constructor) {
        constructor.newInstance(arguments);
      } else {
        ((Method) executable).invoke(receiver, arguments);
      }
      return new IllegalStateException("null is accepted");
    } catch (InvocationTargetException e) {
      return e.getCause();
    }
  }

  private static void tryNulls(Executable executable, Map<String, String> answers)
      throws ReflectiveOperationException {
    Class<?>[] types = executable.getParameterTypes();
    for (int place = 0; place < types.length; place++) {
      if (types[place].isPrimitive()) {
        continue;
      }
      Object[] arguments = new Object[types.length];
      for (int i = 0; i < types.length; i++) {
        arguments[i] = i == place ? null : sample(types[i]);
      }
      boolean isOf = executable instanceof Method && !Modifier.isStatic(executable.getModifiers());
      Throwable thrown =
          thrown(executable, isOf ? sample(executable.getDeclaringClass()) : null, arguments);
      String name = executable.getParameters()[place].getName();
      answers.put(
          executable + " " + name,
          thrown instanceof NullPointerException
                  && String.valueOf(thrown.getMessage()).matches("(.*\\W)?" + name + " is null")
              ? ""
              : thrown.toString());
    }
  }

  @Test
  void everyPublicBorderRefusesNullByName() throws ReflectiveOperationException {
    Map<String, String> answers = new TreeMap<>();
    for (Class<?> type : TYPES) {
      for (Executable executable :
          Stream.<Executable>concat(
                  Stream.of(type.getConstructors()), Stream.of(type.getDeclaredMethods()))
              .filter(e -> Modifier.isPublic(e.getModifiers()) && !e.getName().equals("equals"))
              .toList()) {
        tryNulls(executable, answers);
      }
    }
    assertTrue(answers.size() > 25, answers.toString());
    answers.values().removeIf(String::isEmpty);
    assertEquals(Map.of(), answers);
  }

  @Test
  void whatOnesOwnFunctionsGiveIsLookedAt() throws ReflectiveOperationException {
    SparkTraining training = (SparkTraining) blank(SparkTraining.class);
    UnaryOperator<SparkWorkers> nothing = workers -> null;
    NullPointerException refused =
        assertThrows(NullPointerException.class, () -> training.with(nothing));
    assertEquals("spark training: what change gives is null", refused.getMessage());
    assertEquals("x", WorkerRun.given("x", "the settings give"));
    IllegalArgumentException said =
        assertThrows(
            IllegalArgumentException.class, () -> WorkerRun.given(null, "the settings give"));
    assertEquals("train: the settings give null; one is needed in every worker", said.getMessage());
    // No other attempt would mend it.
    assertTrue(BarrierTask.lasting(said));
    assertFalse(BarrierTask.lasting(refused));
  }
}
