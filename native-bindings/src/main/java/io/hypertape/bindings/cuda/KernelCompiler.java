package io.hypertape.bindings.cuda;

import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.NativeLibrary;
import io.hypertape.bindings.generated.nvrtc.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * NVRTC: compiles CUDA C++ at run time, and keeps what it made in a folder for the next process. It
 * holds nothing that needs closing.
 */
public final class KernelCompiler {

  private static final NativeFunction VERSION = new NativeFunction(Api.NVRTC, "nvrtcVersion");
  private static final NativeFunction COUNT =
      new NativeFunction(Api.NVRTC, "nvrtcGetNumSupportedArchs");
  private static final NativeFunction SUPPORTED =
      new NativeFunction(Api.NVRTC, "nvrtcGetSupportedArchs");
  private static final NativeFunction CREATE =
      new NativeFunction(Api.NVRTC, "nvrtcCreateProgram", "name");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.NVRTC, "nvrtcDestroyProgram", "name");
  private static final NativeFunction COMPILE =
      new NativeFunction(Api.NVRTC, "nvrtcCompileProgram", "name", "options");
  private static final NativeFunction LOG_SIZE =
      new NativeFunction(Api.NVRTC, "nvrtcGetProgramLogSize", "name");
  private static final NativeFunction LOG =
      new NativeFunction(Api.NVRTC, "nvrtcGetProgramLog", "name");
  private static final NativeFunction CUBIN_SIZE =
      new NativeFunction(Api.NVRTC, "nvrtcGetCUBINSize", "name");
  private static final NativeFunction CUBIN =
      new NativeFunction(Api.NVRTC, "nvrtcGetCUBIN", "name");
  private static final NativeFunction PTX_SIZE =
      new NativeFunction(Api.NVRTC, "nvrtcGetPTXSize", "name");
  private static final NativeFunction PTX = new NativeFunction(Api.NVRTC, "nvrtcGetPTX", "name");

  private final Optional<KernelCache> cache;

  private KernelCompiler(Optional<KernelCache> cache) {
    this.cache = cache;
  }

  /**
   * A compiler that keeps what it makes in the user's folder for that: {@code kernels} in {@code
   * HYPERTAPE_CACHE}, or in {@code hypertape} in {@code XDG_CACHE_HOME} or {@code ~/.cache}.
   *
   * @return the compiler
   */
  public static KernelCompiler create() {
    return create(KernelCache.defaultFolder(System.getenv(), System.getProperty("user.home", "")));
  }

  /**
   * A compiler that keeps what it makes in a folder. A folder that cannot be written, or that
   * others could have written, is no error: then every process compiles for itself, and the reason
   * is logged.
   *
   * @param cacheFolder where; made if it is not there
   * @return the compiler
   */
  public static KernelCompiler create(Path cacheFolder) {
    return new KernelCompiler(Optional.of(new KernelCache(cacheFolder)));
  }

  /**
   * A compiler that keeps nothing.
   *
   * @return the compiler
   */
  public static KernelCompiler withoutCache() {
    return new KernelCompiler(Optional.empty());
  }

  /**
   * Compiles a source, unless that was done before.
   *
   * @param name what to call the source in messages
   * @param source CUDA C++; functions are the device's unless they say otherwise
   * @param computeCapability of the device, 90 for 9.0
   * @return a CUBIN for the device if NVRTC knows it, else PTX of the newest architecture before
   *     it, which the driver compiles when it is loaded
   * @throws CudaException if NVRTC refuses; a source's faults are in its text
   * @throws CudaUnavailableException if this NVRTC no longer knows anything that the device can do
   */
  public byte[] compile(String name, String source, int computeCapability) {
    return prepare(name, source, computeCapability).get();
  }

  /**
   * Looks whether a source was compiled before; if not, that can be done by another thread, as it
   * takes seconds.
   *
   * @param name what to call the source in messages
   * @param source CUDA C++; functions are the device's unless they say otherwise
   * @param computeCapability of the device, 90 for 9.0
   * @return what gives the image of {@link #compile}
   * @throws CudaException if NVRTC refuses to say what it knows
   * @throws CudaUnavailableException if this NVRTC no longer knows anything that the device can do
   */
  public Image prepare(String name, String source, int computeCapability) {
    String version = version();
    String architecture = architecture(supported(), computeCapability, version);
    List<String> options =
        List.of(
            "--gpu-architecture=" + architecture, "--std=c++17", "-default-device", "--fmad=true");
    if (cache.isEmpty()) {
      return new Image(architecture, Optional.empty(), () -> compile(name, source, options));
    }
    // The file's name tells apart what the version does not: updates, and who else calls itself so.
    String file = NativeLibraries.location(NativeLibrary.NVRTC).orElse("");
    String key = KernelCache.key(version, file, String.join(" ", options), source);
    return new Image(
        architecture,
        cache.get().read(key),
        () -> {
          byte[] image = compile(name, source, options);
          cache.get().write(key, image);
          return image;
        });
  }

  /**
   * A source's image, compiled before or to be compiled.
   *
   * @param architecture such as {@code sm_90}
   * @param kept the image from before, if there is one
   * @param compilation makes it, which takes seconds
   */
  public record Image(String architecture, Optional<byte[]> kept, Supplier<byte[]> compilation) {

    /**
     * The image, compiled now if need be.
     *
     * @return a CUBIN or PTX
     */
    public byte[] get() {
      return kept.orElseGet(compilation);
    }
  }

  /** {@code sm_90} where machine code can be made for the device, else {@code compute_80}. */
  static String architecture(int[] supported, int computeCapability, String version) {
    int newest = Arrays.stream(supported).filter(one -> one <= computeCapability).max().orElse(-1);
    if (newest < 0) {
      throw new CudaUnavailableException(
          "NVRTC "
              + version
              + " compiles for compute capability "
              + Arrays.stream(supported).min().orElse(0) / 10.0
              + " and newer, but the device has "
              + computeCapability / 10.0
              + "; an older CUDA would fit");
    }
    return (newest == computeCapability ? "sm_" : "compute_") + newest;
  }

  private static String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
      Status.check(Nvrtc.nvrtcVersion(major, minor), VERSION);
      return ResultCells.int32(major) + "." + ResultCells.int32(minor);
    }
  }

  private static int[] supported() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      Status.check(Nvrtc.nvrtcGetNumSupportedArchs(count), COUNT);
      MemorySegment all = arena.allocate(ValueLayout.JAVA_INT, ResultCells.int32(count));
      Status.check(Nvrtc.nvrtcGetSupportedArchs(all), SUPPORTED);
      return all.toArray(ValueLayout.JAVA_INT);
    }
  }

  private static byte[] compile(String name, String source, List<String> options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment text = arena.allocateFrom(source);
      MemorySegment label = arena.allocateFrom(name);
      MemorySegment none = MemorySegment.NULL;
      Status.check(Nvrtc.nvrtcCreateProgram(cell, text, label, 0, none, none), CREATE, name);
      AutoCloseable program = () -> Status.check(Nvrtc.nvrtcDestroyProgram(cell), DESTROY, name);
      byte[] image;
      try {
        image = compile(arena, ResultCells.pointer(cell), name, options);
      } catch (Throwable t) {
        Closing.after(t, program);
        throw t;
      }
      Closing.all(List.of(program));
      return image;
    }
  }

  private static byte[] compile(
      Arena arena, MemorySegment program, String name, List<String> options) {
    MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, options.size());
    for (int i = 0; i < options.size(); i++) {
      pointers.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(options.get(i)));
    }
    int status = Nvrtc.nvrtcCompileProgram(program, options.size(), pointers);
    if (status != Status.SUCCESS) {
      throw explain(
          Status.failure(status, COMPILE, name, String.join(" ", options)), arena, program, name);
    }
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    boolean cubin = options.getFirst().contains("=sm_");
    if (cubin) {
      Status.check(Nvrtc.nvrtcGetCUBINSize(program, size), CUBIN_SIZE, name);
    } else {
      Status.check(Nvrtc.nvrtcGetPTXSize(program, size), PTX_SIZE, name);
    }
    MemorySegment image = arena.allocate(ResultCells.int64(size));
    if (cubin) {
      Status.check(Nvrtc.nvrtcGetCUBIN(program, image), CUBIN, name);
    } else {
      Status.check(Nvrtc.nvrtcGetPTX(program, image), PTX, name);
    }
    return image.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Adds what the compiler says of the source, if the failure is one that it says something of. */
  private static CudaException explain(
      CudaException failure, Arena arena, MemorySegment program, String name) {
    int code = failure.code();
    if (code != Nvrtc.NVRTC_ERROR_COMPILATION()
        && code != Nvrtc.NVRTC_ERROR_INVALID_OPTION()
        && code != Nvrtc.NVRTC_ERROR_BUILTIN_OPERATION_FAILURE()) {
      return failure;
    }
    try {
      String text = failure.text() + "\n" + log(arena, program, name);
      return new CudaException(
          failure.call(), code, failure.codeName(), text, failure.arguments(), false);
    } catch (CudaException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static String log(Arena arena, MemorySegment program, String name) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    Status.check(Nvrtc.nvrtcGetProgramLogSize(program, size), LOG_SIZE, name);
    MemorySegment log = arena.allocate(Math.max(1, ResultCells.int64(size)));
    Status.check(Nvrtc.nvrtcGetProgramLog(program, log), LOG, name);
    return new String(log.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
        .replace("\0", "")
        .strip();
  }
}
