package io.hypertape.house;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.LayerBackend;
import io.hypertape.cli.spi.Interrupt;
import io.hypertape.micrometer.TrainingMetrics;
import io.hypertape.models.Model;
import io.hypertape.optim.Optimizer;
import io.hypertape.spark.exchange.TcpExchange;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the packages that are exported to everybody let others call. */
final class PublicApi {

  /** What else is called by others than its own module, on the class path or from a neighbour. */
  private static final List<String> BESIDES =
      List.of("io.hypertape.spark.exchange", "io.hypertape.trace", "io.hypertape.cli.spi");

  private PublicApi() {}

  static List<Class<?>> types() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> part :
        List.of(
            Session.class,
            Model.class,
            TrainingMetrics.class,
            TcpExchange.class,
            Interrupt.class)) {
      Path place = Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        types.addAll(types(place));
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
          types.addAll(types(jar.getPath("/")));
        }
      }
    }
    return types;
  }

  private static List<Class<?>> types(Path place) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    List<String> packs = new ArrayList<>(new TreeSet<>(PublicPackagesTest.PUBLIC));
    packs.addAll(BESIDES);
    for (String pack : packs) {
      Path folder = place.resolve(pack.replace('.', '/'));
      try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.of()) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".class") && !name.startsWith("package-info")) {
            types.add(Class.forName(pack + "." + name.replace(".class", "")));
          }
        }
      }
    }
    types.removeIf(type -> !isOpen(type) || type.isAnonymousClass());
    return types;
  }

  private static boolean isOpen(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getDeclaringClass() == null || isOpen(type.getDeclaringClass()));
  }

  static Stream<Executable> executables(Class<?> type) {
    Stream<Constructor<?>> constructors =
        type.isEnum() || Modifier.isAbstract(type.getModifiers())
            ? Stream.of()
            : Stream.of(type.getDeclaredConstructors());
    // An abstract method's parameters are checked by whoever implements it.
    Stream<Method> methods =
        Stream.of(type.getDeclaredMethods())
            .filter(m -> !m.isSynthetic() && !Modifier.isAbstract(m.getModifiers()))
            .filter(m -> !m.getName().equals("equals") && !(type.isEnum() && isOfEnum(m)));
    return Stream.<Executable>concat(constructors, methods)
        .filter(e -> Modifier.isPublic(e.getModifiers()));
  }

  /** Whether it is called by this library alone, which checks before: by a tower or a session. */
  static boolean isInner(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    return type == Backend.class
        || type == LayerBackend.class
        || (Optimizer.class.isAssignableFrom(type)
            && List.of("update", "state", "terms", "share", "evaluation")
                .contains(executable.getName()));
  }

  private static boolean isOfEnum(Method method) {
    return method.getName().equals("valueOf") && Modifier.isStatic(method.getModifiers());
  }
}
