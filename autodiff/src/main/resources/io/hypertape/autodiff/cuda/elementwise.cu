#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Elementwise functions. Each comes with a kernel of its own for dense operands, four numbers at a
// time (quads is 0 where an operand is not aligned to 16 bytes); whatever strides are odd goes
// through one kernel for all functions.

// OP(ordinal, name, value): as in UnaryOp. NaN goes through all but heaviside.
#define UNARY_OPS(OP)                                        \
  OP(0, neg, -x)                                             \
  OP(1, abs, fabsf(x))                                       \
  OP(2, exp, expf(x))                                        \
  OP(3, log, logf(x))                                        \
  OP(4, sqrt, sqrtf(x))                                      \
  OP(5, square, x * x)                                       \
  OP(6, reciprocal, 1.0f / x)                                \
  OP(7, tanh, tanhf(x))                                      \
  OP(8, sigmoid, 1.0f / (1.0f + expf(-x)))                   \
  OP(9, relu, (x > 0.0f || x != x ? x : 0.0f))               \
  OP(10, sign, (x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x))     \
  OP(11, heaviside, (x > 0.0f ? 1.0f : 0.0f))

// Java's Math.pow: NaN for 1 to the power of NaN, and for 1 and -1 to that of an infinity, where C
// has 1.
DEVICE float power_of(float a, float b) {
  return fabsf(a) == 1.0f && b - b != 0.0f ? NOT_A_NUMBER : powf(a, b);
}

// OP(ordinal, name, value): as in BinaryOp.
#define BINARY_OPS(OP)                          \
  OP(0, add, a + b)                             \
  OP(1, sub, a - b)                             \
  OP(2, mul, a* b)                              \
  OP(3, div, a / b)                             \
  OP(4, pow, power_of(a, b))                    \
  OP(5, max, larger(a, b))                      \
  OP(6, min, smaller(a, b))                     \
  OP(7, equal, (a == b ? 1.0f : 0.0f))          \
  OP(8, greater, (a > b ? 1.0f : 0.0f))         \
  OP(9, tanh_grad, a * (1.0f - b * b))          \
  OP(10, sigmoid_grad, a* b * (1.0f - b))       \
  OP(11, relu_grad, (b > 0.0f ? a : 0.0f))

#define UNARY_FUNCTION(ORDINAL, NAME, VALUE) \
  DEVICE float unary_##NAME##_of(float x) {  \
    return VALUE;                            \
  }

#define UNARY_KERNEL(ORDINAL, NAME, VALUE)                                                        \
  KERNEL unary_##NAME(const float* __restrict__ in, float* __restrict__ out, int n, int quads) {  \
    unsigned step = index_step();                                                                 \
    for (unsigned i = first_index(); i < (unsigned) quads; i += step) {                           \
      float4 x = ((const float4*) in)[i];                                                         \
      ((float4*) out)[i] = make_float4(unary_##NAME##_of(x.x), unary_##NAME##_of(x.y),            \
                                       unary_##NAME##_of(x.z), unary_##NAME##_of(x.w));           \
    }                                                                                             \
    for (unsigned i = 4u * (unsigned) quads + first_index(); i < (unsigned) n; i += step) {       \
      out[i] = unary_##NAME##_of(in[i]);                                                          \
    }                                                                                             \
  }

#define BINARY_FUNCTION(ORDINAL, NAME, VALUE)          \
  DEVICE float binary_##NAME##_of(float a, float b) {  \
    return VALUE;                                      \
  }

