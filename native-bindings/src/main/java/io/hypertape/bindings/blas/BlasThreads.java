package io.hypertape.bindings.blas;

import io.hypertape.bindings.blas.BlasLibrary.ThreadControl;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The function that tells a library its number of threads.
 *
 * @param name the function's
 * @param handle takes an int or a long
 * @param control whom it is for
 */
record BlasThreads(String name, MethodHandle handle, ThreadControl control) {

  private static final FunctionDescriptor INT = FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT);
  private static final FunctionDescriptor LONG = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);

  /** The function of a library; empty if it has none. */
  static Optional<BlasThreads> of(NativeNames names) {
    NativeNames plain = new NativeNames(names.symbols(), "", "");
    if (plain.find(DnnlCall.FUNCTION).isPresent()) {
      // oneDNN leaves it to OpenMP, which counts for each thread that calls.
      return of(plain, "omp_set_num_threads", INT, ThreadControl.CALLER);
    }
    return of(plain, "MKL_Set_Num_Threads_Local", INT, ThreadControl.CALLER)
        .or(() -> of(plain, "MKL_Set_Num_Threads", INT, ThreadControl.PROCESS))
        .or(() -> of(names, "openblas_set_num_threads", INT, ThreadControl.PROCESS))
        .or(() -> of(plain, "bli_thread_set_num_threads", LONG, ThreadControl.PROCESS));
  }

  private static Optional<BlasThreads> of(
      NativeNames names, String function, FunctionDescriptor type, ThreadControl control) {
    return names
        .handle(function, type)
        .map(handle -> new BlasThreads(names.decorate(function), handle, control));
  }

  void set(int count) {
    try {
      handle.invoke(count);
    } catch (Throwable t) {
      throw NativeNames.unexpected(name, t);
    }
  }
}
