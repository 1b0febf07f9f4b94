package io.hypertape.autodiff.cpu.start;

import java.util.List;
import java.util.Optional;

/** What the ladder asks of the virtual machine that it stands in; tests ask others. */
interface Jvm {

  /**
   * A flag of HotSpot.
   *
   * @param value its value
   * @param given whether somebody set it, rather than HotSpot by itself
   */
  record Flag(String value, boolean given) {
    boolean isOn() {
      return value.equals("true");
    }
  }

  /** A system property, empty where there is none. */
  String property(String name);

  /** Feature version, as 25. */
  int version();

  /** Whether a module is in the boot layer. */
  boolean resolved(String module);

  /** Whether a module could be resolved: a runtime image may lack it. */
  boolean inImage(String module);

  /** Options that the JVM was started with, as far as they can be seen in no time. */
  List<String> options();

  /** A flag, where it exists and can be read. Takes 25 ms the first time. */
  Optional<Flag> flag(String name);

  /** Width of the widest vectors of the Vector API. */
  int vectorBits();

  /** Whether {@link Math#fma} seems to be an instruction, by its speed. */
  boolean fusesQuickly();
}
