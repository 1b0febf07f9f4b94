package io.hypertape.bindings.testing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Kernels compute over the double what they compute on a device. */
class DoubleKernelTest extends KernelCase {

  private static final String AXPY =
      """
      KERNEL axpy(int n, float a, const float* __restrict__ x, float* __restrict__ y) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) {
          y[i] += a * x[i];
        }
      }
      """;

  /** The sum of each block of 256, with a barrier and shuffles in a function of its own. */
  private static final String SUMS =
      """
      DEVICE float block_sum(float value, float* partial) {
        for (int lanes = 16; lanes > 0; lanes >>= 1) {
          value += __shfl_xor_sync(0xffffffffu, value, lanes);
        }
        if (threadIdx.x % 32 == 0) {
          partial[threadIdx.x / 32] = value;
        }
        __syncthreads();
        if (threadIdx.x < 32) {
          value = threadIdx.x < (blockDim.x + 31) / 32 ? partial[threadIdx.x] : 0.0f;
          for (int shift = 16; shift > 0; shift >>= 1) {
            value += __shfl_down_sync(0xffffffffu, value, shift);
          }
        }
        __syncthreads();
        return value;
      }
      KERNEL sums(const float* __restrict__ x, float* __restrict__ y, int n) {
        __shared__ float partial[32];
        unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
        float once = block_sum(i < n ? x[i] : 0.0f, partial);
        float twice = block_sum(i < n ? 2.0f * x[i] : 0.0f, partial);
        if (threadIdx.x == 0) {
          y[2 * blockIdx.x] = once;
          y[2 * blockIdx.x + 1] = twice;
        }
      }
      KERNEL reversed(float* x) {
        __shared__ float row[256];
        row[threadIdx.x] = x[threadIdx.x];
        __syncthreads();
        x[threadIdx.x] = row[blockDim.x - 1 - threadIdx.x];
      }
      """;

  @Test
  void aKernelReadsItsParametersAtTheLaunchAndRunsLater() {
    long module = module(AXPY);
    long kernel = kernel(module, "axpy");
    long x = device(stream, range(1000));
    long y = device(stream, new float[1000]);
    MemorySegment factor = arena.allocateFrom(JAVA_FLOAT, 2f);
    assertEquals(0, launch(kernel, 4, 256, 1000, factor, x, y));
    factor.set(JAVA_FLOAT, 0, 7f);
    assertTrue(Float.isNaN(MemorySegment.ofAddress(y).reinterpret(4).get(JAVA_FLOAT, 0)));
    float[] values = values(y, 1000, stream);
    assertEquals(2f, values[0]);
    assertEquals(2000f, values[999]);
    ok("cuModuleUnload", module);
    clean();
  }

  @Test
  void barriersAndShufflesSumABlock() {
    long kernel = kernel(module(SUMS), "sums");
    long x = device(stream, range(1000));
    long y = device(4 * 8, stream);
    assertEquals(0, launch(kernel, 4, 256, x, y, 1000));
    float[] values = values(y, 8, stream);
    float[] expected = new float[8];
    for (int i = 0; i < 1000; i++) {
      expected[i / 256 * 2] += i + 1;
      expected[i / 256 * 2 + 1] += 2 * (i + 1);
    }
    assertArrayEquals(expected, values);
    clean();
  }

  @Test
  void sharedMemoryIsTheBlocks() {
    long kernel = kernel(module(SUMS), "reversed");
    long x = device(stream, range(7));
    assertEquals(0, launch(kernel, 1, 7, x));
    assertArrayEquals(new float[] {7, 6, 5, 4, 3, 2, 1}, values(x, 7, stream));
    clean();
  }

  @Test
  void fourFloatsAtATime() {
    long kernel =
        kernel(
            module(
                """
                KERNEL twice(const float* __restrict__ x, float* __restrict__ y, int fours) {
                  int i = blockIdx.x * blockDim.x + threadIdx.x;
                  if (i < fours) {
                    float4 v = ((const float4*) x)[i];
                    ((float4*) y)[i] = make_float4(2 * v.x, 2 * v.y, 2 * v.z, 2 * v.w);
                  }
                }
                """),
            "twice");
    long x = device(stream, range(12));
    long y = device(48, stream);
    assertEquals(0, launch(kernel, 1, 32, x, y, 3));
    assertEquals(24f, values(y, 12, stream)[11]);
    clean();
  }

