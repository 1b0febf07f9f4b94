#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// What a dense layer does to its sums, which cuBLAS has left: bias and function, and the way back.

// As in Epilogue.
DEVICE float epilogue_of(int epilogue, float z) {
  return epilogue == 1 ? unary_tanh_of(z)
         : epilogue == 2 ? unary_relu_of(z)
         : epilogue == 3 ? unary_sigmoid_of(z)
                         : z;
}

// The cotangent of the sums from that of the output and the output.
DEVICE float epilogue_grad_of(int epilogue, float c, float y) {
  return epilogue == 1 ? binary_tanh_grad_of(c, y)
         : epilogue == 2 ? binary_relu_grad_of(c, y)
         : epilogue == 3 ? binary_sigmoid_grad_of(c, y)
                         : c;
}

// z = f(z + bias), [n / columns, columns]; four at a time where quads is not 0.
KERNEL affine_epilogue(int epilogue, float* __restrict__ z, const float* __restrict__ bias,
                       int columns, int n, int quads) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) quads; i += step) {
    float4 x = ((const float4*) z)[i];
    float4 b = ((const float4*) bias)[i % ((unsigned) columns / 4u)];
    ((float4*) z)[i] =
        make_float4(epilogue_of(epilogue, x.x + b.x), epilogue_of(epilogue, x.y + b.y),
                    epilogue_of(epilogue, x.z + b.z), epilogue_of(epilogue, x.w + b.w));
  }
  for (unsigned i = 4u * (unsigned) quads + first_index(); i < (unsigned) n; i += step) {
    z[i] = epilogue_of(epilogue, z[i] + bias[i % (unsigned) columns]);
  }
}

// dz = f'(y) c and the sums of its columns, which are added as reduce_columns does it: a block takes 32
// columns and, of the rows, the piece number blockIdx.x / tiles of chunk rows.
KERNEL affine_grad(int epilogue, const float* __restrict__ c, const float* __restrict__ y,
                   float* __restrict__ dz, int rows, int columns, int tiles, int chunk,
                   float* __restrict__ out) {
  __shared__ float partial[WARP * WARPS];
  int split = (int) blockIdx.x / tiles;
  int lane = (int) (threadIdx.x % WARP);
  int warp = (int) (threadIdx.x / WARP);
  long long column = (long long) ((int) blockIdx.x - split * tiles) * WARP + lane;
  long long end = (long long) (split + 1) * chunk;
  end = end < rows ? end : rows;
  double sum = 0.0;
  if (column < columns) {
    for (long long row = (long long) split * chunk + warp; row < end;) {
      float run = 0.0f;
      long long stop = run_end(row, WARPS, end);
      for (; row < stop; row += WARPS) {
        long long at = row * columns + column;
        float value = epilogue_grad_of(epilogue, c[at], y[at]);
        dz[at] = value;
        run += value;
      }
      sum += run;
    }
  }
  float value = (float) sum;
  partial[threadIdx.x] = value;
  __syncthreads();
  if (warp == 0 && column < columns) {
    for (int k = 1; k < WARPS; k++) {
      value += partial[k * WARP + lane];
    }
    out[(long long) split * columns + column] = value;
  }
}
