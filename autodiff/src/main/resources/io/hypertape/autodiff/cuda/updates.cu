#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Optimizer updates in one pass, of the elements from begin on that lie a step apart. Hyperparameters
// are read where they lie, so that a recorded step can be replayed while they change. All tensors have
// n elements and are dense; quads is n / 4 where all are aligned to 16 bytes, else 0. program.cu calls
// these, for many tensors at once.

DEVICE float sgd_of(float p, float g, float alpha) {
  return p - alpha * g;
}

DEVICE void sgd_range(const float* __restrict__ p, const float* __restrict__ g,
           const float* __restrict__ alpha, float* __restrict__ p_out, int n, int quads, unsigned begin,
                 unsigned step) {
  float a = alpha[0];
  for (unsigned i = begin; i < (unsigned) quads; i += step) {
    float4 x = ((const float4*) p)[i];
    float4 y = ((const float4*) g)[i];
    ((float4*) p_out)[i] =
        make_float4(sgd_of(x.x, y.x, a), sgd_of(x.y, y.y, a), sgd_of(x.z, y.z, a),
                    sgd_of(x.w, y.w, a));
  }
  for (unsigned i = 4u * (unsigned) quads + begin; i < (unsigned) n; i += step) {
    p_out[i] = sgd_of(p[i], g[i], a);
  }
}

DEVICE void sgd_momentum_range(const float* __restrict__ p, const float* __restrict__ g,
                    const float* __restrict__ b, const float* __restrict__ alpha,
                    const float* __restrict__ mu, float* __restrict__ p_out,
                    float* __restrict__ b_out, int n, int quads, unsigned begin,
                 unsigned step) {
  float a = alpha[0];
  float m = mu[0];
  for (unsigned i = begin; i < (unsigned) quads; i += step) {
    float4 x = ((const float4*) p)[i];
    float4 y = ((const float4*) g)[i];
    float4 z = ((const float4*) b)[i];
    float4 d = make_float4(m * z.x + y.x, m * z.y + y.y, m * z.z + y.z, m * z.w + y.w);
    ((float4*) b_out)[i] = d;
    ((float4*) p_out)[i] =
        make_float4(sgd_of(x.x, d.x, a), sgd_of(x.y, d.y, a), sgd_of(x.z, d.z, a),
                    sgd_of(x.w, d.w, a));
  }
  for (unsigned i = 4u * (unsigned) quads + begin; i < (unsigned) n; i += step) {
    float d = m * b[i] + g[i];
    b_out[i] = d;
    p_out[i] = sgd_of(p[i], d, a);
  }
}

// AdaGrad and RMSProp: the new mean or sum of squares s, then the step by its root.
DEVICE float root_step(float p, float g, float s, float alpha, float eps) {
  return p - alpha * g / sqrtf(s + eps);
}

DEVICE void adagrad_range(const float* __restrict__ p, const float* __restrict__ g,
               const float* __restrict__ s, const float* __restrict__ alpha,
               const float* __restrict__ eps, float* __restrict__ p_out,
               float* __restrict__ s_out, int n, int quads, unsigned begin,
                 unsigned step) {
  float a = alpha[0];
  float e = eps[0];
  for (unsigned i = begin; i < (unsigned) quads; i += step) {
    float4 x = ((const float4*) p)[i];
    float4 y = ((const float4*) g)[i];
    float4 z = ((const float4*) s)[i];
    float4 u = make_float4(z.x + y.x * y.x, z.y + y.y * y.y, z.z + y.z * y.z, z.w + y.w * y.w);
    ((float4*) s_out)[i] = u;
    ((float4*) p_out)[i] =
        make_float4(root_step(x.x, y.x, u.x, a, e), root_step(x.y, y.y, u.y, a, e),
                    root_step(x.z, y.z, u.z, a, e), root_step(x.w, y.w, u.w, a, e));
  }
  for (unsigned i = 4u * (unsigned) quads + begin; i < (unsigned) n; i += step) {
    float u = s[i] + g[i] * g[i];
    s_out[i] = u;
    p_out[i] = root_step(p[i], g[i], u, a, e);
  }
}

// A decay beta of a running mean, given as rest = 1 - beta: beta = high + low. A float alone cannot
// tell 0.99999999 from 1. As FusedKernel has it, beta is between 0 and 1, both excluded.
struct Decay {
  float high;
  float low;
  float rest;
};

DEVICE struct Decay decay_of(float complement) {
  struct Decay decay;
  decay.rest = fminf(fmaxf(complement, 1.11022302e-16f), 0.99999994f);
  decay.high = 1.0f - decay.rest;
  // What that difference rounded away, without rounding.
  decay.low = (1.0f - decay.high) - decay.rest;
  return decay;
}

// beta * mean + (1 - beta) * x
DEVICE float running_mean(struct Decay decay, float mean, float x) {
  return fmaf(mean, decay.high, fmaf(mean, decay.low, x * decay.rest));
}

