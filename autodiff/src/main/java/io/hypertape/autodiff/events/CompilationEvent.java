package io.hypertape.autodiff.events;

import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A device's kernels are compiled. */
@Name("io.hypertape.KernelCompilation")
@Label("Kernel Compilation")
@Category("Hypertape")
@Description("Kernels of a device were compiled, or were found where they had been kept")
@StackTrace(false)
final class CompilationEvent extends Event {

  @Label("Kernels")
  String kernels;

  static <T> T around(String kernels, Supplier<T> work) {
    CompilationEvent event = new CompilationEvent();
    event.begin();
    try {
      return work.get();
    } finally {
      event.kernels = kernels;
      event.commit();
    }
  }
}
