package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Calls of cuDNN that need no device, right and wrong ones; each gives a line with its status. */
final class DescriptorCalls {

  private static final int LONGEST = 65535;

  private final SymbolLookup library;
  private final Arena arena;
  private final List<String> lines = new ArrayList<>();

  private DescriptorCalls(SymbolLookup library, Arena arena) {
    this.library = library;
    this.arena = arena;
  }

  static List<String> run(SymbolLookup library) {
    try (Arena arena = Arena.ofConfined()) {
      DescriptorCalls calls = new DescriptorCalls(library, arena);
      calls.tensors();
      calls.convolutions();
      calls.sequences();
      calls.layers();
      return calls.lines;
    }
  }

  private int call(String function, Object... arguments) {
    MemoryLayout[] layouts =
        Arrays.stream(arguments)
            .map(a -> a instanceof Integer ? JAVA_INT : a instanceof Long ? JAVA_LONG : ADDRESS)
            .toArray(MemoryLayout[]::new);
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(
                  library.find(function).orElseThrow(), FunctionDescriptor.of(JAVA_INT, layouts))
              .invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new IllegalStateException(function, t);
    }
  }

  private void note(String what, String function, Object... arguments) {
    lines.add(function + ", " + what + ": " + call(function, arguments));
  }

  private long made(String kind) {
    MemorySegment cell = arena.allocate(JAVA_LONG);
    note("new", "cudnnCreate" + kind + "Descriptor", cell);
    return cell.get(JAVA_LONG, 0);
  }

  private MemorySegment integers(int... values) {
    return arena.allocateFrom(JAVA_INT, values);
  }

  private void size(long tensor) {
    MemorySegment bytes = arena.allocate(JAVA_LONG);
    note("a tensor", "cudnnGetTensorSizeInBytes", tensor, bytes);
    lines.add(bytes.get(JAVA_LONG, 0) + " bytes");
  }

  private void tensors() {
    long tensor = made("Tensor");
    String set = "cudnnSetTensor4dDescriptor";
    note("images", set, tensor, 0, 0, 2, 3, 4, 5);
    size(tensor);
    note("no images", set, tensor, 0, 0, 0, 3, 4, 5);
    String states = "cudnnSetTensorNdDescriptor";
    note("states", states, tensor, 0, 3, integers(2, 3, 4), integers(12, 4, 1));
    size(tensor);
    note("no layers", states, tensor, 0, 3, integers(0, 3, 4), integers(12, 4, 1));
    note("a tensor", "cudnnDestroyTensorDescriptor", tensor);
  }

  private void convolutions() {
    long filter = made("Filter");
    note("filters", "cudnnSetFilter4dDescriptor", filter, 0, 0, 4, 3, 3, 3);
    note("no channels", "cudnnSetFilter4dDescriptor", filter, 0, 0, 4, 0, 3, 3);
    long form = made("Convolution");
    String set = "cudnnSetConvolution2dDescriptor";
    note("a form", set, form, 1, 0, 2, 1, 1, 3, 1, 0);
    note("negative padding", set, form, -1, 0, 2, 1, 1, 1, 1, 0);
    note("no stride", set, form, 1, 0, 0, 1, 1, 1, 1, 0);
    note("no dilation", set, form, 1, 0, 1, 1, 0, 1, 1, 0);
    note("groups", "cudnnSetConvolutionGroupCount", form, 3);
    note("no groups", "cudnnSetConvolutionGroupCount", form, 0);
    for (int type = 0; type <= 3; type++) {
      note("type " + type, "cudnnSetConvolutionMathType", form, type);
    }
    note("a form", "cudnnDestroyConvolutionDescriptor", form);
    note("filters", "cudnnDestroyFilterDescriptor", filter);
  }

  private void sequences() {
    long data = made("RNNData");
    String set = "cudnnSetRNNDataDescriptor";
    MemorySegment nothing = MemorySegment.NULL;
    note("unpacked", set, data, 0, 0, 5, 2, 3, integers(5, 5), nothing);
    note("packed", set, data, 0, 1, 5, 2, 3, integers(5, 5), nothing);
    note("no batch", set, data, 0, 0, 5, 0, 3, integers(5, 5), nothing);
    note("no lengths", set, data, 0, 0, 5, 2, 3, nothing, nothing);
    note("long", set, data, 0, 0, LONGEST, 1, 1, integers(LONGEST), nothing);
    note("too long", set, data, 0, 0, LONGEST + 1, 1, 1, integers(LONGEST + 1), nothing);
    note("a sequence", "cudnnDestroyRNNDataDescriptor", data);
  }

  private void layers() {
    long rnn = made("RNN");
    for (int cell = 2; cell <= 3; cell++) {
      for (int math : new int[] {0, 3}) {
        layers("cell " + cell, rnn, cell, math, 4, 6, 6, 1);
      }
    }
    layers("no inputs", rnn, 2, 0, 0, 6, 6, 1);
    layers("too wide a projection", rnn, 2, 0, 4, 6, 7, 1);
    layers("no projection", rnn, 2, 0, 4, 6, 0, 1);
    layers("unknown flags", rnn, 2, 0, 4, 6, 6, 2);
    layers("no such cell", rnn, 4, 0, 4, 6, 6, 1);
    note("layers", "cudnnDestroyRNNDescriptor", rnn);
  }

  private void layers(
      String what, long rnn, int cell, int math, int inputs, int hidden, int wide, int flags) {
    MemorySegment noDropout = MemorySegment.NULL;
    note(
        what,
        "cudnnSetRNNDescriptor_v8",
        rnn,
        0,
        cell,
        2,
        0,
        0,
        0,
        0,
        math,
        inputs,
        hidden,
        wide,
        2,
        noDropout,
        flags);
  }
}
