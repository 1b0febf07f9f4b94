package io.hypertape.autodiff.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.hypertape.bindings.testing.CudaWheels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * NVIDIA's compiler, called without the bindings, which may be busy with a double in this JVM. It
 * needs no GPU.
 */
final class NvrtcCompiler {

  private static final String FILE = "libnvrtc.so.";

  private final SymbolLookup library;

  private NvrtcCompiler(SymbolLookup library) {
    this.library = library;
  }

  /** Compiled code, or the compiler's words. */
  record Result(int status, byte[] image, String log) {}

  /** The newest of those in HYPERTAPE_TEST_CUDA_WHEELS and in the usual folders. */
  static Optional<NvrtcCompiler> find() {
    return folders().stream().flatMap(NvrtcCompiler::files).findFirst().map(NvrtcCompiler::load);
  }

  /** The compiler opens its built-ins by name: they have to be there first. */
  private static NvrtcCompiler load(Path file) {
    try (DirectoryStream<Path> builtins =
        Files.newDirectoryStream(file.getParent(), "libnvrtc-builtins.so.*")) {
      builtins.forEach(library -> SymbolLookup.libraryLookup(library, Arena.global()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new NvrtcCompiler(SymbolLookup.libraryLookup(file, Arena.global()));
  }

  static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    CudaWheels.named()
        .ifPresent(
            wheels -> {
              folders.add(wheels.resolve("cu13/lib"));
              folders.add(wheels.resolve("cuda_nvrtc/lib"));
            });
    for (String variable : new String[] {"CUDA_HOME", "CUDA_PATH"}) {
      String home = System.getenv(variable);
      if (home != null && !home.isBlank()) {
        folders.add(Path.of(home, "lib64"));
        folders.add(Path.of(home, "lib"));
      }
    }
    folders.add(Path.of("/usr/local/cuda/lib64"));
    folders.add(Path.of("/usr/lib/x86_64-linux-gnu"));
    return folders;
  }

  private static Stream<Path> files(Path folder) {
    return Stream.of("13", "12")
        .map(version -> folder.resolve(FILE + version))
        .filter(Files::exists);
  }

  private int call(String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
    }
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(
                  library.find(function).orElseThrow(), FunctionDescriptor.of(JAVA_INT, layouts))
              .invokeWithArguments(arguments);
    } catch (Throwable t) {
      throw new AssertionError(function, t);
    }
  }

  Result compile(String name, String source, int capability) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(ADDRESS);
      int created =
          call(
              "nvrtcCreateProgram",
              handle,
              arena.allocateFrom(source),
              arena.allocateFrom(name),
              0,
              MemorySegment.NULL,
              MemorySegment.NULL);
      if (created != 0) {
        return new Result(created, new byte[0], "nvrtcCreateProgram");
      }
      MemorySegment program = handle.get(ADDRESS, 0);
      String[] options = {"--gpu-architecture=sm_" + capability, "--std=c++17", "-default-device"};
      MemorySegment array = arena.allocate(ADDRESS, options.length);
      for (int i = 0; i < options.length; i++) {
        array.setAtIndex(ADDRESS, i, arena.allocateFrom(options[i]));
      }
      int status = call("nvrtcCompileProgram", program, options.length, array);
      byte[] log = bytes(arena, program, "nvrtcGetProgramLog");
      byte[] image = status == 0 ? bytes(arena, program, "nvrtcGetCUBIN") : new byte[0];
      call("nvrtcDestroyProgram", handle);
      return new Result(status, image, new String(log, StandardCharsets.UTF_8));
    }
  }

  private byte[] bytes(Arena arena, MemorySegment program, String function) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    call(function + "Size", program, size);
    MemorySegment bytes = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
    call(function, program, bytes);
    return bytes.asSlice(0, size.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
  }
}
