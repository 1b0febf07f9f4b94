package io.hypertape.bindings.cuda;

/** Which versions go together; a problem is one line, none is an empty text. */
final class Versions {

  private static final int OLDEST_CUDA = 12000;
  private static final int CUDA_MAJOR = 1000;
  private static final long OLDEST_CUDNN = 90000;

  private Versions() {}

  /**
   * Within a major version of CUDA an older driver serves a newer runtime (minor version
   * compatibility); across major versions only the other way round.
   */
  static String cudaProblem(int runtime, int driver) {
    if (runtime < OLDEST_CUDA) {
      return "the CUDA runtime is "
          + text(runtime)
          + ", but Hypertape needs 12.0 or newer; install CUDA 12 or 13";
    }
    int major = runtime / CUDA_MAJOR;
    if (driver / CUDA_MAJOR < major) {
      return "the CUDA runtime is "
          + text(runtime)
          + ", but the driver knows CUDA only up to "
          + text(driver)
          + "; update the driver, or install CUDA "
          + Math.max(driver / CUDA_MAJOR, OLDEST_CUDA / CUDA_MAJOR);
    }
    return "";
  }

  static String cudnnProblem(long version) {
    return version >= OLDEST_CUDNN
        ? ""
        : "cuDNN's version is " + version + ", but Hypertape needs 9.0 (90000) or newer";
  }

  /** cuDNN is built for one major version of CUDA, whose runtime it shares with us. */
  static String cudnnCudaProblem(long cudnnCuda, int runtime) {
    return cudnnCuda / CUDA_MAJOR == runtime / CUDA_MAJOR
        ? ""
        : "cuDNN was built for CUDA "
            + cudnnCuda / CUDA_MAJOR
            + ", but the CUDA runtime is "
            + text(runtime)
            + "; install cuDNN 9 for CUDA "
            + runtime / CUDA_MAJOR;
  }

  static String ordinalProblem(int ordinal, int devices, String visible) {
    if (devices == 0) {
      return "CUDA finds no device" + visible(visible);
    }
    if (ordinal < 0 || ordinal >= devices) {
      return "there is no CUDA device "
          + ordinal
          + ": there are "
          + devices
          + ", counted from 0"
          + visible(visible);
    }
    return "";
  }

  /** What the variable is that hides devices and numbers the others; empty if it is not set. */
  static String visible(String variable) {
    return variable.isEmpty() ? "" : " (CUDA_VISIBLE_DEVICES is " + variable + ")";
  }

  static String text(int version) {
    return version / CUDA_MAJOR + "." + version % CUDA_MAJOR / 10;
  }
}
