package io.hypertape.autodiff.events;

import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;

/**
 * Events of Flight Recorder, where it is and records. Until something is recorded, no class of an
 * event is loaded, and to ask costs a look at a variable; where the module jdk.jfr is missing,
 * nothing happens.
 */
public final class FlightEvents {

  private static final boolean JFR = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightEvents() {}

  /**
   * Whether anything has been recorded in this JVM.
   *
   * @return false where there is no Flight Recorder, too
   */
  public static boolean areWanted() {
    return JFR && FlightRecorder.isInitialized();
  }

  /**
   * An operation runs on vectors from now on.
   *
   * @param operation with its operands
   * @param twinNanos that callers have spent in its scalar twin
   * @param trialNanos that trials have taken
   */
  public static void vectorsCompiled(String operation, long twinNanos, long trialNanos) {
    if (areWanted()) {
      CompiledEvent.commit(operation, twinNanos, trialNanos);
    }
  }

  /**
   * Compiles a device's kernels.
   *
   * @param kernels their name
   * @param work compiles them
   * @param <T> what it gives
   * @return what it gave
   */
  public static <T> T compiling(String kernels, Supplier<T> work) {
    return areWanted() ? CompilationEvent.around(kernels, work) : work.get();
  }

  /**
   * How much memory a session has.
   *
   * @param backend the session's
   * @param allocated bytes that it has taken from the backend
   * @param used bytes of these that hold something
   * @param peak the most bytes that held something at one time
   */
  public static void memory(String backend, long allocated, long used, long peak) {
    if (areWanted()) {
      MemoryEvent.commit(backend, allocated, used, peak);
    }
  }
}
