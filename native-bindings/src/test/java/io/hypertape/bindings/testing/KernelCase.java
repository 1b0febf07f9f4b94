package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;

/** Compiles, loads and launches kernels. */
abstract class KernelCase extends RawCuda {

  private static final String HEAD =
      """
      #ifndef KERNEL
      #define KERNEL extern "C" __global__ void
      #endif
      #ifndef DEVICE
      #define DEVICE static __device__ __forceinline__
      #endif
      """;

  long stream;

  @BeforeEach
  void createStream() {
    stream = stream();
  }

  long program(String source) {
    return made(
        "nvrtcCreateProgram",
        arena.allocateFrom(HEAD + "#line 1\n" + source),
        arena.allocateFrom("test.cu"),
        0,
        0L,
        0L);
  }

  int compile(long program, String... options) {
    MemorySegment list = arena.allocate(ADDRESS, Math.max(1, options.length));
    for (int i = 0; i < options.length; i++) {
      list.setAtIndex(ADDRESS, i, arena.allocateFrom(options[i]));
    }
    return call("nvrtcCompileProgram", program, options.length, list);
  }

  String log(long program) {
    MemorySegment text = bytes(program, "nvrtcGetProgramLog");
    return text.getString(0);
  }

  MemorySegment bytes(long program, String function) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    ok(function + "Size", program, size);
    MemorySegment bytes = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
    ok(function, program, bytes);
    return bytes;
  }

  long module(String source) {
    long program = program(source);
    int status = compile(program, "--gpu-architecture=sm_90", "--std=c++17", "-default-device");
    assertEquals(0, status, () -> log(program));
    long module = made("cuModuleLoadData", bytes(program, "nvrtcGetCUBIN"));
    MemorySegment cell = arena.allocateFrom(JAVA_LONG, program);
    ok("nvrtcDestroyProgram", cell);
    assertEquals(0, cell.get(JAVA_LONG, 0));
    return module;
  }

  long kernel(long module, String name) {
    return made("cuModuleGetFunction", module, arena.allocateFrom(name));
  }

  /** Launches; a parameter is an int, long, float or a segment with the bytes of a struct. */
  int launch(long kernel, int grid, int block, Object... parameters) {
    return launch(kernel, new int[] {grid, 1, 1, block, 1, 1, 0}, parameters);
  }

  int launch(long kernel, int[] shape, Object... parameters) {
    MemorySegment list = arena.allocate(ADDRESS, Math.max(1, parameters.length));
    for (int i = 0; i < parameters.length; i++) {
      list.setAtIndex(ADDRESS, i, cell(parameters[i]));
    }
    return call(
        "cuLaunchKernel",
        kernel,
        shape[0],
        shape[1],
        shape[2],
        shape[3],
        shape[4],
        shape[5],
        shape[6],
        stream,
        list,
        0L);
  }

  private MemorySegment cell(Object parameter) {
    if (parameter instanceof MemorySegment bytes) {
      return bytes;
    }
    if (parameter instanceof Integer number) {
      return arena.allocateFrom(JAVA_INT, number);
    }
    if (parameter instanceof Float number) {
      return arena.allocateFrom(JAVA_FLOAT, number);
    }
    return arena.allocateFrom(JAVA_LONG, (Long) parameter);
  }

  float[] range(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i + 1;
    }
    return values;
  }
}
