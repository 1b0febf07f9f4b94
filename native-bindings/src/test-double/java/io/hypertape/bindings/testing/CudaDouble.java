package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The double that stands for CUDA's libraries in tests: it computes on the CPU, checks every
 * argument, and can be told to fail. With the property {@code hypertape.test.cuda=device} the real
 * libraries are used instead, and this class answers that nothing was wrong.
 */
public final class CudaDouble {

  /** The status with which a library says that it failed for a reason of its own. */
  public static final int TYPICAL = 0;

  /** The status with which a library says that it has no memory. */
  public static final int NO_MEMORY = -1;

  private static final int MAX_TEXT = 1 << 20;
  private static final String PATH = "hypertape.cuda.path";

  private static SymbolLookup library;

  private CudaDouble() {}

  /** Whether tests run on a real device. */
  public static boolean isDevice() {
    return "device".equals(System.getProperty("hypertape.test.cuda"));
  }

  /** Puts the double in the libraries' place, before they are first looked for. */
  public static synchronized void load() {
    if (isDevice()) {
      if ("none".equals(System.getProperty(PATH))) {
        System.clearProperty(PATH);
      }
      return;
    }
    if (library == null) {
      Path folder = DoubleBuild.folder();
      System.setProperty(PATH, folder.toString());
      library = SymbolLookup.libraryLookup(folder.resolve("libcuda.so.1"), Arena.global());
      setOrder(order());
    }
  }

  /** Skips a test that needs the double, with the reason. */
  public static void requireDouble() {
    if (isDevice()) {
      abort("runs on the device, which cannot be told to fail");
    }
    load();
  }

  /** As at the begin of the process: nothing lives, nothing was called, nothing fails. */
  public static void reset() {
    if (!isDevice()) {
      call("reset", FunctionDescriptor.ofVoid());
    }
  }

  /** Calls of all functions. */
  public static long calls() {
    return calls(null);
  }

  /** Calls of one function. */
  public static long calls(String function) {
    if (isDevice()) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      return (long) call("calls", FunctionDescriptor.of(JAVA_LONG, ADDRESS), name(arena, function));
    }
  }

  /** Names of the functions that were called. */
  public static List<String> calledFunctions() {
    return lines("call_names").stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
  }

  /** Calls of functions that do not check their arguments. */
  public static long uncheckedCalls() {
    return isDevice() ? 0 : (long) call("unchecked_calls", FunctionDescriptor.of(JAVA_LONG));
  }

  /** What was wrong in calls, in words. */
  public static List<String> violations() {
    return lines("violations");
  }

  /** What is alive: memory, streams, handles and so on. */
  public static List<String> live() {
    return lines("live");
  }

  /** Pieces of work that are queued and have not run. */
  public static long pending() {
    return isDevice() ? 0 : (long) call("pending", FunctionDescriptor.of(JAVA_LONG));
  }

  /** The nth call from now of any function that returns a status does nothing but return this. */
  public static void fail(int nth, int status) {
    fail(nth, status, null);
  }

  /** The nth call from now of a function does nothing but return this status. */
  public static void fail(int nth, int status, String function) {
    fail(nth, 1, status, function);
  }

  /** As {@link #fail(int, int)}; the calls after the nth do as well, so many together. */
  public static void fail(int nth, int times, int status) {
    fail(nth, times, status, null);
  }

  /** As {@link #fail(int, int, String)}; the function's calls after the nth do as well. */
  public static void fail(int nth, int times, int status, String function) {
    try (Arena arena = Arena.ofConfined()) {
      call(
          "fail",
          FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS),
          (long) nth,
          times,
          status,
          name(arena, function));
    }
  }

  /** The calls that were made to fail and have, in their order, as {@code name status}. */
  public static List<String> failures() {
    return lines("failures");
  }

  /**
   * At the nth call from now of a function that needs the device, it is lost: that call and all
   * later ones give this status of the runtime, or what cuBLAS and cuDNN make of it. Things can
   * still be given back, but that too is answered so.
   */
  public static void lose(int nth, int status) {
    call("lose", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT), (long) nth, status);
  }

  /**
   * What is in the executable graphs that live, the newest first: names of kernels and of calls.
   */
  public static List<List<String>> graphNodes() {
    return lines("graph_nodes").stream().map(line -> List.of(line.split(" "))).toList();
  }

  /** The function that was made to fail, once that has happened. */
  public static Optional<String> failed() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MAX_TEXT);
      int fired =
          (int)
              call(
                  "failed",
                  FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG),
                  text,
                  text.byteSize());
      return fired == 0 ? Optional.empty() : Optional.of(text.getString(0));
    }
  }

  /** How many devices there are. */
  public static void setDevices(int count) {
    call("set_devices", FunctionDescriptor.ofVoid(JAVA_INT), count);
  }

  /** The driver's version: 13000 is CUDA 13.0, 0 that there is no driver. */
  public static void setDriverVersion(int version) {
    call("set_driver_version", FunctionDescriptor.ofVoid(JAVA_INT), version);
  }

  /** The devices' compute capability, 90 for 9.0. */
  public static void setComputeCapability(int capability) {
    call("set_compute_capability", FunctionDescriptor.ofVoid(JAVA_INT), capability);
  }

  /**
   * In which order a kernel's blocks, and a block's warps, have their turns: 0 forward, 1 reversed,
   * others above; what the property {@code hypertape.test.order} says, if nothing else is said. It
   * stays over a reset.
   */
  public static void setOrder(int order) {
    call("set_order", FunctionDescriptor.ofVoid(JAVA_INT), order);
  }

  /** The order that tests are to run in. */
  public static int order() {
    return Integer.getInteger("hypertape.test.order", 0);
  }

  /** The CUDA that cuDNN says it was built for: 12090 is 12.9. */
  public static void setCudnnCuda(int version) {
    call("set_cudnn_cuda", FunctionDescriptor.ofVoid(JAVA_INT), version);
  }

  /** Bytes that can be allocated from now on. */
  public static void setFreeMemory(long bytes) {
    call("set_free_memory", FunctionDescriptor.ofVoid(JAVA_LONG), bytes);
  }

  private static MemorySegment name(Arena arena, String function) {
    return function == null ? MemorySegment.NULL : arena.allocateFrom(function);
  }

  private static List<String> lines(String what) {
    if (isDevice()) {
      return List.of();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MAX_TEXT);
      long count =
          (long)
              call(
                  what,
                  FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG),
                  text,
                  text.byteSize());
      return count == 0 ? List.of() : text.getString(0).lines().toList();
    }
  }

  private static Object call(String what, FunctionDescriptor type, Object... arguments) {
    if (library == null) {
      throw new IllegalStateException("the double is not loaded; CudaDouble.load() comes first");
    }
    MemorySegment function = library.find("hypertape_double_" + what).orElseThrow();
    try {
      return Linker.nativeLinker().downcallHandle(function, type).invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new IllegalStateException("the double's " + what + " could not be called", t);
    }
  }
}
