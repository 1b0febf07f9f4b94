package io.hypertape.bindings.blas;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * A library's functions under the names that its build has given them, such as {@code
 * scipy_cblas_sgemm64_}.
 *
 * @param symbols the functions
 * @param prefix before a name
 * @param suffix after it
 */
record NativeNames(SymbolLookup symbols, String prefix, String suffix) {

  private static final int MAX_TEXT = 4096;

  /** The ways in which builds decorate a name that is known to be there in one of them. */
  static Optional<NativeNames> of(SymbolLookup symbols, String function) {
    return List.of(
            new NativeNames(symbols, "", ""),
            new NativeNames(symbols, "scipy_", ""),
            new NativeNames(symbols, "scipy_", "64_"),
            new NativeNames(symbols, "", "64_"),
            new NativeNames(symbols, "", "_64"))
        .stream()
        .filter(names -> names.find(function).isPresent())
        .findFirst();
  }

  String decorate(String function) {
    return prefix + function + suffix;
  }

  Optional<MemorySegment> find(String function) {
    return symbols.find(decorate(function));
  }

  /** The handle of a function, if there is one. */
  Optional<MethodHandle> handle(String function, FunctionDescriptor type) {
    return find(function).map(address -> Linker.nativeLinker().downcallHandle(address, type));
  }

  /** What a function says that returns a text; empty if there is none, or nothing. */
  Optional<String> text(String function) {
    return pointer(function)
        .map(text -> text.reinterpret(MAX_TEXT).getString(0).strip())
        .filter(text -> !text.isEmpty());
  }

  /** What a function returns that returns an address; empty if there is none, or NULL. */
  Optional<MemorySegment> pointer(String function) {
    return handle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
        .map(
            handle -> {
              try {
                return (MemorySegment) handle.invokeExact();
              } catch (Throwable t) {
                throw unexpected(function, t);
              }
            })
        .filter(address -> address.address() != 0);
  }

  /** What a function writes into a buffer of a length; empty if there is none, or nothing. */
  Optional<String> written(String function) {
    return handle(function, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
        .map(
            handle -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment text = arena.allocate(MAX_TEXT);
                handle.invokeExact(text, MAX_TEXT - 1);
                return text.getString(0).strip();
              } catch (Throwable t) {
                throw unexpected(function, t);
              }
            })
        .filter(text -> !text.isEmpty());
  }

  /** A downcall throws nothing checked; what it throws goes on as it is. */
  static RuntimeException unexpected(String function, Throwable t) {
    if (t instanceof Error error) {
      throw error;
    }
    return t instanceof RuntimeException e
        ? e
        : new IllegalStateException(function + " could not be called", t);
  }
}
