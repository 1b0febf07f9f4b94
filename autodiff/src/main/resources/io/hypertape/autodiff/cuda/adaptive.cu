#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Optimizers that find their step size, or need no schedule; FusedKernel tells what each kernel
// does. Those called terms leave partial sums as in hypergradients.cu, which terms_finish adds. The
// grid depends on n alone then, and so do the bits.

// beta3 = sqrt(beta2) as a decay: its complement without the difference of two that are near 1.
DEVICE struct Decay root_of(struct Decay decay) {
  double beta = sqrt(1.0 - (double) decay.rest);
  struct Decay root;
  root.rest = (float) ((double) decay.rest / (1.0 + beta));
  root.high = (float) beta;
  root.low = (float) (beta - (double) root.high);
  return root;
}

KERNEL prodigy_terms(const float* __restrict__ p, const float* __restrict__ g,
                     const float* __restrict__ m, const float* __restrict__ v,
                     const float* __restrict__ s, const float* __restrict__ x0,
                     const float* __restrict__ d, const float* __restrict__ weight,
                     const float* __restrict__ beta1_rest, const float* __restrict__ beta2_rest,
                     const float* __restrict__ beta3, float* __restrict__ m_out,
                     float* __restrict__ v_out, float* __restrict__ s_out,
                     float* __restrict__ partial, int n) {
  unsigned step = index_step();
  struct Decay b1 = decay_of(beta1_rest[0]);
  struct Decay b2 = decay_of(beta2_rest[0]);
  struct Decay b3 = root_of(b2);
  if (beta3[0] != 0.0f) {
    b3.high = beta3[0];
    b3.low = 0.0f;
  }
  float factor = d[0];
  float w = weight[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  for (long long i = first_index(); i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      float scaled = x * factor;
      float next = fmaf(s[i], b3.high, fmaf(s[i], b3.low, x * w));
      run0 += (x0[i] - p[i]) * x;
      run1 += fabsf(next);
      m_out[i] = running_mean(b1, m[i], scaled);
      v_out[i] = running_mean(b2, v[i], scaled * scaled);
      s_out[i] = next;
    }
    sum0 += run0;
    sum1 += run1;
  }
  leave_partial(partial, 0, sum0);
  leave_partial(partial, 1, sum1);
}

KERNEL dadapt_adam_terms(const float* __restrict__ g, const float* __restrict__ m,
                         const float* __restrict__ v, const float* __restrict__ s,
                         const float* __restrict__ rate, const float* __restrict__ beta1_rest,
                         const float* __restrict__ beta2_rest, const float* __restrict__ eps,
                         float* __restrict__ m_out, float* __restrict__ v_out,
                         float* __restrict__ s_out, float* __restrict__ partial, int n) {
  unsigned step = index_step();
  struct Decay b1 = decay_of(beta1_rest[0]);
  struct Decay b2 = decay_of(beta2_rest[0]);
  struct Decay b3 = root_of(b2);
  float r = rate[0];
  float e = eps[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  for (long long i = first_index(); i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      float scaled = x * r;
      float next = running_mean(b3, s[i], scaled);
      run0 += s[i] / (sqrtf(v[i]) + e) * scaled;
      run1 += fabsf(next);
      m_out[i] = running_mean(b1, m[i], scaled);
      v_out[i] = running_mean(b2, v[i], x * x);
      s_out[i] = next;
    }
    sum0 += run0;
    sum1 += run1;
  }
  leave_partial(partial, 0, sum0);
  leave_partial(partial, 1, sum1);
}

KERNEL dadapt_sgd_terms(const float* __restrict__ g, const float* __restrict__ raw,
                        const float* __restrict__ s, const float* __restrict__ rate,
                        float* __restrict__ s_out, float* __restrict__ partial, int n) {
  unsigned step = index_step();
  float r = rate[0];
  double sum0 = 0.0;
  double sum1 = 0.0;
  double sum2 = 0.0;
  for (long long i = first_index(); i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    float run2 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float scaled = g[i] * r;
      float next = s[i] + scaled;
      run0 += scaled * s[i];
      run1 += next * next;
      run2 += raw[i] * raw[i];
      s_out[i] = next;
    }
    sum0 += run0;
    sum1 += run1;
    sum2 += run2;
  }
  leave_partial(partial, 0, sum0);
  leave_partial(partial, 1, sum1);
  leave_partial(partial, 2, sum2);
}

