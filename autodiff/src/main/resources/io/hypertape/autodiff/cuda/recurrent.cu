#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// The pointwise part of a step of recurrent layers; the products around it are cuBLAS's. A step
// keeps four numbers a unit in a row [4 * hidden]: an LSTM its gates i, f, g, o; a GRU its gates r,
// z, n and what r multiplies. Rows for the cotangents of what goes into the gates look alike: those
// of a GRU end with that of what r multiplies.

DEVICE float sigmoid(float x) {
  // Of the negative magnitude, so that nothing overflows.
  float e = expf(-fabsf(x));
  return x >= 0.0f ? 1.0f / (1.0f + e) : e / (1.0f + e);
}

// gates: before, the products with input and state together; after, the gates.
KERNEL lstm_cell(float* __restrict__ gates, const float* __restrict__ input_bias,
                 const float* __restrict__ hidden_bias, const float* __restrict__ c_before,
                 float* __restrict__ c, float* __restrict__ h, int hidden, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned row = i / (unsigned) hidden;
    int j = (int) (i - row * (unsigned) hidden);
    float* gate = gates + (long long) row * 4 * hidden + j;
    float in = sigmoid(gate[0] + input_bias[j] + hidden_bias[j]);
    float forget = sigmoid(gate[hidden] + input_bias[hidden + j] + hidden_bias[hidden + j]);
    float cell =
        tanhf(gate[2 * hidden] + input_bias[2 * hidden + j] + hidden_bias[2 * hidden + j]);
    float out =
        sigmoid(gate[3 * hidden] + input_bias[3 * hidden + j] + hidden_bias[3 * hidden + j]);
    float next = forget * c_before[i] + in * cell;
    gate[0] = in;
    gate[hidden] = forget;
    gate[2 * hidden] = cell;
    gate[3 * hidden] = out;
    c[i] = next;
    h[i] = out * tanhf(next);
  }
}

// dh: what comes from the next step, to which dy is added; dc is taken to the step before.
KERNEL lstm_cell_grad(const float* __restrict__ gates, const float* __restrict__ c_before,
                      const float* __restrict__ c, const float* __restrict__ dy,
                      const float* __restrict__ dh, float* __restrict__ dc,
                      float* __restrict__ d_gates, int hidden, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned row = i / (unsigned) hidden;
    long long at = (long long) row * 4 * hidden + (i - row * (unsigned) hidden);
    const float* gate = gates + at;
    float* to = d_gates + at;
    float in = gate[0];
    float forget = gate[hidden];
    float cell = gate[2 * hidden];
    float out = gate[3 * hidden];
    float squashed = tanhf(c[i]);
    float d = dy[i] + dh[i];
    float d_cell = dc[i] + d * out * (1.0f - squashed * squashed);
    to[0] = d_cell * cell * in * (1.0f - in);
    to[hidden] = d_cell * c_before[i] * forget * (1.0f - forget);
    to[2 * hidden] = d_cell * in * (1.0f - cell * cell);
    to[3 * hidden] = d * squashed * out * (1.0f - out);
    dc[i] = d_cell * forget;
  }
}

// gates: before, the products with the input in the first three quarters of a row. from_hidden
// [3 * hidden] has those with the state.
KERNEL gru_cell(float* __restrict__ gates, const float* __restrict__ from_hidden,
                const float* __restrict__ input_bias, const float* __restrict__ hidden_bias,
                const float* __restrict__ h_before, float* __restrict__ h, int hidden, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned row = i / (unsigned) hidden;
    int j = (int) (i - row * (unsigned) hidden);
    float* gate = gates + (long long) row * 4 * hidden + j;
    const float* u = from_hidden + (long long) row * 3 * hidden + j;
    float reset = sigmoid(gate[0] + input_bias[j] + u[0] + hidden_bias[j]);
    float update =
        sigmoid(gate[hidden] + input_bias[hidden + j] + u[hidden] + hidden_bias[hidden + j]);
    float inner = u[2 * hidden] + hidden_bias[2 * hidden + j];
    float fresh = tanhf(gate[2 * hidden] + input_bias[2 * hidden + j] + reset * inner);
    gate[0] = reset;
    gate[hidden] = update;
    gate[2 * hidden] = fresh;
    gate[3 * hidden] = inner;
    h[i] = (1.0f - update) * fresh + update * h_before[i];
  }
}

// dh: what comes from the next step, to which dy is added; after, the part that does not go through
// the gates.
KERNEL gru_cell_grad(const float* __restrict__ gates, const float* __restrict__ h_before,
                     const float* __restrict__ dy, float* __restrict__ dh,
                     float* __restrict__ d_gates, int hidden, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    unsigned row = i / (unsigned) hidden;
    long long at = (long long) row * 4 * hidden + (i - row * (unsigned) hidden);
    const float* gate = gates + at;
    float* to = d_gates + at;
    float reset = gate[0];
    float update = gate[hidden];
    float fresh = gate[2 * hidden];
    float inner = gate[3 * hidden];
    float d = dy[i] + dh[i];
    float d_fresh = d * (1.0f - update) * (1.0f - fresh * fresh);
    to[0] = d_fresh * inner * reset * (1.0f - reset);
    to[hidden] = d * (h_before[i] - fresh) * update * (1.0f - update);
    to[2 * hidden] = d_fresh;
    to[3 * hidden] = d_fresh * reset;
    dh[i] = d * update;
  }
}
