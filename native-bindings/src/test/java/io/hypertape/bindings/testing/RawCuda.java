package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * Calls the double's functions as C would, without the typed layer: what the double says must be
 * known before anything is proved by it. Pointers and handles are passed as {@code long}.
 */
@Tag("cuda-double")
abstract class RawCuda {

  static final int TO_DEVICE = 1;
  static final int TO_HOST = 2;
  static final int ON_DEVICE = 3;

  static final int INVALID_VALUE = 1;
  static final int OUT_OF_MEMORY = 2;
  static final int INVALID_HANDLE = 400;
  static final int NOT_READY = 600;
  static final int ILLEGAL_ADDRESS = 700;

  Arena arena;
  private SymbolLookup library;

  @BeforeEach
  void openLibrary() {
    CudaDouble.requireDouble();
    CudaDouble.reset();
    arena = Arena.ofShared();
    Path folder = Path.of(System.getProperty("hypertape.cuda.path"));
    library = SymbolLookup.libraryLookup(folder.resolve("libcudart.so.13"), arena);
    ok("cudaSetDevice", 0);
  }

  @AfterEach
  void leaveNothing() {
    CudaDouble.reset();
    if (arena != null) {
      arena.close();
    }
  }

  /**
   * The result of a function that gives an int; arguments are int, long, float, double or a
   * segment.
   */
  int call(String function, Object... arguments) {
    return (int) invoke(JAVA_INT, function, arguments);
  }

  Object invoke(ValueLayout result, String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = layout(arguments[i]);
    }
    try {
      return Linker.nativeLinker()
          .downcallHandle(
              library.find(function).orElseThrow(), FunctionDescriptor.of(result, layouts))
          .invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new AssertionError(function, t);
    }
  }

  private static MemoryLayout layout(Object argument) {
    if (argument instanceof Integer) {
      return JAVA_INT;
    }
    if (argument instanceof Long) {
      return JAVA_LONG;
    }
    if (argument instanceof Double) {
      return JAVA_DOUBLE;
    }
    return argument instanceof Float ? JAVA_FLOAT : ADDRESS;
  }

  void ok(String function, Object... arguments) {
    assertEquals(0, call(function, arguments), () -> function + " " + CudaDouble.violations());
  }

  /** The call gives this status, and the log's last line has all of these words. */
  void wrong(int status, String words, String function, Object... arguments) {
    int before = CudaDouble.violations().size();
    assertEquals(status, call(function, arguments), function);
    List<String> after = CudaDouble.violations();
    assertTrue(after.size() > before, "no violation: " + function);
    String last = after.get(before);
    assertTrue(last.startsWith(function) && last.contains(words), last);
  }

  /** What a function writes through its first argument. */
  long made(String function, Object... rest) {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    Object[] arguments = new Object[rest.length + 1];
    arguments[0] = cell;
    System.arraycopy(rest, 0, arguments, 1, rest.length);
    ok(function, arguments);
    return cell.get(JAVA_LONG, 0);
  }

  long stream() {
    return made("cudaStreamCreateWithFlags", 1);
  }

  long device(long bytes, long stream) {
    return made("cudaMallocAsync", bytes, stream);
  }

  MemorySegment pinned(long bytes) {
    return MemorySegment.ofAddress(made("cudaHostAlloc", bytes, 0)).reinterpret(bytes);
  }

  /** Device memory with these values; the stream has not run yet. */
  long device(long stream, float... values) {
    long address = device(4L * values.length, stream);
    ok(
        "cudaMemcpyAsync",
        address,
        arena.allocateFrom(JAVA_FLOAT, values),
        4L * values.length,
        TO_DEVICE,
        stream);
    return address;
  }

  /** Values of device memory, after the stream has run. */
  float[] values(long address, int count, long stream) {
    MemorySegment target = arena.allocate(JAVA_FLOAT, count);
    ok("cudaMemcpyAsync", target, address, 4L * count, TO_HOST, stream);
    return target.toArray(JAVA_FLOAT);
  }

  void clean() {
    assertEquals(List.of(), CudaDouble.violations());
  }
}