KERNEL distance_terms(const float* __restrict__ p, const float* __restrict__ g,
                      const float* __restrict__ x0, float* __restrict__ partial, int n) {
  unsigned step = index_step();
  double sum0 = 0.0;
  double sum1 = 0.0;
  double sum2 = 0.0;
  for (long long i = first_index(); i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    float run2 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float away = p[i] - x0[i];
      run0 += g[i] * g[i];
      run1 += away * away;
      run2 += x0[i] * x0[i];
    }
    sum0 += run0;
    sum1 += run1;
    sum2 += run2;
  }
  leave_partial(partial, 0, sum0);
  leave_partial(partial, 1, sum1);
  leave_partial(partial, 2, sum2);
}

KERNEL mechanic_terms(const float* __restrict__ p, const float* __restrict__ g,
                      const float* __restrict__ q, const float* __restrict__ o,
                      float* __restrict__ o_out, float* __restrict__ partial, int n) {
  unsigned step = index_step();
  double sum0 = 0.0;
  double sum1 = 0.0;
  double sum2 = 0.0;
  double sum3 = 0.0;
  for (long long i = first_index(); i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    float run2 = 0.0f;
    float run3 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      float moved = q[i];
      float offset = o[i];
      run0 += x * x;
      run1 += moved * moved;
      run2 += offset * x;
      run3 += offset * moved;
      o_out[i] = offset + (moved - p[i]);
    }
    sum0 += run0;
    sum1 += run1;
    sum2 += run2;
    sum3 += run3;
  }
  leave_partial(partial, 0, sum0);
  leave_partial(partial, 1, sum1);
  leave_partial(partial, 2, sum2);
  leave_partial(partial, 3, sum3);
}

KERNEL gradient_terms(const float* __restrict__ g, const float* __restrict__ a,
                      const float* __restrict__ b, float* __restrict__ partial, int n) {
  unsigned step = index_step();
  double sum0 = 0.0;
  double sum1 = 0.0;
  double sum2 = 0.0;
  double sum3 = 0.0;
  for (long long i = first_index(); i < n;) {
    float run0 = 0.0f;
    float run1 = 0.0f;
    float run2 = 0.0f;
    float run3 = 0.0f;
    long long stop = run_end(i, step, n);
    for (; i < stop; i += step) {
      float x = g[i];
      run0 += x * x;
      run1 += a[i] * x;
      run2 += b[i] * x;
      run3 += b[i] * b[i];
    }
    sum0 += run0;
    sum1 += run1;
    sum2 += run2;
    sum3 += run3;
  }
  leave_partial(partial, 0, sum0);
  leave_partial(partial, 1, sum1);
  leave_partial(partial, 2, sum2);
  leave_partial(partial, 3, sum3);
}

// Each of count sums. One block.
KERNEL terms_finish(const float* __restrict__ partial, int blocks, int count, float* out0,
                    float* out1, float* out2, float* out3) {
  for (int k = 0; k < count; k++) {
    float sum = 0.0f;
    for (int i = (int) threadIdx.x; i < blocks; i += (int) blockDim.x) {
      sum += partial[k * blocks + i];
    }
    sum = block_combine(OP_SUM, sum);
    if (threadIdx.x == 0) {
      float* out = k == 0 ? out0 : k == 1 ? out1 : k == 2 ? out2 : out3;
      out[0] = sum;
    }
  }
}

KERNEL means_step(const float* __restrict__ p, const float* __restrict__ m,
                 const float* __restrict__ v, const float* __restrict__ rate,
                 const float* __restrict__ eps, float* __restrict__ p_out, int n) {
  unsigned step = index_step();
  float r = rate[0];
  float e = eps[0];
  for (long long i = first_index(); i < n; i += step) {
    p_out[i] = p[i] - m[i] / (sqrtf(v[i]) + e) * r;
  }
}

