package io.hypertape.kernels;

/** Chooses the kernels: each refusal says what would mend it. */
final class KernelLadder {

  private static final String MODULE = "jdk.incubator.vector";

  private static final int MOST_THREADS = 1024;

  private KernelLadder() {}

  static Kernels open(KernelMode mode, int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads is " + threads + "; 1 to " + MOST_THREADS + " fit");
    }
    return new CheckedKernels(choose(mode, threads));
  }

  private static Kernels choose(KernelMode mode, int threads) {
    if (mode == KernelMode.SCALAR) {
      return new ScalarKernels("scalar kernels, as asked");
    }
    String problem = problem();
    if (problem == null) {
      return openVector(threads);
    }
    if (mode == KernelMode.VECTOR) {
      throw new IllegalStateException("no vector kernels: " + problem);
    }
    return new ScalarKernels("scalar kernels: " + problem);
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
    if (mode.contains("emulated-client")) {
      return "the JVM's optimizing compiler C2 is off; start java without -XX:TieredStopAtLevel";
    }
    return vectorBits() < 128
        ? "the JVM offers vectors of " + vectorBits() + " bits only; 128 are needed"
        : null;
  }

  private static int vectorBits() {
    return VectorRows.BITS;
  }
}