#define BINARY_FOUR(NAME, X, Y)                                                      \
  make_float4(binary_##NAME##_of(X.x, Y.x), binary_##NAME##_of(X.y, Y.y),            \
              binary_##NAME##_of(X.z, Y.z), binary_##NAME##_of(X.w, Y.w))

// An operand whose step is 0 is a single number.
#define BINARY_KERNEL(ORDINAL, NAME, VALUE)                                                       \
  KERNEL binary_##NAME(const float* __restrict__ a, int a_step, const float* __restrict__ b,      \
                       int b_step, float* __restrict__ out, int n, int quads) {                   \
    unsigned step = index_step();                                                                 \
    float a_first = a[0];                                                                         \
    float b_first = b[0];                                                                         \
    for (unsigned i = first_index(); i < (unsigned) quads; i += step) {                           \
      float4 x = a_step ? ((const float4*) a)[i] : four(a_first);                                 \
      float4 y = b_step ? ((const float4*) b)[i] : four(b_first);                                 \
      ((float4*) out)[i] = BINARY_FOUR(NAME, x, y);                                               \
    }                                                                                             \
    for (unsigned i = 4u * (unsigned) quads + first_index(); i < (unsigned) n; i += step) {       \
      out[i] = binary_##NAME##_of(a_step ? a[i] : a_first, b_step ? b[i] : b_first);              \
    }                                                                                             \
  }

// Matrices: out is dense, each operand has a step between rows and one between columns, such as 0
// and 1 for a bias. With wide != 0 the columns' steps are 0 or 1 and four columns go together.
#define BINARY_ROWS_KERNEL(ORDINAL, NAME, VALUE)                                                  \
  KERNEL binary_rows_##NAME(const float* __restrict__ a, int a_row, int a_column,                 \
                            const float* __restrict__ b, int b_row, int b_column,                 \
                            float* __restrict__ out, int columns, int n, int wide) {              \
    unsigned step = index_step();                                                                 \
    unsigned width = (unsigned) (wide ? columns / 4 : columns);                                   \
    unsigned count = (unsigned) (wide ? n / 4 : n);                                               \
    for (unsigned i = first_index(); i < count; i += step) {                                      \
      unsigned row = i / width;                                                                   \
      unsigned column = i - row * width;                                                          \
      const float* x = a + (long long) row * a_row;                                               \
      const float* y = b + (long long) row * b_row;                                               \
      if (wide) {                                                                                 \
        float4 u = a_column ? ((const float4*) x)[column] : four(x[0]);                           \
        float4 v = b_column ? ((const float4*) y)[column] : four(y[0]);                           \
        ((float4*) out)[i] = BINARY_FOUR(NAME, u, v);                                             \
      } else {                                                                                    \
        out[i] = binary_##NAME##_of(x[(long long) column * a_column],                             \
                                    y[(long long) column * b_column]);                            \
      }                                                                                           \
    }                                                                                             \
  }

#define UNARY_CASE(ORDINAL, NAME, VALUE) \
  case ORDINAL:                          \
    return unary_##NAME##_of(x);

#define BINARY_CASE(ORDINAL, NAME, VALUE) \
  case ORDINAL:                           \
    return binary_##NAME##_of(a, b);

UNARY_OPS(UNARY_FUNCTION)
UNARY_OPS(UNARY_KERNEL)
BINARY_OPS(BINARY_FUNCTION)
BINARY_OPS(BINARY_KERNEL)
BINARY_OPS(BINARY_ROWS_KERNEL)

DEVICE float unary_of(int op, float x) {
  switch (op) { UNARY_OPS(UNARY_CASE) }
  return NOT_A_NUMBER;
}

DEVICE float binary_of(int op, float a, float b) {
  switch (op) { BINARY_OPS(BINARY_CASE) }
  return NOT_A_NUMBER;
}

KERNEL unary_strided(int op, const float* __restrict__ in, float* __restrict__ out,
                     struct Axes axes, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Offsets at = offsets_of(axes, i);
    out[at.b] = unary_of(op, in[at.a]);
  }
}

KERNEL binary_strided(int op, const float* __restrict__ a, const float* __restrict__ b,
                      float* __restrict__ out, struct Axes axes, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Offsets at = offsets_of(axes, i);
    out[at.c] = binary_of(op, a[at.a], b[at.b]);
  }
}
