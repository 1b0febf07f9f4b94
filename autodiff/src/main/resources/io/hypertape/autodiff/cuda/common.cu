#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// What the other sources share: this one stands first in the program that they make up. All of it
// is both CUDA C++ and C, so that a C compiler can run the same kernels in tests.

// As in ReduceOp.
#define OP_SUM 0
#define OP_MAX 1

#define WARP 32
#define WARPS 8 /* a block of 256 threads */
#define ALL_LANES 0xffffffffu
#define INFINITE __int_as_float(0x7f800000)
#define NOT_A_NUMBER __int_as_float(0x7fc00000)

// Axes of up to three operands, innermost last, and the steps of each operand along them.
struct Axes {
  int rank;
  int length[8];
  int a[8];
  int b[8];
  int c[8];
};

struct Offsets {
  long long a;
  long long b;
  long long c;
};

// Unrolled, so that the indices into the parameter are constants: it stays in the constant bank.
DEVICE struct Offsets offsets_of(struct Axes axes, unsigned index) {
  struct Offsets at = {0, 0, 0};
#pragma unroll
  for (int axis = 7; axis >= 0; axis--) {
    if (axis < axes.rank) {
      unsigned length = (unsigned) axes.length[axis];
      unsigned outer = index / length;
      long long i = (long long) (index - outer * length);
      at.a += i * axes.a[axis];
      at.b += i * axes.b[axis];
      at.c += i * axes.c[axis];
      index = outer;
    }
  }
  return at;
}

// Index of this thread among all, and their number: the start and step of a grid-stride loop. Sizes
// are below 2^31, so an index that has just passed one still fits an unsigned int.
DEVICE unsigned first_index(void) {
  return blockIdx.x * blockDim.x + threadIdx.x;
}

DEVICE unsigned index_step(void) {
  return gridDim.x * blockDim.x;
}

DEVICE float4 four(float x) {
  return make_float4(x, x, x, x);
}

// Java's Math.max and Math.min: NaN if either is.
DEVICE float larger(float x, float y) {
  return x != x || y != y ? x + y : fmaxf(x, y);
}

DEVICE float smaller(float x, float y) {
  return x != x || y != y ? x + y : fminf(x, y);
}

DEVICE float identity_of(int op) {
  return op == OP_SUM ? 0.0f : op == OP_MAX ? -INFINITE : INFINITE;
}

DEVICE float combine(int op, float x, float y) {
  return op == OP_SUM ? x + y : op == OP_MAX ? larger(x, y) : smaller(x, y);
}

// What a thread adds of a long sum is cut into runs of so many numbers. A run is in single precision,
// as are the sums of all threads' results, a tree; a thread's runs are added in double precision, so
// that errors do not grow with their number.
#define RUN 64

struct Runs {
  double sum;
  float extreme;
};

DEVICE struct Runs no_runs(int op) {
  struct Runs runs = {0.0, identity_of(op)};
  return runs;
}

DEVICE void take_run(int op, struct Runs* runs, float run) {
  if (op == OP_SUM) {
    runs->sum += run;
  } else {
    runs->extreme = combine(op, runs->extreme, run);
  }
}

DEVICE float result_of(int op, struct Runs runs) {
  return op == OP_SUM ? (float) runs.sum : runs.extreme;
}

// Where a run of elements ends that lie a step apart, in a loop to an end.
DEVICE long long run_end(long long first, long long step, long long end) {
  return first + RUN * step < end ? first + RUN * step : end;
}

// Every lane gets the result of its warp. A butterfly adds in the same order in every lane.
DEVICE float warp_combine(int op, float value) {
  for (int mask = WARP / 2; mask > 0; mask /= 2) {
    value = combine(op, value, __shfl_xor_sync(ALL_LANES, value, mask));
  }
  return value;
}

// Every thread of a block of 256 gets the result of the block.
DEVICE float block_combine(int op, float value) {
  __shared__ float warps[WARPS];
  int lane = (int) (threadIdx.x % WARP);
  value = warp_combine(op, value);
  if (lane == 0) {
    warps[threadIdx.x / WARP] = value;
  }
  __syncthreads();
  value = warp_combine(op, lane < WARPS ? warps[lane] : identity_of(op));
  __syncthreads();
  return value;
}
