package io.hypertape.benchmarks.fork;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a forked JVM needs to see our classes. The command line runs from modules, but JMH starts
 * its forks on a class path, of the property {@code java.class.path}, which is empty then: it is
 * made of the places that the modules were found in.
 */
public final class ClassPath {

  private static final String PROPERTY = "java.class.path";

  private ClassPath() {}

  /**
   * Jars and folders of this application.
   *
   * @return the class path
   */
  public static String text() {
    List<Path> modules =
        ModuleLayer.boot().configuration().modules().stream()
            .map(ResolvedModule::reference)
            .map(ModuleReference::location)
            .flatMap(Optional::stream)
            .filter(place -> "file".equals(place.getScheme()))
            .map(Path::of)
            .sorted()
            .toList();
    String given = System.getProperty(PROPERTY, "");
    return Stream.concat(
            modules.stream().map(Path::toString), given.isBlank() ? Stream.of() : Stream.of(given))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Lets JMH start its forks with a class path.
   *
   * @param path jars and folders
   * @return what they were started with before
   */
  public static String publish(String path) {
    return System.setProperty(PROPERTY, path);
  }

  /**
   * Options of this JVM that a fork shall have as well, such as {@code -XX:UseAVX=2}; not those
   * that speak of modules.
   *
   * @return the options
   */
  public static List<String> inheritedOptions() {
    return tunable(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  static List<String> tunable(List<String> options) {
    List<String> kept = new ArrayList<>();
    for (String option : options) {
      boolean ofModules =
          option.startsWith("--")
              || option.startsWith("-Djdk.module")
              || option.startsWith("-Djava.class.path");
      if (option.startsWith("-") && !ofModules) {
        kept.add(option);
      }
    }
    return kept;
  }

  /** A JVM has one collector: with another than this JVM's, that is not inherited. */
  static List<String> inherited(List<String> own, List<String> further) {
    boolean chosen = further.stream().anyMatch(ClassPath::isCollector);
    return own.stream().filter(option -> !chosen || !isCollector(option)).toList();
  }

  private static boolean isCollector(String option) {
    return option.matches("-XX:[+-]Use(Serial|Parallel|G1|Z|Shenandoah|Epsilon)GC");
  }

  /**
   * The folder of build outputs of module benchmarks: in the install folder, which the launcher
   * names in the property {@code hypertape.home} since it runs from copies of the jars, or else
   * where the module's jar or its classes lie.
   *
   * @return the folder, if they lie in files
   */
  public static Optional<Path> target() {
    String home = System.getProperty("hypertape.home", "");
    if (!home.isEmpty()) {
      return Optional.of(Path.of(home, "benchmarks", "target")).filter(Files::isDirectory);
    }
    try {
      URI place = ClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      Path folder = Path.of(place).getParent();
      return Optional.ofNullable(folder).filter(Files::isDirectory);
    } catch (java.net.URISyntaxException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The command that starts a class of ours in a JVM like this one.
   *
   * @param main the class
   * @param further more of the class path, or nothing
   * @param options further options of the JVM
   * @return the command, to which arguments can be added
   */
  public static List<String> java(String main, String further, List<String> options) {
    return command(
        main, further.isEmpty() ? text() : text() + File.pathSeparator + further, options);
  }

  /**
   * The command that starts a class of another version in a JVM like this one.
   *
   * @param main the class
   * @param version where it is found
   * @return the command, to which arguments can be added
   */
  public static List<String> java(String main, Version version) {
    return command(main, version.classPath(), List.of());
  }

  private static List<String> command(String main, String path, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(inherited(inheritedOptions(), options));
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.add("-cp");
    command.add(path);
    command.add(main);
    return command;
  }
}
