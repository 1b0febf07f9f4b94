package io.hypertape.autodiff.cpu.start;

import java.util.Optional;
import java.util.Set;

/**
 * The rungs of the ladder: what makes vector kernels impossible, or slower than scalar ones. That
 * is known of a JVM rather than measured, so that a machine computes the same bits in every run.
 * The times behind it are in docs/kernels.md. No lambdas: the first one of a JVM takes
 * milliseconds.
 */
final class Obstacles {

  private static final String MODULE = "jdk.incubator.vector";
  private static final int NARROWEST = 128;

  /** The first JDK whose Graal compiles all of the Vector API. */
  private static final int GRAAL = 25;

  /** Options that keep C2 from compiling the Vector API to vector instructions. */
  private static final Set<String> SLOWING =
      Set.of(
          "-XX:TieredStopAtLevel=0",
          "-XX:TieredStopAtLevel=1",
          "-XX:TieredStopAtLevel=2",
          "-XX:TieredStopAtLevel=3",
          "-XX:CompilationMode=quick-only",
          "-XX:-UseCompiler",
          "-XX:-EnableVectorSupport",
          "-XX:-Inline");

  /** Options that take the instructions for fused multiply-adds away. */
  private static final Set<String> UNFUSING =
      Set.of("-XX:-UseFMA", "-XX:UseAVX=0", "-XX:UseSSE=2", "-XX:UseSSE=3");

  private Obstacles() {}

  static Optional<Obstacle> first(Jvm jvm) {
    Optional<Obstacle> found = module(jvm);
    if (found.isEmpty()) {
      found = compiler(jvm);
    }
    if (found.isEmpty()) {
      found = graal(jvm);
    }
    if (found.isEmpty()) {
      found = width(jvm);
    }
    if (found.isEmpty()) {
      found = fusing(jvm);
    }
    if (found.isEmpty()) {
      found = collector(jvm);
    }
    return found.isEmpty() ? make(jvm) : found;
  }

  private static Optional<Obstacle> module(Jvm jvm) {
    if (jvm.resolved(MODULE)) {
      return Optional.empty();
    }
    return certain(
        jvm.inImage(MODULE)
            ? "module "
                + MODULE
                + " is not resolved; start java with --add-modules "
                + MODULE
                + ", or put Hypertape on the module path"
            : "this Java runtime lacks module "
                + MODULE
                + "; make it with jlink --add-modules "
                + MODULE
                + ", or take a whole JDK");
  }

  private static Optional<Obstacle> compiler(Jvm jvm) {
    String mode = jvm.property("java.vm.info");
    if (mode.contains("interpreted")) {
      return certain("the JVM only interprets (" + mode + "); start java without -Xint");
    }
    if (mode.contains("compiled mode")) {
      return certain(
          "the JVM compiles every method before its first call, and vector kernels come out slower"
              + " than scalar ones; start java without -Xcomp");
    }
    Optional<String> option = option(jvm, SLOWING);
    if (option.isPresent()) {
      return certain(
          "the JVM's optimizing compiler C2 is off or held back; start java without "
              + option.get());
    }
    if (mode.contains("emulated-client")) {
      return certain(
          "the JVM's optimizing compiler C2 is off ("
              + mode
              + "); start java without -XX:TieredStopAtLevel, -XX:CompilationMode and"
              + " -XX:+NeverActAsServerClassMachine");
    }
    String name = jvm.property("java.vm.name");
    return name.contains("Client VM") || name.contains("Minimal VM")
        ? certain(name + " has no optimizing compiler; take a server VM")
        : Optional.empty();
  }

  private static Optional<Obstacle> graal(Jvm jvm) {
    boolean suspect =
        jvm.version() < GRAAL
            && (jvm.property("java.vm.version").contains("jvmci")
                || option(jvm, Set.of("-XX:+UseJVMCICompiler")).isPresent());
    return suspect && compilesWithGraal(jvm)
        ? certain(
            "the compiler Graal of JDK "
                + jvm.version()
                + " does not compile all of the Vector API; take JDK "
                + GRAAL
                + " or newer, or start java with -XX:-UseJVMCICompiler")
        : Optional.empty();
  }

  private static boolean compilesWithGraal(Jvm jvm) {
    Optional<Jvm.Flag> flag = jvm.flag("UseJVMCICompiler");
    return flag.isPresent()
        ? flag.get().isOn()
        : option(jvm, Set.of("-XX:-UseJVMCICompiler")).isEmpty();
  }

  private static Optional<Obstacle> width(Jvm jvm) {
    int bits = jvm.vectorBits();
    return bits < NARROWEST
        ? certain(
            "the JVM offers vectors of "
                + bits
                + " bits only; "
                + NARROWEST
                + " are needed, which -XX:MaxVectorSize may forbid or the processor lack")
        : Optional.empty();
  }

  /** A quick yes is certain; before a no, the flag is asked where it can be. */
  private static Optional<Obstacle> fusing(Jvm jvm) {
    if (jvm.fusesQuickly()) {
      return Optional.empty();
    }
    Optional<Jvm.Flag> flag = jvm.flag("UseFMA");
    if (flag.isPresent() && flag.get().isOn()) {
      return Optional.empty();
    }
    Optional<String> option = option(jvm, UNFUSING);
    boolean given = option.isPresent() || flag.isPresent() && flag.get().given();
    return certain(
        "fused multiply-adds are computed in software, hundreds of times slower; "
            + (given
                ? "start java without " + option.orElse("-XX:-UseFMA")
                : "the processor, as the JVM sees it, has no instruction for them (a virtual"
                    + " machine or an emulator may hide it: QEMU shows it with -cpu host)"));
  }

  /**
   * C2 of JDK 25.0.3 ends with SIGSEGV as it expands Shenandoah's barriers in VectorFeatureNorm.
   */
  private static Optional<Obstacle> collector(Jvm jvm) {
    return option(jvm, Set.of("-XX:+UseShenandoahGC")).isPresent()
        ? Optional.of(
            new Obstacle(
                "the JVM's compiler has crashed on vector kernels where memory is collected by"
                    + " Shenandoah; start java without -XX:+UseShenandoahGC (who asks for vector"
                    + " kernels by name gets them)",
                false))
        : Optional.empty();
  }

  private static Optional<Obstacle> make(Jvm jvm) {
    String name = jvm.property("java.vm.name");
    return name.contains("Server VM")
        ? Optional.empty()
        : Optional.of(
            new Obstacle(
                "of "
                    + name
                    + " it is not known that it compiles the Vector API to vector instructions, as"
                    + " HotSpot does; who asks for vector kernels by name gets them",
                false));
  }

  private static Optional<Obstacle> certain(String reason) {
    return Optional.of(new Obstacle(reason, true));
  }

  /** The option that is one of these and in force: of several for one flag, the last is. */
  private static Optional<String> option(Jvm jvm, Set<String> wanted) {
    String found = "";
    for (String option : jvm.options()) {
      if (wanted.contains(option)) {
        found = option;
      } else if (!found.isEmpty() && flag(option).equals(flag(found))) {
        found = "";
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  /** TieredStopAtLevel of -XX:TieredStopAtLevel=1, UseFMA of -XX:-UseFMA, "" of what is none. */
  private static String flag(String option) {
    if (!option.startsWith("-XX:")) {
      return "";
    }
    int begin = option.startsWith("+", 4) || option.startsWith("-", 4) ? 5 : 4;
    int end = option.indexOf('=');
    return option.substring(begin, end < 0 ? option.length() : end);
  }
}
