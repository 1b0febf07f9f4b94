package io.hypertape.cli.spi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Signals that this process was started to ignore. */
public final class IgnoredSignals {

  private static final long SIG_ERR = -1;

  private IgnoredSignals() {}

  /**
   * What this process was started to ignore does what it usually does: signal(2) says so.
   *
   * @param number the signal's
   */
  public static void letCome(int number) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle signal =
        linker.downcallHandle(
            linker.defaultLookup().find("signal").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    MemorySegment before = (MemorySegment) signal.invokeExact(number, MemorySegment.NULL);
    if (before.address() == SIG_ERR) {
      throw new IllegalStateException("signal " + number + " cannot be let come");
    }
  }
}
