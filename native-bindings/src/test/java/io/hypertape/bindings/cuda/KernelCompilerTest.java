package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.testing.CudaDouble;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCompilerTest extends CudaTestCase {

  private static final String SOURCE =
      """
      #ifndef KERNEL
      #define KERNEL extern "C" __global__ void
      #endif
      struct Shape { int rows; float factor; long long offset; };
      KERNEL scale(float* x, int n, float by, long long plus) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) x[i] = x[i] * by + plus;
      }
      KERNEL shaped(float* x, struct Shape shape, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) x[i] = shape.rows * 100 + shape.factor + shape.offset * 1000;
      }
      """;

  @TempDir private Path folder;
  private KernelCompiler compiler;

  @BeforeEach
  void openCompiler() {
    compiler = KernelCompiler.create(folder);
  }

  private byte[] compile() {
    return compiler.compile("test.cu", SOURCE, device.computeCapability());
  }

  private Path entry() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return all.getFirst();
    }
  }

  @Test
  void aKernelRunsWithItsArguments() {
    try (CudaModule module = CudaModule.load(device, compile());
        KernelArguments arguments = KernelArguments.create();
        DeviceMemory x = upload(values(300, 1))) {
      CudaKernel kernel = module.kernel("scale");
      assertEquals("scale", kernel.name());
      arguments.pointer(x.address()).int32(299).float32(2).int64(-7);
      kernel.launch(stream, 2, 256, arguments);
      // Copied at the launch: what comes next must not reach the kernel.
      arguments.clear().pointer(0).int32(1 << 30).float32(0).int64(0);
      float[] expected = values(300, 1);
      for (int i = 0; i < 299; i++) {
        expected[i] = expected[i] * 2 - 7;
      }
      assertArrayEquals(expected, download(x), 1e-6f);
    }
  }

  /** The driver would take it from the launch before, or from anywhere. */
  @Test
  void anArgumentTooFewOrTooManyIsRefused() {
    try (CudaModule module = CudaModule.load(device, compile());
        KernelArguments arguments = KernelArguments.create();
        DeviceMemory x = upload(1)) {
      CudaKernel kernel = module.kernel("scale");
      arguments.pointer(x.address()).int32(1).float32(2).int64(0);
      kernel.launch(stream, 1, 256, arguments);
      arguments.clear().pointer(x.address()).int32(1).float32(2);
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> kernel.launch(stream, 1, 256, arguments));
      assertEquals("kernel scale has 4 parameters, but gets 3 values", e.getMessage());
      arguments.int64(0).int32(0);
      assertThrows(IllegalArgumentException.class, () -> kernel.launch(stream, 1, 256, arguments));
      assertArrayEquals(new float[] {2}, download(x));
    }
  }

  @Test
  void aStructGoesByValue() {
    try (Arena arena = Arena.ofConfined();
        CudaModule module = CudaModule.load(device, compile());
        KernelArguments arguments = KernelArguments.create();
        DeviceMemory x = upload(0, 0)) {
      MemorySegment shape = arena.allocate(16, 8);
      shape.set(ValueLayout.JAVA_INT, 0, 3);
      shape.set(ValueLayout.JAVA_FLOAT, 4, 0.5f);
      shape.set(ValueLayout.JAVA_LONG, 8, 2);
      arguments.clear().pointer(x.address()).bytes(shape).int32(2);
      module.kernel("shaped").launch(stream, 1, 32, arguments);
      assertArrayEquals(new float[] {2300.5f, 2300.5f}, download(x));
    }
  }

  @Test
  void aLaunchThatFailsIsNamed() {
    CudaDouble.requireDouble();
    expectViolation("cuLaunchKernel");
    CudaModule module = CudaModule.load(device, compile());
    try (KernelArguments arguments = KernelArguments.create()) {
      CudaKernel kernel = module.kernel("scale");
      arguments.pointer(0x1234).int32(299).float32(2).int64(-7);
      CudaException e =
          assertThrows(CudaException.class, () -> kernel.launch(stream, 0, 256, arguments));
      assertEquals("cuLaunchKernel", e.call());
      assertEquals("CUDA_ERROR_INVALID_VALUE", e.codeName());
      assertTrue(
          e.arguments().startsWith("kernel=scale, grid=0, block=256, arguments=4 values, stream="),
          e.arguments());
      module.close();
      assertThrows(IllegalStateException.class, () -> kernel.launch(stream, 1, 256, arguments));
      assertThrows(IllegalStateException.class, () -> module.kernel("scale"));
    }
  }

  @Test
  void aKernelThatIsNotThereIsNamed() {
    expectViolation("cuModuleGetFunction");
    try (CudaModule module = CudaModule.load(device, compile())) {
      CudaException e = assertThrows(CudaException.class, () -> module.kernel("nothing"));
      assertEquals("cuModuleGetFunction", e.call());
      assertEquals("name=nothing", e.arguments());
      assertEquals("CUDA_ERROR_NOT_FOUND", e.codeName());
    }
  }

  @Test
  void whatWasCompiledBeforeIsRead() {
    CudaDouble.requireDouble();
    byte[] first = compile();
    assertArrayEquals(first, compile());
    assertEquals(1, CudaDouble.calls("nvrtcCompileProgram"));
    assertArrayEquals(
        first, KernelCompiler.create(folder).compile("b.cu", SOURCE, device.computeCapability()));
    assertEquals(1, CudaDouble.calls("nvrtcCompileProgram"));
    compiler.compile("test.cu", SOURCE + " ", device.computeCapability());
    assertEquals(2, CudaDouble.calls("nvrtcCompileProgram"));
  }

  @Test
  void aDamagedEntryIsCompiledAnew() throws IOException {
    CudaDouble.requireDouble();
    byte[] first = compile();
    byte[] content = Files.readAllBytes(entry());
    content[content.length - 1] ^= 1;
    Files.write(entry(), content);
    assertArrayEquals(first, compile());
    assertEquals(2, CudaDouble.calls("nvrtcCompileProgram"));
    assertArrayEquals(first, compile());
    assertEquals(2, CudaDouble.calls("nvrtcCompileProgram"));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    compiler = KernelCompiler.create(file);
    assertArrayEquals(compile(), compile());
    compiler = KernelCompiler.withoutCache();
    assertTrue(compile().length > 0);
  }

  @Test
  void faultsOfTheSourceAreQuoted() {
    CudaException e =
        assertThrows(
            CudaException.class,
            () ->
                compiler.compile(
                    "bad.cu",
                    SOURCE + "KERNEL bad(int n) { no_such_thing(n) }\n",
                    device.computeCapability()));
    assertEquals("nvrtcCompileProgram", e.call());
    assertEquals("NVRTC_ERROR_COMPILATION", e.codeName());
    assertTrue(e.getMessage().contains("no_such_thing"), e.getMessage());
    assertTrue(e.arguments().contains("bad.cu"), e.arguments());
    assertTrue(e.arguments().contains("--std=c++17"), e.arguments());
  }

  @Test
  void aDeviceNewerThanTheCompilerGetsCodeThatTheDriverCompiles() {
    CudaDouble.requireDouble();
    byte[] ptx = compiler.compile("test.cu", SOURCE, 999);
    assertTrue(ptx.length > 0);
    assertEquals(0, CudaDouble.calls("nvrtcGetCUBIN"));
    assertEquals(1, CudaDouble.calls("nvrtcGetPTX"));
  }

  @Test
  void architecturesAreChosen() {
    int[] supported = {75, 80, 86, 90};
    assertEquals("sm_90", KernelCompiler.architecture(supported, 90, "13.0"));
    assertEquals("compute_80", KernelCompiler.architecture(supported, 81, "13.0"));
    assertEquals("compute_90", KernelCompiler.architecture(supported, 120, "13.0"));
    CudaUnavailableException e =
        assertThrows(
            CudaUnavailableException.class,
            () -> KernelCompiler.architecture(supported, 61, "13.0"));
    assertEquals(
        "NVRTC 13.0 compiles for compute capability 7.5 and newer, but the device has 6.1; an older"
            + " CUDA would fit",
        e.reason());
  }
}
