#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Constants and copies. Elements are four bytes of any type: they are moved, not looked at.

KERNEL fill(float* __restrict__ out, float value, int n, int quads) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) quads; i += step) {
    ((float4*) out)[i] = four(value);
  }
  for (unsigned i = 4u * (unsigned) quads + first_index(); i < (unsigned) n; i += step) {
    out[i] = value;
  }
}

// out = factor * out.
KERNEL scale(float* __restrict__ out, float factor, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    out[i] *= factor;
  }
}

// A dense matrix of one with any steps: 0 and 1 repeat a row, 1 and 0 a column, 0 and 0 a number.
KERNEL copy_rows(const int* __restrict__ in, int row_step, int column_step, int* __restrict__ out,
                 int columns, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned row = i / (unsigned) columns;
    unsigned column = i - row * (unsigned) columns;
    out[i] = in[(long long) row * row_step + (long long) column * column_step];
  }
}

KERNEL copy_strided(const int* __restrict__ in, int* __restrict__ out, struct Axes axes, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Offsets at = offsets_of(axes, i);
    out[at.b] = in[at.a];
  }
}

// out[row * out_row + column] = in[column * in_column + row]: a tile of 32 by 32 goes through
// shared memory, so that both sides are accessed along their dense axis. A block does one tile.
KERNEL copy_transposed(const int* __restrict__ in, int in_column, int* __restrict__ out,
                       int out_row, int rows, int columns, int tiles_across) {
  __shared__ int tile[WARP * (WARP + 1)]; /* the odd width spreads a column over all banks */
  int down = (int) blockIdx.x / tiles_across;
  int across = (int) blockIdx.x - down * tiles_across;
  int lane = (int) (threadIdx.x % WARP);
  for (int k = (int) (threadIdx.x / WARP); k < WARP; k += WARPS) {
    long long row = (long long) down * WARP + lane;
    long long column = (long long) across * WARP + k;
    if (row < rows && column < columns) {
      tile[k * (WARP + 1) + lane] = in[column * in_column + row];
    }
  }
  __syncthreads();
  for (int k = (int) (threadIdx.x / WARP); k < WARP; k += WARPS) {
    long long row = (long long) down * WARP + k;
    long long column = (long long) across * WARP + lane;
    if (row < rows && column < columns) {
      out[row * out_row + column] = tile[lane * (WARP + 1) + k];
    }
  }
}
