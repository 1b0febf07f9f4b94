#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Derivatives of the updates by their hyperparameters, <c, dp'/dh> with the cotangent c of the new
// parameter: what a thread adds up of the elements from begin on that lie a step apart. program.cu
// calls these, for many tensors at once, adds the sums of all threads and scales them. The sums are of
// derivatives by decays beta; the factors there turn them into those by 1 - beta.

DEVICE void leave_partial(float* partial, int k, double sum) {
  float of_block = block_combine(OP_SUM, (float) sum);
  if (threadIdx.x == 0) {
    partial[(unsigned) k * gridDim.x + blockIdx.x] = of_block;
  }
}

DEVICE void sgd_hyper_range(const float* __restrict__ c, const float* __restrict__ g,
                 const float* __restrict__ alpha, int n, unsigned begin, unsigned step,
                     double* sums) {
  double sum = 0.0;
  for (long long i = begin; i < n;) {
    float run = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      run += c[i] * g[i];
    }
    sum += run;
  }
  sums[0] = sum;
}

DEVICE void sgd_momentum_hyper_range(const float* __restrict__ c, const float* __restrict__ g,
                          const float* __restrict__ b, const float* __restrict__ alpha,
                          const float* __restrict__ mu, int n, unsigned begin, unsigned step,
                     double* sums) {
  float m = mu[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  for (long long i = begin; i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      run0 += c[i] * (m * b[i] + g[i]);
      run1 += c[i] * b[i];
    }
    sum0 += run0;
    sum1 += run1;
  }
  sums[0] = sum0;
  sums[1] = sum1;
}

DEVICE void adagrad_hyper_range(const float* __restrict__ c, const float* __restrict__ g,
                     const float* __restrict__ s, const float* __restrict__ alpha,
                     const float* __restrict__ eps, int n, unsigned begin, unsigned step,
                     double* sums) {
  float e = eps[0];
  double sum = 0.0;
  for (long long i = begin; i < n;) {
    float run = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      run += c[i] * x / sqrtf(s[i] + x * x + e);
    }
    sum += run;
  }
  sums[0] = sum;
}

DEVICE void rmsprop_hyper_range(const float* __restrict__ c, const float* __restrict__ g,
                     const float* __restrict__ s, const float* __restrict__ alpha,
                     const float* __restrict__ gamma_rest, const float* __restrict__ eps,
                     int n, unsigned begin, unsigned step,
                     double* sums) {
  struct Decay decay = decay_of(gamma_rest[0]);
  float e = eps[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  for (long long i = begin; i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      float inner = running_mean(decay, s[i], x * x) + e;
      float share = c[i] * x / sqrtf(inner);
      run0 += share;
      run1 += share * (s[i] - x * x) / inner;
    }
    sum0 += run0;
    sum1 += run1;
  }
  sums[0] = sum0;
  sums[1] = sum1;
}

// An element whose v and g are 0 adds nothing by beta2: its mean square is 0 for every beta2.
DEVICE void adam_hyper_range(const float* __restrict__ c, const float* __restrict__ g,
                  const float* __restrict__ m, const float* __restrict__ v,
                  const float* __restrict__ alpha, const float* __restrict__ beta1_rest,
                  const float* __restrict__ beta2_rest, const float* __restrict__ eps,
                  struct AdamFactors k, int n, unsigned begin, unsigned step,
                     double* sums) {
  struct Decay b1 = decay_of(beta1_rest[0]);
  struct Decay b2 = decay_of(beta2_rest[0]);
  float e = eps[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  double sum2 = 0.0;
  for (long long i = begin; i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    float run2 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      float mean = running_mean(b1, m[i], x);
      float square = running_mean(b2, v[i], x * x);
      float root = sqrtf(square * k.square);
      float share = c[i] / (root + e);
      float mean_hat = mean * k.mean;
      run0 += share * mean_hat;
      run1 += share * ((m[i] - x) * k.mean + mean * k.mean_slope);
      float square_rate = (v[i] - x * x) * k.square + square * k.square_slope;
      if (root != 0.0f) {
        // The quotient first: square_rate is beyond what floats reach where beta2 is next to 1.
        run2 += share * mean_hat * (square_rate / ((root + e) * root));
      }
    }
    sum0 += run0;
    sum1 += run1;
    sum2 += run2;
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
}

// The next running mean of weights w, and the partial sums of <g, e>, |g|^2 and |e|^2 with e the
// distance of w from the mean.
DEVICE void trace_range(const float* __restrict__ g, const float* __restrict__ w,
                        const float* __restrict__ mean, const float* __restrict__ rate,
                        float* __restrict__ mean_out, int n, unsigned begin, unsigned step,
                        double* sums) {
  float c = rate[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  double sum2 = 0.0;
  for (long long i = begin; i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    float run2 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      float old = mean[i];
      float e = w[i] - old;
      mean_out[i] = e * c + old;
      run0 += x * e;
      run1 += x * x;
      run2 += e * e;
    }
    sum0 += run0;
    sum1 += run1;
    sum2 += run2;
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
}

// FusedKernel tells what the next three do. Of the first two one thread does all.
KERNEL trace_rate(const float* n, const float* value, const float* highest, const float* rests,
                  const float* factor, const float* gamma, const float* log_drop,
                  const float* rest, const float* first, float* rate, float* open,
                  float* highest_out, float* rests_out) {
  if (blockIdx.x != 0 || threadIdx.x != 0) {
    return;
  }
  float count = n[0];
  int full = factor[0] >= 1.0f;
  float high = count >= 2.0f ? fmaxf(highest[0], value[0]) : highest[0];
  int now = count >= 2.0f && full && count >= rests[0] && value[0] < high - log_drop[0];
  float until = now ? fmaxf(count * rest[0], 10.0f) + count : rests[0];
  rate[0] = now ? 1.0f : (gamma[0] + 1.0f) / fmaxf(fmaxf(count, 1.0f) + gamma[0], 1e-30f);
  open[0] = count >= first[0] && full && count >= until ? 1.0f : 0.0f;
  highest_out[0] = now ? value[0] : high;
  rests_out[0] = until;
}

KERNEL trace_cosine(const float* product, const float* gradient, const float* trace, const float* n,
                    const float* largest, const float* normalized, const float* limit, float* out,
                    float* largest_out) {
  if (blockIdx.x != 0 || threadIdx.x != 0) {
    return;
  }
  float cosine = product[0] / (sqrtf(gradient[0]) * sqrtf(trace[0]) + 1e-30f);
  if (!(cosine == cosine)) {
    cosine = 0.0f;
  }
  float most = fmaxf(largest[0], fabsf(cosine));
  float scaled = normalized[0] != 0.0f ? cosine / fmaxf(most, 1e-30f) : cosine;
  float cut = fminf(fmaxf(scaled, -limit[0]), limit[0]);
  out[0] = trace[0] == 0.0f && gradient[0] > 0.0f && n[0] >= 1.0f ? -1.0f : cut;
  largest_out[0] = most;
}

KERNEL select(const float* c, const float* __restrict__ a, const float* __restrict__ b,
              float* __restrict__ out, int n) {
  unsigned step = index_step();
  const float* from = c[0] != 0.0f ? a : b;
  for (long long i = first_index(); i < n; i += step) {
    out[i] = from[i];
  }
}
