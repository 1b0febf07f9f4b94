#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Reductions along axes. Every sum is a tree, above runs, whose form depends on the sizes alone, so
// equal inputs give equal bits on every GPU. No kernel leaves a block early: all threads take part in its tree.

// Rows of contiguous elements. Each is cut into splits pieces of chunk elements, one block a piece;
// the results lie out_step apart, those of a row next to each other.
KERNEL reduce_rows(int op, const float* __restrict__ in, int row_step, int columns, int splits,
                   int chunk, float* __restrict__ out, int out_step) {
  int row = (int) blockIdx.x / splits;
  int split = (int) blockIdx.x - row * splits;
  const float* x = in + (long long) row * row_step;
  long long end = (long long) (split + 1) * chunk;
  end = end < columns ? end : columns;
  struct Runs runs = no_runs(op);
  for (long long first = (long long) split * chunk + threadIdx.x; first < end;) {
    float run = identity_of(op);
    long long stop = run_end(first, blockDim.x, end);
    for (; first < stop; first += blockDim.x) {
      run = combine(op, run, x[first]);
    }
    take_run(op, &runs, run);
  }
  float value = block_combine(op, result_of(op, runs));
  if (threadIdx.x == 0) {
    out[(long long) blockIdx.x * out_step] = value;
  }
}

// Short rows, one warp each.
KERNEL reduce_short_rows(int op, const float* __restrict__ in, int row_step, int rows, int columns,
                         float* __restrict__ out, int out_step) {
  long long row = (long long) blockIdx.x * WARPS + threadIdx.x / WARP;
  int lane = (int) (threadIdx.x % WARP);
  float value = identity_of(op);
  if (row < rows) {
    for (int j = lane; j < columns; j += WARP) {
      value = combine(op, value, in[row * row_step + j]);
    }
  }
  value = warp_combine(op, value);
  if (row < rows && lane == 0) {
    out[row * out_step] = value;
  }
}

// Columns of a matrix with contiguous rows: a block takes 32 columns and, of the rows, the piece
// number blockIdx.x / tiles of chunk rows; the results of a piece lie split_step apart.
KERNEL reduce_columns(int op, const float* __restrict__ in, int row_step, int rows, int columns,
                      int tiles, int chunk, float* __restrict__ out, int split_step,
                      int out_step) {
  __shared__ float partial[WARP * WARPS];
  int split = (int) blockIdx.x / tiles;
  int lane = (int) (threadIdx.x % WARP);
  int warp = (int) (threadIdx.x / WARP);
  long long column = (long long) ((int) blockIdx.x - split * tiles) * WARP + lane;
  long long end = (long long) (split + 1) * chunk;
  end = end < rows ? end : rows;
  struct Runs runs = no_runs(op);
  if (column < columns) {
    for (long long row = (long long) split * chunk + warp; row < end;) {
      float run = identity_of(op);
      long long stop = run_end(row, WARPS, end);
      for (; row < stop; row += WARPS) {
        run = combine(op, run, in[row * row_step + column]);
      }
      take_run(op, &runs, run);
    }
  }
  float value = result_of(op, runs);
  partial[threadIdx.x] = value;
  __syncthreads();
  if (warp == 0 && column < columns) {
    for (int k = 1; k < WARPS; k++) {
      value = combine(op, value, partial[k * WARP + lane]);
    }
    out[(long long) split * split_step + column * out_step] = value;
  }
}

// Any strides, one block a result: kept says where the results and their elements begin, reduced
// where the elements of one lie.
KERNEL reduce_strided(int op, const float* __restrict__ in, float* __restrict__ out,
                      struct Axes kept, int results, struct Axes reduced, int count) {
  for (unsigned r = blockIdx.x; r < (unsigned) results; r += gridDim.x) {
    struct Offsets at = offsets_of(kept, r);
    struct Runs runs = no_runs(op);
    for (long long i = threadIdx.x; i < count;) {
      float run = identity_of(op);
      long long stop = run_end(i, blockDim.x, count);
      for (; i < stop; i += blockDim.x) {
        run = combine(op, run, in[at.a + offsets_of(reduced, (unsigned) i).a]);
      }
      take_run(op, &runs, run);
    }
    float value = block_combine(op, result_of(op, runs));
    if (threadIdx.x == 0) {
      out[at.b] = value;
    }
  }
}

// The same for few elements a result: one thread each.
KERNEL reduce_strided_short(int op, const float* __restrict__ in, float* __restrict__ out,
                            struct Axes kept, int results, struct Axes reduced, int count) {
  unsigned step = index_step();
  for (unsigned r = first_index(); r < (unsigned) results; r += step) {
    struct Offsets at = offsets_of(kept, r);
    float value = identity_of(op);
    for (unsigned i = 0; i < (unsigned) count; i++) {
      value = combine(op, value, in[at.a + offsets_of(reduced, i).a]);
    }
    out[at.b] = value;
  }
}