DEVICE void rmsprop_range(const float* __restrict__ p, const float* __restrict__ g,
               const float* __restrict__ s, const float* __restrict__ alpha,
               const float* __restrict__ gamma_rest, const float* __restrict__ eps,
               float* __restrict__ p_out, float* __restrict__ s_out, int n, int quads, unsigned begin,
                 unsigned step) {
  float a = alpha[0];
  struct Decay c = decay_of(gamma_rest[0]);
  float e = eps[0];
  for (unsigned i = begin; i < (unsigned) quads; i += step) {
    float4 x = ((const float4*) p)[i];
    float4 y = ((const float4*) g)[i];
    float4 z = ((const float4*) s)[i];
    float4 u = make_float4(running_mean(c, z.x, y.x * y.x), running_mean(c, z.y, y.y * y.y),
                           running_mean(c, z.z, y.z * y.z), running_mean(c, z.w, y.w * y.w));
    ((float4*) s_out)[i] = u;
    ((float4*) p_out)[i] =
        make_float4(root_step(x.x, y.x, u.x, a, e), root_step(x.y, y.y, u.y, a, e),
                    root_step(x.z, y.z, u.z, a, e), root_step(x.w, y.w, u.w, a, e));
  }
  for (unsigned i = 4u * (unsigned) quads + begin; i < (unsigned) n; i += step) {
    float u = running_mean(c, s[i], g[i] * g[i]);
    s_out[i] = u;
    p_out[i] = root_step(p[i], g[i], u, a, e);
  }
}

// As io.hypertape.kernels.AdamFactors: 1/(1-beta^t) and t beta^(t-1)/(1-beta^t)^2.
struct AdamFactors {
  float mean;
  float square;
  float mean_slope;
  float square_slope;
};

// 1 - (1 - rest)^t, with all its digits where rest is small. Whole numbers of steps need a few
// multiplications; double's logarithm is slow on most GPUs.
DEVICE double power_rest(double rest, double t) {
  if (!(t >= 0.0 && t < 16777216.0) || t != (double) (int) t) {
    return -expm1(t * log1p(-rest));
  }
  double result = 0.0;
  for (int left = (int) t; left > 0; left /= 2) {
    // 1 - (1 - x)(1 - y) = x + y(1 - x): nothing cancels.
    result = left % 2 == 1 ? result + rest * (1.0 - result) : result;
    rest += rest * (1.0 - rest);
  }
  return result;
}

DEVICE struct AdamFactors adam_factors_of(float rest1, float rest2, float t) {
  double correction1 = power_rest(rest1, t);
  double correction2 = power_rest(rest2, t);
  struct AdamFactors k;
  k.mean = (float) (1.0 / correction1);
  k.square = (float) (1.0 / correction2);
  k.mean_slope = (float) (t * (1.0 - power_rest(rest1, t - 1.0)) / (correction1 * correction1));
  k.square_slope = (float) (t * (1.0 - power_rest(rest2, t - 1.0)) / (correction2 * correction2));
  return k;
}

// One thread of a block computes them in double precision, all share them.
DEVICE struct AdamFactors adam_factors(float rest1, float rest2, float t) {
  __shared__ struct AdamFactors factors;
  if (threadIdx.x == 0) {
    factors = adam_factors_of(rest1, rest2, t);
  }
  __syncthreads();
  return factors;
}

DEVICE float adam_step(float p, float m, float v, float rate, float square, float eps) {
  return p - m * rate / (sqrtf(v * square) + eps);
}

DEVICE void adam_range(const float* __restrict__ p, const float* __restrict__ g, const float* __restrict__ m,
            const float* __restrict__ v, const float* __restrict__ alpha,
            const float* __restrict__ beta1_rest, const float* __restrict__ beta2_rest,
            const float* __restrict__ eps, struct AdamFactors k, float* __restrict__ p_out,
            float* __restrict__ m_out, float* __restrict__ v_out, int n, int quads, unsigned begin,
                 unsigned step) {
  struct Decay b1 = decay_of(beta1_rest[0]);
  struct Decay b2 = decay_of(beta2_rest[0]);
  float e = eps[0];
  float rate = alpha[0] * k.mean;
  for (unsigned i = begin; i < (unsigned) quads; i += step) {
    float4 x = ((const float4*) p)[i];
    float4 y = ((const float4*) g)[i];
    float4 u = ((const float4*) m)[i];
    float4 w = ((const float4*) v)[i];
    u = make_float4(running_mean(b1, u.x, y.x), running_mean(b1, u.y, y.y),
                    running_mean(b1, u.z, y.z), running_mean(b1, u.w, y.w));
    w = make_float4(running_mean(b2, w.x, y.x * y.x), running_mean(b2, w.y, y.y * y.y),
                    running_mean(b2, w.z, y.z * y.z), running_mean(b2, w.w, y.w * y.w));
    ((float4*) m_out)[i] = u;
    ((float4*) v_out)[i] = w;
    ((float4*) p_out)[i] = make_float4(
        adam_step(x.x, u.x, w.x, rate, k.square, e), adam_step(x.y, u.y, w.y, rate, k.square, e),
        adam_step(x.z, u.z, w.z, rate, k.square, e), adam_step(x.w, u.w, w.w, rate, k.square, e));
  }
  for (unsigned i = 4u * (unsigned) quads + begin; i < (unsigned) n; i += step) {
    float mean = running_mean(b1, m[i], g[i]);
    float square = running_mean(b2, v[i], g[i] * g[i]);
    m_out[i] = mean;
    v_out[i] = square;
    p_out[i] = adam_step(p[i], mean, square, rate, k.square, e);
  }
}
