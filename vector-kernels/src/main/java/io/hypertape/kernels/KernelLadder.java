package io.hypertape.kernels;

/** Chooses the kernels: each refusal says what would mend it. */
final class KernelLadder {

  private static final String MODULE = "jdk.incubator.vector";

  private KernelLadder() {}

  static Kernels open(KernelMode mode, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; at least 1 is needed");
    }
    if (mode == KernelMode.SCALAR) {
      return new ScalarKernels("scalar kernels (asked for)");
    }
    String problem = problem();
    if (problem == null) {
      return openVector(threads);
    }
    if (mode == KernelMode.VECTOR) {
      throw new IllegalStateException("no vector kernels: " + problem);
    }
    return new ScalarKernels("scalar kernels (" + problem + ")");
  }

  /** Apart, so that without the module no class that needs it is loaded. */
  private static Kernels openVector(int threads) {
    return new VectorKernels(threads);
  }

  /** Why vector kernels cannot run, or null. */
  private static String problem() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "module "
          + MODULE
          + " is not resolved; start java with --add-modules "
          + MODULE
          + ", or put Hypertape on the module path";
    }
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted")) {
      return "the JVM only interprets (" + mode + "); start java without -Xint";
    }
    String compiler = System.getProperty("sun.management.compiler", "");
    if (compiler.contains("Client")) {
      return "the JVM has no optimizing compiler (" + compiler + ")";
    }
    return vectorBits() < 128
        ? "the JVM offers vectors of " + vectorBits() + " bits only; 128 are needed"
        : null;
  }

  private static int vectorBits() {
    return VectorRows.BITS;
  }
}
