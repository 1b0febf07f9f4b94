package io.hypertape.autodiff.program;

import io.hypertape.autodiff.cpu.start.GatedKernels;

/** What kernels of the CPU wait for: that this JVM compiles them. */
public final class Compilation {

  private Compilation() {}

  /**
   * How long all threads have run operations by kernels that stand in for others, which are still
   * to be compiled. What runs without an increase runs as fast as it will.
   *
   * @return nanoseconds since the JVM was started
   */
  public static long waited() {
    return GatedKernels.waited();
  }
}
