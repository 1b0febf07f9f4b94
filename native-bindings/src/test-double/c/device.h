/*
 * Laid before a kernel's source so that a C compiler takes it: CUDA's words and built-ins, as far as Hypertape's kernels use them.
 * No system header is read, for NVRTC knows none either: a macro such as INFINITY must fail here as it does there.
 */
#ifndef HYPERTAPE_DEVICE_H
#define HYPERTAPE_DEVICE_H

typedef void hypertape_kernel_result; /* by this name the kernels are found */
typedef __SIZE_TYPE__ size_t;

#define KERNEL static hypertape_kernel_result
#define DEVICE static inline __attribute__((unused))
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __constant__ static const
#define __shared__ static
#define __launch_bounds__(...)
#define __grid_constant__
#define __threadfence() ((void)0) /* one block runs after another */

struct hypertape_index {
  unsigned x, y, z;
};
static struct hypertape_index threadIdx, blockIdx, blockDim = {1, 1, 1}, gridDim = {1, 1, 1};
enum { warpSize = 32 };

struct kernel_hooks {
  void (*barrier)(void);
  void (*warp_barrier)(unsigned mask);
  unsigned long long (*shuffle)(unsigned mask, unsigned long long bits, int source);
  unsigned (*turn)(unsigned number, unsigned count);
};
static const struct kernel_hooks *hypertape_hooks;

#define __syncthreads() hypertape_barrier()
#define __syncwarp() hypertape_warp_barrier()

DEVICE void hypertape_barrier(void) { hypertape_hooks->barrier(); }
DEVICE void hypertape_warp_barrier(void) { hypertape_hooks->warp_barrier(0xffffffffu); }

/* The source lane of a thread, itself where a shift leaves the warp. */
DEVICE int hypertape_lane(void) { return (int)(threadIdx.x % 32u); }
DEVICE int hypertape_kept(int lane) { return lane < 0 || lane > 31 ? hypertape_lane() : lane; }
#define hypertape_shuffle(mask, value, source)                                \
  __extension__({                                                             \
    __typeof__(+(value)) hypertape_value = (value);                           \
    unsigned long long hypertape_bits = 0;                                    \
    __builtin_memcpy(&hypertape_bits, &hypertape_value, sizeof hypertape_value); \
    hypertape_bits = hypertape_hooks->shuffle((mask), hypertape_bits, (source)); \
    __builtin_memcpy(&hypertape_value, &hypertape_bits, sizeof hypertape_value); \
    hypertape_value;                                                          \
  })
#define __shfl_sync(mask, value, lane) hypertape_shuffle(mask, value, (int)((unsigned)(lane) % 32u))
#define __shfl_xor_sync(mask, value, lanes) hypertape_shuffle(mask, value, hypertape_kept(hypertape_lane() ^ (int)(lanes)))
#define __shfl_down_sync(mask, value, shift) hypertape_shuffle(mask, value, hypertape_kept(hypertape_lane() + (int)(shift)))
#define __shfl_up_sync(mask, value, shift) hypertape_shuffle(mask, value, hypertape_kept(hypertape_lane() - (int)(shift)))

typedef struct __attribute__((aligned(8))) { float x, y; } float2;
typedef struct { float x, y, z; } float3;
typedef struct __attribute__((aligned(16))) { float x, y, z, w; } float4;
typedef struct __attribute__((aligned(8))) { int x, y; } int2;
typedef struct __attribute__((aligned(16))) { int x, y, z, w; } int4;
typedef struct __attribute__((aligned(8))) { unsigned x, y; } uint2;
typedef struct __attribute__((aligned(16))) { unsigned x, y, z, w; } uint4;
typedef struct __attribute__((aligned(16))) { double x, y; } double2;
DEVICE float2 make_float2(float x, float y) { return (float2){x, y}; }
DEVICE float3 make_float3(float x, float y, float z) { return (float3){x, y, z}; }
DEVICE float4 make_float4(float x, float y, float z, float w) { return (float4){x, y, z, w}; }
DEVICE int2 make_int2(int x, int y) { return (int2){x, y}; }
DEVICE int4 make_int4(int x, int y, int z, int w) { return (int4){x, y, z, w}; }
DEVICE uint2 make_uint2(unsigned x, unsigned y) { return (uint2){x, y}; }
DEVICE uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return (uint4){x, y, z, w}; }
DEVICE double2 make_double2(double x, double y) { return (double2){x, y}; }

DEVICE unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
DEVICE unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  __extension__ typedef unsigned __int128 wide;
  return (unsigned long long)(((wide)a * b) >> 64);
}
DEVICE int __float_as_int(float value) {
  int bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}
DEVICE unsigned __float_as_uint(float value) { return (unsigned)__float_as_int(value); }
DEVICE float __int_as_float(int bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}
DEVICE float __uint_as_float(unsigned bits) { return __int_as_float((int)bits); }
DEVICE int __popc(unsigned bits) { return __builtin_popcount(bits); }
DEVICE int __clz(int bits) { return bits == 0 ? 32 : __builtin_clz((unsigned)bits); }
DEVICE int __ffs(int bits) { return __builtin_ffs(bits); }
DEVICE int atomicAdd(int *address, int value) {
  int old = *address;
  *address = old + value;
  return old;
}
DEVICE float rsqrtf(float x) { return 1.0f / __builtin_sqrtf(x); }
DEVICE float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#define __ldg(address) (*(address))

float expf(float), exp2f(float), expm1f(float), logf(float), log2f(float), log10f(float), log1pf(float), tanhf(float), sinhf(float),
    coshf(float), sinf(float), cosf(float), tanf(float), atanf(float), sqrtf(float), cbrtf(float), fabsf(float), floorf(float),
    ceilf(float), truncf(float), roundf(float), rintf(float), erff(float), erfcf(float), powf(float, float), atan2f(float, float),
    fmaxf(float, float), fminf(float, float), fmodf(float, float), copysignf(float, float), fmaf(float, float, float);
double exp(double), expm1(double), log(double), log1p(double), tanh(double), sin(double), cos(double), sqrt(double), fabs(double),
    floor(double), ceil(double), pow(double, double), fmax(double, double), fmin(double, double), copysign(double, double),
    fma(double, double, double);

#endif
