package io.hypertape.bindings.cuda;

import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalInt;

/** How many parameters a kernel has, by a function of the driver that only CUDA 12.4 brought. */
final class ParameterCount {

  private static final String FUNCTION = "cuFuncGetParamInfo";
  private static final NativeFunction INFO = new NativeFunction(Api.DRIVER, FUNCTION, "index");

  private static final int INVALID_VALUE = 1;

  /** Late, so that the driver is looked for when it is needed. */
  private static final class Function {
    static final Optional<MethodHandle> HANDLE =
        NativeLibraries.lookup(NativeLibrary.CUDA_DRIVER)
            .find(FUNCTION)
            .map(
                address ->
                    Linker.nativeLinker()
                        .downcallHandle(
                            address,
                            FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS)));
  }

  private ParameterCount() {}

  /** A count; none if the driver does not know the function. */
  static OptionalInt of(MemorySegment kernel) {
    if (Function.HANDLE.isEmpty()) {
      return OptionalInt.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment offset = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
      int index = 0;
      int status = call(kernel, index, offset, size);
      while (status == Status.SUCCESS) {
        status = call(kernel, ++index, offset, size);
      }
      // Behind the last one it answers that the value is invalid.
      Status.check(status == INVALID_VALUE ? Status.SUCCESS : status, INFO, index);
      return OptionalInt.of(index);
    }
  }

  private static int call(
      MemorySegment kernel, long index, MemorySegment offset, MemorySegment size) {
    try {
      return (int) Function.HANDLE.orElseThrow().invokeExact(kernel, index, offset, size);
    } catch (Throwable t) {
      throw new IllegalStateException(FUNCTION + " could not be called", t);
    }
  }
}
