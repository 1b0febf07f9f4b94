package io.hypertape.bindings.blas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions of a library that are written in Java: all but products, which may call no Java. */
final class FakeFunctions implements SymbolLookup {

  private static final int PLENTY = 100;

  private final Map<String, MemorySegment> symbols = new HashMap<>();

  /** What was asked of functions that take a number, as {@code name(number)}. */
  final List<String> calls = new ArrayList<>();

  @Override
  public Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(symbols.get(name));
  }

  /** A function that is there and must not be called. */
  FakeFunctions has(String name) {
    symbols.put(name, MemorySegment.ofAddress(1));
    return this;
  }

  /** A function that returns a text. */
  FakeFunctions says(String name, String text) {
    return returns(name, Arena.ofAuto().allocateFrom(text));
  }

  /** A function that returns the address of numbers. */
  FakeFunctions returns(String name, int... numbers) {
    return returns(name, Arena.ofAuto().allocateFrom(JAVA_INT, numbers));
  }

  private FakeFunctions returns(String name, MemorySegment value) {
    MethodHandle target = MethodHandles.constant(MemorySegment.class, value);
    return add(name, target, FunctionDescriptor.of(ADDRESS));
  }

  /** A function that writes a text. */
  FakeFunctions writes(String name, String text) {
    MethodHandle target =
        own(
                "write",
                MethodType.methodType(void.class, String.class, MemorySegment.class, int.class))
            .bindTo(text);
    return add(name, target, FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
  }

  /** A function that takes a number. */
  FakeFunctions takes(String name) {
    MethodType type = MethodType.methodType(void.class, List.class, String.class, int.class);
    MethodHandle target = MethodHandles.insertArguments(own("note", type), 0, calls, name);
    return add(name, target, FunctionDescriptor.ofVoid(JAVA_INT));
  }

  private FakeFunctions add(String name, MethodHandle target, FunctionDescriptor type) {
    symbols.put(name, Linker.nativeLinker().upcallStub(target, type, Arena.ofAuto()));
    return this;
  }

  private static MethodHandle own(String name, MethodType type) {
    try {
      return MethodHandles.lookup().findStatic(FakeFunctions.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(String text, MemorySegment buffer, int length) {
    if (length < PLENTY) {
      throw new IllegalArgumentException("a buffer of " + length);
    }
    buffer.reinterpret(length).setString(0, text);
  }

  private static void note(List<String> calls, String name, int number) {
    calls.add(name + "(" + number + ")");
  }

  /** The functions under the names of a build without decorations. */
  NativeNames names() {
    return new NativeNames(this, "", "");
  }
}
