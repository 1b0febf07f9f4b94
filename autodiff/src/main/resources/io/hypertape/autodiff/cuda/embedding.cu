#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Rows of a table by index, and the way back.

// out[i] = table[index[i]], row by row; NaN where that is no row.
KERNEL gather_rows(const float* __restrict__ table, const int* __restrict__ index,
                   float* __restrict__ out, int count, int rows, int columns, int n,
                   int* __restrict__ error) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned line = i / (unsigned) columns;
    int row = index[line];
    out[i] = row >= 0 && row < rows
                 ? table[(long long) row * columns + (i - line * (unsigned) columns)]
                 : NOT_A_NUMBER;
  }
  for (unsigned i = first_index(); i < (unsigned) count; i += step) {
    if (index[i] < 0 || index[i] >= rows) {
      note_bad_index(index, rows, error);
    }
  }
}

// out[r] = the sum of the rows i with index[i] = r, in the order of i, by runs. A block takes a row of out
// and 256 of its columns, and looks through all indices: 256 at a time, and of these only the warps
// that hold a match.
KERNEL scatter_rows(const float* __restrict__ in, const int* __restrict__ index,
                    float* __restrict__ out, int count, int rows, int columns, int tiles,
                    int* __restrict__ error) {
  __shared__ int seen[WARP * WARPS];
  __shared__ int matches[WARPS];
  int lane = (int) (threadIdx.x % WARP);
  int warp = (int) (threadIdx.x / WARP);
  long long jobs = (long long) rows * tiles;
  for (long long job = blockIdx.x; job < jobs; job += gridDim.x) {
    int row = (int) (job / tiles);
    int column = (int) (job - (long long) row * tiles) * (int) blockDim.x + (int) threadIdx.x;
    double sum = 0.0;
    float run = 0.0f;
    int in_run = 0;
    for (int base = 0; base < count; base += (int) blockDim.x) {
      int i = base + (int) threadIdx.x;
      int mine = i < count ? index[i] : -1;
      float any = warp_combine(OP_MAX, mine == row ? 1.0f : 0.0f);
      seen[threadIdx.x] = mine;
      if (lane == 0) {
        matches[warp] = any > 0.0f;
      }
      __syncthreads();
      for (int k = 0; k < WARPS; k++) {
        if (matches[k] && column < columns) {
          for (int j = k * WARP; j < (k + 1) * WARP; j++) {
            if (seen[j] == row) {
              run += in[(long long) (base + j) * columns + column];
              if (++in_run == RUN) {
                sum += run;
                run = 0.0f;
                in_run = 0;
              }
            }
          }
        }
      }
      __syncthreads();
    }
    if (column < columns) {
      out[(long long) row * columns + column] = (float) (sum + run);
    }
  }
  for (unsigned i = first_index(); i < (unsigned) count; i += index_step()) {
    if (index[i] < 0 || index[i] >= rows) {
      note_bad_index(index, rows, error);
    }
  }
}
