package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Preparation;
import io.hypertape.data.Strokes;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.Flatten;
import io.hypertape.models.Mode;
import io.hypertape.models.PaddedShortcut;
import io.hypertape.optim.Input;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Whatever public methods are called with, they do their work or say what was wrong: with arguments
 * of unfit shapes, types, sizes and sessions, closed ones, from another thread, on closed objects,
 * none throws what only the inside of a library throws, or nothing that says anything.
 */
// Whatever is public is called, what exchanges the standard output among it.
@Isolated
class WrongArgumentsTest {

  private static final int ROUNDS = Integer.getInteger("hypertape.test.calls", 4);
  private static final long SEED = Long.getLong("hypertape.test.callsSeed", 1);

  private static final List<Integer> INTEGERS =
      List.of(-1, 0, 1, 2, 3, 5, Integer.MIN_VALUE, -1000);
  private static final List<Double> NUMBERS =
      List.of(-1.0, 0.0, 0.5, 1.0, 2.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY, -0.0);
  private static final List<String> TEXTS = List.of("", " ", "x", "adam(0.1)", "\0", "ä/..", "1");
  private static final List<int[]> SHAPES =
      List.of(
          new int[0],
          new int[] {0},
          new int[] {1},
          new int[] {2, 3},
          new int[] {3, 2},
          new int[] {-1},
          new int[] {1, 1, 2, 2},
          new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE});

  /** What would take from others what they need, or seconds, or go to the network. */
  private static final Set<String> LEFT_OUT = Set.of("close", "download");

  private final SplittableRandom random = new SplittableRandom(SEED);

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Tensors that fit little. */
  private static List<Tensor> tensors(Session session, Session other) {
    Tensor closed = session.scoped(() -> session.ones(2));
    return List.of(
        session.scalar(1),
        session.ones(1),
        session.ones(2, 3),
        session.ones(3, 2),
        session.ones(0, 3),
        session.ones(1, 1, 4, 4),
        session.indices(new int[] {0, 1}),
        session.indices(new int[] {-7, 99}),
        session.tensor(new double[] {Double.NaN, 1}, 2),
        other.ones(2, 3),
        closed);
  }

  private Optional<Object> argument(Class<?> type, Samples samples, List<Tensor> tensors) {
    if (type == int.class) {
      return Optional.of(one(INTEGERS));
    } else if (type == long.class) {
      return Optional.of((long) one(INTEGERS));
    } else if (type == double.class) {
      return Optional.of(one(NUMBERS));
    } else if (type == float.class) {
      return Optional.of(one(NUMBERS).floatValue());
    } else if (type == byte.class) {
      return Optional.of((byte) random.nextInt());
    } else if (type == boolean.class) {
      return Optional.of(random.nextBoolean());
    } else if (type == String.class) {
      return Optional.of(one(TEXTS));
    } else if (type == int[].class) {
      return Optional.of(one(SHAPES).clone());
    } else if (type == Tensor.class) {
      return Optional.of(one(tensors));
    } else if (type == Parameter.class && random.nextInt(3) > 0) {
      return Optional.of(new Parameter("p", tensors.get(random.nextInt(6))));
    } else if (type == IntStream.class) {
      return Optional.of(IntStream.of(one(INTEGERS)));
    } else if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), random.nextInt(4));
      for (int i = 0; i < Array.getLength(array); i++) {
        Optional<Object> element = argument(type.getComponentType(), samples, tensors);
        if (element.isPresent()) {
          Array.set(array, i, element.get());
        }
      }
      return Optional.of(array);
    } else if (type.isEnum()) {
      return Optional.of(one(Arrays.asList(type.getEnumConstants())));
    } else if (List.class == type && random.nextBoolean()) {
      return Optional.of(new ArrayList<>(List.of(one(tensors), "odd")));
    }
    return implementable(type) && random.nextBoolean()
        ? Optional.of(Proxies.answering(type, asked -> answer(asked, samples, tensors)))
        : samples.find(type);
  }

  /** By users of this library, or of Java. */
  private static boolean implementable(Class<?> type) {
    return type.isInterface()
        && !type.isSealed()
        && (type.getName().startsWith("io.hypertape.")
            || type.getName().startsWith("java.util.function.")
            || type == Iterator.class);
  }

  /** Of an object of a user's own, mostly nonsense; or it throws. */
  private @Nullable Object answer(Class<?> type, Samples samples, List<Tensor> tensors) {
    if (random.nextInt(8) == 0) {
      throw new Answers.Thrown();
    } else if (type == void.class || (!type.isPrimitive() && random.nextInt(4) == 0)) {
      return null;
    } else if (type == Object.class) {
      Tensor tensor = one(tensors);
      return random.nextBoolean() ? tensor : new ArrayList<>(Arrays.asList(tensor, null));
    }
    return argument(type, samples, tensors).orElse(null);
  }

  private static boolean isExempt(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    return Throwable.class.isAssignableFrom(type)
        || LEFT_OUT.contains(executable.getName())
        || (type == Strokes.class && executable.getParameterCount() == 1)
        || PublicApi.isInner(executable);
  }

  private Optional<Throwable> thrown(Executable executable, Object receiver, Object[] arguments)
      throws InterruptedException {
    Throwable[] caught = new Throwable[1];
    Runnable call =
        () -> {
          try {
            if (executable instanceof Constructor<?> constructor) {
              constructor.newInstance(arguments);
            } else {
              ((Method) executable).invoke(receiver, arguments);
            }
          } catch (InvocationTargetException e) {
            caught[0] = e.getCause();
          } catch (ReflectiveOperationException e) {
            caught[0] = new IllegalArgumentException("not called", e);
          }
        };
    if (random.nextInt(5) == 0) {
      Thread elsewhere = new Thread(call, "elsewhere");
      elsewhere.start();
      elsewhere.join();
    } else {
      call.run();
    }
    return Optional.ofNullable(caught[0]);
  }

  private void tryOne(
      Executable executable, Samples samples, List<Tensor> tensors, TreeMap<String, String> faults)
      throws InterruptedException {
    Object[] arguments = new Object[executable.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(executable.getParameterTypes()[i], samples, tensors).orElse(null);
    }
    Object receiver = null;
    if (executable instanceof Method method && !Modifier.isStatic(method.getModifiers())) {
      Class<?> type = executable.getDeclaringClass();
      receiver =
          type.isAssignableFrom(Tensor.class) && type != Object.class
              ? one(tensors)
              : samples.find(type).orElse(null);
      if (receiver == null) {
        return;
      }
    }
    Object on = receiver;
    thrown(executable, on, arguments)
        .flatMap(Answers::fault)
        .ifPresent(
            text ->
                faults.putIfAbsent(
                    executable.toGenericString().replaceAll("\\b(public|static|final) ", ""),
                    Arrays.deepToString(arguments) + ": " + text));
  }

  private TreeMap<String, String> faults(List<Class<?>> types, Path folder) throws Exception {
    TreeMap<String, String> faults = new TreeMap<>();
    for (boolean closed : new boolean[] {false, true}) {
      Path place = Files.createTempDirectory(folder, "samples");
      try (Samples samples = new Samples(place);
          Session session = Session.open(Device.REFERENCE);
          Session other = Session.open(Device.REFERENCE)) {
        List<Tensor> tensors = tensors(session, other);
        if (closed) {
          samples.close();
        }
        for (Executable executable : types.stream().flatMap(PublicApi::executables).toList()) {
          for (int round = 0; !isExempt(executable) && round < ROUNDS; round++) {
            tryOne(executable, samples, tensors, faults);
          }
        }
      }
    }
    return faults;
  }

  @Test
  void whateverTheyAreCalledWithPublicMethodsAnswerInTheirOwnWords(@TempDir Path folder)
      throws Exception {
    TreeMap<String, String> faults = faults(PublicApi.types(), folder);
    StringBuilder text = new StringBuilder();
    faults.forEach((method, fault) -> text.append('\n').append(method).append(fault));
    assertEquals("", text.toString(), "seed " + SEED);
  }

  @Test
  void whatThisTestHasFoundAnswersInItsOwnWords() {
    LabeledImages images = new LabeledImages("two", 1, 1, 1, 2, new byte[2], new byte[2]);
    try (Session session = Session.open(Device.REFERENCE)) {
      Tensor scalar = session.scalar(1);
      List<org.junit.jupiter.api.function.Executable> calls =
          List.of(
              () -> new GradientCheck(session, List::getFirst).worstError(2, List.of()),
              () -> Vocabulary.ofCharacters("a\uFFFD").codePoint(-1),
              () -> Vocabulary.ofCharacters("a\uFFFD").codePoint(2),
              () -> new Flatten().forward(scalar, Mode.TRAIN),
              () -> new PaddedShortcut(1, 0, 0).forward(scalar, Mode.TRAIN),
              () -> images.first(-1),
              () -> images.gather(new int[1], 1, -1, new float[2], new int[2]),
              () -> images.gather(new int[] {2}, 0, 1, new float[2], new int[2]),
              () -> Normalization.none(0),
              () -> Preparation.none(-1),
              () -> Input.segment(MemorySegment.ofArray(new float[1]), 1 << 20, 1 << 20),
              () -> Input.segment(MemorySegment.ofArray(new float[1]), -1, -1));
      for (org.junit.jupiter.api.function.Executable call : calls) {
        Throwable thrown = assertThrows(RuntimeException.class, call::execute);
        assertEquals(Optional.empty(), Answers.fault(thrown));
      }
    }
  }

  /** Throws what the inside of a library throws. */
  public static final class Clumsy {
    /** Does not look at the number. */
    public static int at(int place) {
      int[] all = new int[1];
      return all[place];
    }

    /** Says nothing. */
    public static void mute() {
      throw new IllegalArgumentException();
    }

    /** Says what is wrong. */
    public static void fair(int place) {
      throw new IllegalArgumentException("place is " + place + "; none fits");
    }
  }

  @Test
  void whatSaysNothingIsFound(@TempDir Path folder) throws Exception {
    TreeMap<String, String> found = faults(List.of(Clumsy.class), folder);
    assertEquals(2, found.size(), found.toString());
    assertTrue(found.keySet().stream().noneMatch(name -> name.contains("fair")), found.toString());
  }
}
