#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Batch normalization, one block a channel. The sums are trees, above runs, whose form depends on the
// sizes alone, so equal inputs give equal bits on every GPU.

// Where element i of a channel lies among images [images, channels, places].
DEVICE long long channel_element(long long i, int channel, int channels, int places) {
  long long image = i / places;
  return (image * channels + channel) * places + (i - image * places);
}

KERNEL batch_norm(const float* __restrict__ x, const float* __restrict__ gamma,
                  const float* __restrict__ beta, float eps, float* __restrict__ y,
                  float* __restrict__ mean, float* __restrict__ inv_std, int images, int channels,
                  int places) {
  long long count = (long long) images * places;
  for (int c = (int) blockIdx.x; c < channels; c += (int) gridDim.x) {
    double sum = 0.0;
    for (long long i = threadIdx.x; i < count;) {
      float run = 0.0f;
      long long stop = run_end(i, blockDim.x, count);
      for (; i < stop; i += blockDim.x) {
        run += x[channel_element(i, c, channels, places)];
      }
      sum += run;
    }
    float centre = block_combine(OP_SUM, (float) sum) / (float) count;
    // Around the mean, not as a difference of squares: that would cancel.
    double squares = 0.0;
    for (long long i = threadIdx.x; i < count;) {
      float run = 0.0f;
      long long stop = run_end(i, blockDim.x, count);
      for (; i < stop; i += blockDim.x) {
        float d = x[channel_element(i, c, channels, places)] - centre;
        run += d * d;
      }
      squares += run;
    }
    float inverse = 1.0f / sqrtf(block_combine(OP_SUM, (float) squares) / (float) count + eps);
    float factor = gamma[c] * inverse;
    for (long long i = threadIdx.x; i < count; i += blockDim.x) {
      long long at = channel_element(i, c, channels, places);
      y[at] = factor * (x[at] - centre) + beta[c];
    }
    if (threadIdx.x == 0) {
      mean[c] = centre;
      inv_std[c] = inverse;
    }
  }
}

// With z = (x - mean) inv_std and means over the channel:
// dx = gamma inv_std (dy - mean(dy) - z mean(dy z)).
KERNEL batch_norm_grad(const float* __restrict__ dy, const float* __restrict__ x,
                       const float* __restrict__ gamma, const float* __restrict__ mean,
                       const float* __restrict__ inv_std, float* __restrict__ dx,
                       float* __restrict__ d_gamma, float* __restrict__ d_beta, int images,
                       int channels, int places) {
  long long count = (long long) images * places;
  for (int c = (int) blockIdx.x; c < channels; c += (int) gridDim.x) {
    float centre = mean[c];
    float inverse = inv_std[c];
    double sums = 0.0;
    double products = 0.0;
    for (long long i = threadIdx.x; i < count;) {
      float run = 0.0f;
      float product_run = 0.0f;
      long long stop = run_end(i, blockDim.x, count);
      for (; i < stop; i += blockDim.x) {
        long long at = channel_element(i, c, channels, places);
        run += dy[at];
        product_run += dy[at] * (x[at] - centre) * inverse;
      }
      sums += run;
      products += product_run;
    }
    float sum = block_combine(OP_SUM, (float) sums);
    float product = block_combine(OP_SUM, (float) products);
    float factor = gamma[c] * inverse;
    float mean_sum = sum / (float) count;
    float mean_product = product / (float) count;
    for (long long i = threadIdx.x; i < count; i += blockDim.x) {
      long long at = channel_element(i, c, channels, places);
      dx[at] = factor * (dy[at] - mean_sum - (x[at] - centre) * inverse * mean_product);
    }
    if (threadIdx.x == 0) {
      d_gamma[c] = product;
      d_beta[c] = sum;
    }
  }
}