  @Test
  void aStructIsPassedByValue() {
    long kernel =
        kernel(
            module(
                """
                struct Step { float* x; long long count; float rate; int sign; };
                KERNEL apply(struct Step s) {
                  unsigned i = threadIdx.x;
                  if ((long long) i < s.count) {
                    s.x[i] += s.rate * (float) s.sign;
                  }
                }
                """),
            "apply");
    long x = device(stream, 1f, 2f, 3f);
    MemorySegment step = arena.allocate(24, 8);
    step.set(JAVA_LONG, 0, x);
    step.set(JAVA_LONG, 8, 2);
    step.set(JAVA_FLOAT, 16, 0.5f);
    step.set(JAVA_INT, 20, -1);
    assertEquals(0, launch(kernel, 1, 64, step));
    assertArrayEquals(new float[] {0.5f, 1.5f, 3f}, values(x, 3, stream));
    clean();
    ok("cudaFreeAsync", x, stream);
    assertEquals(ILLEGAL_ADDRESS, launch(kernel, 1, 64, step));
  }

  @Test
  void aMacroMakesKernels() {
    long module =
        module(
            """
            #define MAP(name, expression) \\
              KERNEL map_##name(float* x, unsigned n) { \\
                for (unsigned i = threadIdx.x; i < n; i += blockDim.x) { \\
                  float v = x[i]; \\
                  x[i] = (expression); \\
                } \\
              }
            MAP(square, v * v)
            MAP(root, sqrtf(v))
            """);
    long x = device(stream, range(100));
    assertEquals(0, launch(kernel(module, "map_square"), 1, 64, x, 100));
    assertEquals(10000f, values(x, 100, stream)[99]);
    assertEquals(0, launch(kernel(module, "map_root"), 1, 64, x, 100));
    assertArrayEquals(range(100), values(x, 100, stream));
    clean();
  }

  @Test
  void integersAndBitsAreAsOnADevice() {
    long kernel =
        kernel(
            module(
                """
                KERNEL bits(unsigned* out, unsigned a, unsigned b, unsigned long long c) {
                  out[0] = __umulhi(a, b);
                  out[1] = (unsigned) __float_as_int(1.0f);
                  out[2] = (unsigned) (c >> 32);
                  out[3] = __int_as_float(0x7fc00000) != __int_as_float(0x7fc00000);
                  out[4] = (unsigned) sizeof(long long);
                }
                """),
            "bits");
    long out = device(20, stream);
    assertEquals(0, launch(kernel, 1, 1, out, 0xD2511F53, 0xCD9E8D57, 0x0000_0005_0000_0000L));
    float[] raw = values(out, 5, stream);
    assertEquals(
        (int) (0xD2511F53L * 0xCD9E8D57L >>> 32), Float.floatToRawIntBits(raw[0]), "__umulhi");
    assertEquals(1f, raw[1]);
    assertEquals(5, Float.floatToRawIntBits(raw[2]));
    assertEquals(1, Float.floatToRawIntBits(raw[3]));
    assertEquals(8, Float.floatToRawIntBits(raw[4]));
    clean();
  }

  @Test
  void aCapturedKernelKeepsItsParameters() {
    long kernel = kernel(module(AXPY), "axpy");
    long x = device(stream, range(4));
    long y = device(stream, new float[4]);
    ok("cudaStreamBeginCapture", stream, 1);
    assertEquals(0, launch(kernel, 1, 32, 4, 1f, x, y));
    MemorySegment graph = arena.allocate(JAVA_LONG);
    ok("cudaStreamEndCapture", stream, graph);
    long executable = made("cudaGraphInstantiate", graph.get(JAVA_LONG, 0), 0L);
    assertArrayEquals(new float[4], values(y, 4, stream));
    for (int i = 0; i < 3; i++) {
      ok("cudaGraphLaunch", executable, stream);
    }
    assertArrayEquals(new float[] {3, 6, 9, 12}, values(y, 4, stream));
    clean();
  }

  @Test
  void ptxRunsAsTheCubinDoes() {
    long program = program(AXPY);
    assertEquals(0, compile(program, "--gpu-architecture=compute_80"));
    MemorySegment size = arena.allocate(JAVA_LONG);
    ok("nvrtcGetCUBINSize", program, size);
    assertEquals(0, size.get(JAVA_LONG, 0));
    MemorySegment ptx = bytes(program, "nvrtcGetPTX");
    long kernel = kernel(made("cuModuleLoadData", ptx), "axpy");
    long y = device(stream, new float[1]);
    assertEquals(0, launch(kernel, 1, 32, 1, 3f, device(stream, 1f), y));
    assertEquals(3f, values(y, 1, stream)[0]);
    clean();
  }
}
