package io.hypertape.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A method that is tried with any bytes.
 *
 * @param method one of a test class, with the annotation {@link FuzzTest}
 */
record Target(Method method) {

  /** All that there are among classes as the compiler wrote them, in the order of their names. */
  static List<Target> in(Path classes) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(file -> file.toString().endsWith("FuzzTest.class")).sorted().toList();
    }
    List<Target> targets = new ArrayList<>();
    for (Path file : files) {
      String name =
          classes.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
      for (Method method :
          load(name.substring(0, name.length() - ".class".length())).getDeclaredMethods()) {
        if (method.isAnnotationPresent(FuzzTest.class)) {
          targets.add(new Target(method));
        }
      }
    }
    targets.sort(Comparator.comparing(Target::name));
    return targets;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  String className() {
    return method.getDeclaringClass().getName();
  }

  /** Such as {@code SyntaxFuzzTest.tower}. */
  String name() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /** Where the inputs stand that every build tries, in a folder of resources. */
  Path inputs(Path resources) {
    return resources.resolve(className().replace('.', '/') + "Inputs").resolve(method.getName());
  }

  List<byte[]> seeds(Path resources) throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    if (Files.isDirectory(inputs(resources))) {
      try (Stream<Path> files = Files.list(inputs(resources)).sorted()) {
        for (Path file : files.toList()) {
          seeds.add(Files.readAllBytes(file));
        }
      }
    }
    return seeds;
  }

  /** Tries an input. */
  void run(byte[] input) throws Throwable {
    try {
      Constructor<?> constructor = method.getDeclaringClass().getDeclaredConstructor();
      constructor.setAccessible(true);
      method.setAccessible(true);
      method.invoke(constructor.newInstance(), (Object) input);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
