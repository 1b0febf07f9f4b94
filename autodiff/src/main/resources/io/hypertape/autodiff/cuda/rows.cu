#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Row operations of classification: log-softmax and its derivative, picking and placing by label.
// Matrices that are read have a step between rows and one between columns; results are dense.

// out = in - max - log sum exp(in - max). One warp a row.
KERNEL log_softmax_warps(const float* __restrict__ in, int row_step, int column_step,
                         float* __restrict__ out, int rows, int columns) {
  long long row = (long long) blockIdx.x * WARPS + threadIdx.x / WARP;
  int lane = (int) (threadIdx.x % WARP);
  int width = row < rows ? columns : 0;
  const float* x = in + row * row_step;
  float largest = -INFINITE;
  for (int j = lane; j < width; j += WARP) {
    largest = larger(largest, x[(long long) j * column_step]);
  }
  largest = warp_combine(OP_MAX, largest);
  float sum = 0.0f;
  for (int j = lane; j < width; j += WARP) {
    sum += expf(x[(long long) j * column_step] - largest);
  }
  float log_sum = logf(warp_combine(OP_SUM, sum));
  for (int j = lane; j < width; j += WARP) {
    out[row * columns + j] = x[(long long) j * column_step] - largest - log_sum;
  }
}

// The same, one block a row.
KERNEL log_softmax_blocks(const float* __restrict__ in, int row_step, int column_step,
                          float* __restrict__ out, int rows, int columns) {
  for (long long row = blockIdx.x; row < rows; row += gridDim.x) {
    const float* x = in + row * row_step;
    float largest = -INFINITE;
    for (int j = (int) threadIdx.x; j < columns; j += (int) blockDim.x) {
      largest = larger(largest, x[(long long) j * column_step]);
    }
    largest = block_combine(OP_MAX, largest);
    double sum = 0.0;
    for (long long j = threadIdx.x; j < columns;) {
      float run = 0.0f;
      long long stop = run_end(j, blockDim.x, columns);
      for (; j < stop; j += blockDim.x) {
        run += expf(x[j * column_step] - largest);
      }
      sum += run;
    }
    float log_sum = logf(block_combine(OP_SUM, (float) sum));
    for (int j = (int) threadIdx.x; j < columns; j += (int) blockDim.x) {
      out[row * columns + j] = x[(long long) j * column_step] - largest - log_sum;
    }
  }
}

// out = c - exp(y) * sum c, y being log-softmax's output and c its cotangent. One warp a row.
KERNEL log_softmax_grad_warps(const float* __restrict__ c, int c_row, int c_column,
                              const float* __restrict__ y, int y_row, int y_column,
                              float* __restrict__ out, int rows, int columns) {
  long long row = (long long) blockIdx.x * WARPS + threadIdx.x / WARP;
  int lane = (int) (threadIdx.x % WARP);
  int width = row < rows ? columns : 0;
  float sum = 0.0f;
  for (int j = lane; j < width; j += WARP) {
    sum += c[row * c_row + (long long) j * c_column];
  }
  sum = warp_combine(OP_SUM, sum);
  for (int j = lane; j < width; j += WARP) {
    out[row * columns + j] = c[row * c_row + (long long) j * c_column] -
                             expf(y[row * y_row + (long long) j * y_column]) * sum;
  }
}

// The same, one block a row.
KERNEL log_softmax_grad_blocks(const float* __restrict__ c, int c_row, int c_column,
                               const float* __restrict__ y, int y_row, int y_column,
                               float* __restrict__ out, int rows, int columns) {
  for (long long row = blockIdx.x; row < rows; row += gridDim.x) {
    double sums = 0.0;
    for (long long j = threadIdx.x; j < columns;) {
      float run = 0.0f;
      long long stop = run_end(j, blockDim.x, columns);
      for (; j < stop; j += blockDim.x) {
        run += c[row * c_row + j * c_column];
      }
      sums += run;
    }
    float sum = block_combine(OP_SUM, (float) sums);
    for (int j = (int) threadIdx.x; j < columns; j += (int) blockDim.x) {
      out[row * columns + j] = c[row * c_row + (long long) j * c_column] -
                               expf(y[row * y_row + (long long) j * y_column]) * sum;
    }
  }
}

// Notes the first index that is no column in error = {noted, row, index, columns}, unless that of an
// earlier kernel stands there. To be called by each thread that comes upon one: it looks for the first,
// so all of them write the same, and no sound index costs anything.
DEVICE void note_bad_index(const int* index, int columns, int* error) {
  if (error[0] == 0) {
    int row = 0;
    while (index[row] >= 0 && index[row] < columns) {
      row++;
    }
    error[1] = row;
    error[2] = index[row];
    error[3] = columns;
    error[0] = 1;
  }
}

// out[i] = in[i, index[i]]; NaN where that is no column.
KERNEL pick(const float* __restrict__ in, int row_step, int column_step,
            const int* __restrict__ index, float* __restrict__ out, int rows, int columns,
            int* __restrict__ error) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) rows; i += step) {
    int column = index[i];
    if (column >= 0 && column < columns) {
      out[i] = in[(long long) i * row_step + (long long) column * column_step];
    } else {
      out[i] = NOT_A_NUMBER;
      note_bad_index(index, columns, error);
    }
  }
}

// out = 0 but for out[i, index[i]] = in[i].
KERNEL scatter(const float* __restrict__ in, int in_step, const int* __restrict__ index,
               float* __restrict__ out, int rows, int columns, int n, int* __restrict__ error) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned row = i / (unsigned) columns;
    int column = (int) (i - row * (unsigned) columns);
    out[i] = column == index[row] ? in[(long long) row * in_step] : 0.0f;
  }
  for (unsigned i = first_index(); i < (unsigned) rows; i += step) {
    if (index[i] < 0 || index[i] >= columns) {
      note_bad_index(index, columns, error);
    }
  }
}
