package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/**
 * Failures after which a process cannot use the device any more: every later call is answered with
 * the same, and only a new process helps. cuBLAS and cuDNN merely say that something could not be
 * run; then the runtime is asked.
 */
final class DeviceLoss {

  /**
   * cudaErrorDevicesUnavailable, ECCUncorrectable, NvlinkUncorrectable, Contained, IllegalAddress,
   * LaunchTimeout, ContextIsDestroyed, Assert, HardwareStackError, IllegalInstruction,
   * MisalignedAddress, InvalidAddressSpace, InvalidPc, LaunchFailure, TensorMemoryLeak; the
   * driver's numbers are the same.
   */
  private static final Set<Integer> CODES =
      Set.of(46, 214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721);

  private static final String ADVICE =
      "this process cannot use the device any more: start the program again";

  /** What there is to say of a failure: nothing, or the loss and what helps. */
  record Verdict(boolean isLost, String text) {}

  private static final Verdict NONE = new Verdict(false, "");

  private DeviceLoss() {}

  /** Judges a failure of a library. */
  static Verdict of(Api api, int code) {
    return switch (api) {
      case RUNTIME, DRIVER -> CODES.contains(code) ? new Verdict(true, "; " + ADVICE) : NONE;
      case CUBLAS, CUDNN -> ofRuntime();
      case NVRTC -> NONE;
    };
  }

  private static Verdict ofRuntime() {
    int code = status();
    Api.RUNTIME.forget();
    if (!CODES.contains(code)) {
      return NONE;
    }
    String what = Api.RUNTIME.name(code) + " (" + code + "): " + Api.RUNTIME.text(code);
    return new Verdict(true, "; the CUDA runtime says " + what + "; " + ADVICE);
  }

  /** Of a call that does nothing, and that may be made while a stream captures. */
  private static int status() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
      return Cudart.cudaMemGetInfo(free, total);
    }
  }
}