KERNEL schedule_free_sgd(const float* __restrict__ y, const float* __restrict__ g,
                         const float* __restrict__ z, const float* __restrict__ rate,
                         const float* __restrict__ shrink, const float* __restrict__ beta,
                         const float* __restrict__ beta_now, const float* __restrict__ c,
                         float* __restrict__ y_out, float* __restrict__ z_out, int n) {
  unsigned step = index_step();
  float r = rate[0];
  float k = shrink[0];
  float b = beta[0];
  float share = beta_now[0] * (1.0f - c[0]);
  for (long long i = first_index(); i < n; i += step) {
    float down = g[i] * r + y[i] * k;
    float moved = z[i] - down;
    y_out[i] = moved + (down + (y[i] - z[i]) / b) * share;
    z_out[i] = moved;
  }
}

KERNEL schedule_free_adam(const float* __restrict__ y, const float* __restrict__ g,
                          const float* __restrict__ z, const float* __restrict__ v,
                          const float* __restrict__ rate, const float* __restrict__ shrink,
                          const float* __restrict__ beta, const float* __restrict__ beta_now,
                          const float* __restrict__ c, const float* __restrict__ beta2_rest,
                          const float* __restrict__ eps, const float* __restrict__ t,
                          float* __restrict__ y_out, float* __restrict__ z_out,
                          float* __restrict__ v_out, int n) {
  unsigned step = index_step();
  float r = rate[0];
  float k = shrink[0];
  float b = beta[0];
  float share = beta_now[0] * (1.0f - c[0]);
  struct Decay b2 = decay_of(beta2_rest[0]);
  float e = eps[0];
  struct AdamFactors factors = adam_factors(b2.rest, b2.rest, t[0]);
  for (long long i = first_index(); i < n; i += step) {
    float square = running_mean(b2, v[i], g[i] * g[i]);
    float down = g[i] / (sqrtf(square * factors.square) + e) * r + y[i] * k;
    float moved = z[i] - down;
    y_out[i] = moved + (down + (y[i] - z[i]) / b) * share;
    z_out[i] = moved;
    v_out[i] = square;
  }
}

// The step size of one weight, and the sum that it is learned by.
DEVICE float learned_scale(float x, float before, float scale, float squares, float alpha, float eps,
                           float* sum) {
  float h = -(x * before) / squares;
  *sum += h * h;
  return scale - h * alpha / (sqrtf(*sum) + eps);
}

KERNEL scaled_step(const float* __restrict__ p, const float* __restrict__ g,
                   const float* __restrict__ before, const float* __restrict__ scale,
                   const float* __restrict__ sum, const float* __restrict__ alpha,
                   const float* __restrict__ squares, const float* __restrict__ eps,
                   float* __restrict__ p_out, float* __restrict__ scale_out,
                   float* __restrict__ sum_out, int n) {
  unsigned step = index_step();
  float a = alpha[0];
  float q = squares[0];
  float e = eps[0];
  for (long long i = first_index(); i < n; i += step) {
    float total = sum[i];
    float learned = learned_scale(g[i], before[i], scale[i], q, a, e, &total);
    p_out[i] = p[i] - g[i] * learned;
    scale_out[i] = learned;
    sum_out[i] = total;
  }
}

KERNEL scaled_momentum(const float* __restrict__ p, const float* __restrict__ g,
                       const float* __restrict__ before, const float* __restrict__ scale,
                       const float* __restrict__ sum, const float* __restrict__ last,
                       const float* __restrict__ alpha, const float* __restrict__ squares,
                       const float* __restrict__ eps, const float* __restrict__ mu,
                       float* __restrict__ p_out, float* __restrict__ scale_out,
                       float* __restrict__ sum_out, float* __restrict__ moved_out, int n) {
  unsigned step = index_step();
  float a = alpha[0];
  float q = squares[0];
  float e = eps[0];
  float m = mu[0];
  for (long long i = first_index(); i < n; i += step) {
    float total = sum[i];
    float learned = learned_scale(g[i], before[i], scale[i], q, a, e, &total);
    float moved = p[i] - last[i];
    p_out[i] = (p[i] - g[i] * learned) + moved * m;
    scale_out[i] = learned;
    sum_out[i] = total;
    moved_out[i] = moved;
  }
}
