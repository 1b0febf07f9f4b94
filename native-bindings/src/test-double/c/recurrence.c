/* LSTM and GRU over a sequence, forward and backward. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recurrence.h"

enum { HEADER = 64, GAP = 64, KEPT = 4 }; /* kept a unit and step: an LSTM's i, f, g, o; a GRU's r, z, n and what r multiplies */

/* What the first element of reserve and workspace says of what lies there. */
#define AFTER_FORWARD 4711.0f
#define AFTER_DATA 4712.0f

size_t gates_of(const struct rnn *rnn) { return rnn->cell == CUDNN_LSTM ? 4 : 3; }
size_t inputs_of(const struct rnn *rnn, size_t layer) { return layer == 0 ? rnn->inputs : rnn->hidden; }

size_t matrix_offset(const struct rnn *rnn, size_t layer, size_t linear) {
  size_t gates = gates_of(rnn), h = rnn->hidden, offset = 0;
  for (size_t l = 0; l < layer; l++) offset += gates * h * (inputs_of(rnn, l) + h);
  size_t of_input = linear < gates ? linear : gates;
  return offset + of_input * h * inputs_of(rnn, layer) + (linear - of_input) * h * h;
}

size_t bias_offset(const struct rnn *rnn, size_t layer, size_t linear) {
  return matrix_offset(rnn, rnn->layers, 0) + GAP + (layer * 2 * gates_of(rnn) + linear) * rnn->hidden;
}

size_t weight_elements(const struct rnn *rnn) { return bias_offset(rnn, rnn->layers, 0); }

static size_t layer_elements(const struct rnn *rnn, size_t rows) { return rows * (KEPT + 2) * rnn->hidden; }

size_t reserve_elements(const struct rnn *rnn, size_t steps, size_t batch) {
  return HEADER + rnn->layers * layer_elements(rnn, steps * batch);
}

static size_t widest(const struct rnn *rnn) { return rnn->inputs > rnn->hidden ? rnn->inputs : rnn->hidden; }

size_t workspace_elements(const struct rnn *rnn, size_t steps, size_t batch) {
  return HEADER + 2 * steps * batch * widest(rnn) + batch * (2 + KEPT) * rnn->hidden;
}

/* Where a layer keeps its gates, cell states and outputs. */
struct kept {
  float *gates, *cells, *outputs;
};

static struct kept kept_of(const struct recurrence *r, float *reserve, size_t layer) {
  size_t rows = r->steps * r->batch, h = r->rnn.hidden;
  float *base = reserve + HEADER + layer * layer_elements(&r->rnn, rows);
  return (struct kept){base, base + rows * KEPT * h, base + rows * (KEPT + 1) * h};
}

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

/* The state before a step: the step's before it, the first's is the caller's or zero. */
static const float *before(const float *states, const float *first, size_t step, size_t size) {
  return step > 0 ? states + (step - 1) * size : first;
}

static void step_forward(const struct recurrence *r, size_t layer, float *gates, const float *from_hidden, const float *h_before,
                         const float *c_before, float *c, float *h) {
  const struct rnn *rnn = &r->rnn;
  size_t hidden = rnn->hidden, count = gates_of(rnn);
  const float *bx = r->weights + bias_offset(rnn, layer, 0), *bh = r->weights + bias_offset(rnn, layer, count);
  for (size_t b = 0; b < r->batch; b++) {
    for (size_t j = 0; j < hidden; j++) {
      float *g = gates + b * KEPT * hidden + j;
      const float *u = from_hidden + b * count * hidden + j;
      size_t at = b * hidden + j;
      if (rnn->cell == CUDNN_LSTM) {
        float a[4];
        for (size_t k = 0; k < 4; k++) a[k] = g[k * hidden] + bx[k * hidden + j] + u[k * hidden] + bh[k * hidden + j];
        for (size_t k = 0; k < 4; k++) g[k * hidden] = k == 2 ? tanhf(a[k]) : sigmoid(a[k]);
        c[at] = g[hidden] * (c_before == NULL ? 0 : c_before[at]) + g[0] * g[2 * hidden];
        h[at] = g[3 * hidden] * tanhf(c[at]);
      } else {
        float reset = sigmoid(g[0] + bx[j] + u[0] + bh[j]);
        float update = sigmoid(g[hidden] + bx[hidden + j] + u[hidden] + bh[hidden + j]);
        float inner = u[2 * hidden] + bh[2 * hidden + j];
        float candidate = tanhf(g[2 * hidden] + bx[2 * hidden + j] + reset * inner);
        g[0] = reset, g[hidden] = update, g[2 * hidden] = candidate, g[3 * hidden] = inner;
        h[at] = (1 - update) * candidate + update * (h_before == NULL ? 0 : h_before[at]);
      }
    }
  }
}

const char *recurrence_forward(const struct recurrence *r) {
  const struct rnn *rnn = &r->rnn;
  size_t rows = r->steps * r->batch, hidden = rnn->hidden, state = r->batch * hidden, gates = gates_of(rnn);
  float *reserve = r->training ? r->reserve : zeroed(reserve_elements(rnn, r->steps, r->batch) * sizeof(float));
  float *from_hidden = r->workspace + HEADER, *zero = zeroed(state * sizeof(float));
  for (size_t layer = 0; layer < rnn->layers; layer++) {
    struct kept kept = kept_of(r, reserve, layer);
    size_t inputs = inputs_of(rnn, layer);
    const float *x = layer == 0 ? r->x : kept_of(r, reserve, layer - 1).outputs;
    row_gemm(false, true, rows, gates * hidden, inputs, x, inputs, r->weights + matrix_offset(rnn, layer, 0), inputs, 0, kept.gates,
             KEPT * hidden, rnn->tf32);
    for (size_t t = 0; t < r->steps; t++) {
      const float *h = before(kept.outputs, r->hx == NULL ? NULL : r->hx + layer * state, t, state);
      const float *c = before(kept.cells, r->cx == NULL ? NULL : r->cx + layer * state, t, state);
      row_gemm(false, true, r->batch, gates * hidden, hidden, h == NULL ? zero : h, hidden, r->weights + matrix_offset(rnn, layer, gates),
               hidden, 0, from_hidden, gates * hidden, rnn->tf32);
      step_forward(r, layer, kept.gates + t * KEPT * state, from_hidden, h, c, kept.cells + t * state, kept.outputs + t * state);
    }
    if (r->hy != NULL) memcpy(r->hy + layer * state, kept.outputs + (r->steps - 1) * state, state * sizeof(float));
    if (r->cy != NULL) memcpy(r->cy + layer * state, kept.cells + (r->steps - 1) * state, state * sizeof(float));
  }
  memcpy(r->out, kept_of(r, reserve, rnn->layers - 1).outputs, rows * hidden * sizeof(float));
  reserve[0] = AFTER_FORWARD;
  free(zero);
  if (!r->training) free(reserve);
  return NULL;
}

/* Turns a step's gates into the cotangents of what goes into them; dh becomes the part of it that goes around the gates. */
static void step_backward(const struct recurrence *r, float *gates, const float *h_before, const float *c_before, const float *c, float *dh,
                          float *dc) {
  size_t hidden = r->rnn.hidden;
  for (size_t b = 0; b < r->batch; b++) {
    for (size_t j = 0; j < hidden; j++) {
      float *g = gates + b * KEPT * hidden + j;
      size_t at = b * hidden + j;
      if (r->rnn.cell == CUDNN_LSTM) {
        float in = g[0], forget = g[hidden], candidate = g[2 * hidden], out = g[3 * hidden], squashed = tanhf(c[at]);
        dc[at] += dh[at] * out * (1 - squashed * squashed);
        g[0] = dc[at] * candidate * in * (1 - in);
        g[hidden] = dc[at] * (c_before == NULL ? 0 : c_before[at]) * forget * (1 - forget);
        g[2 * hidden] = dc[at] * in * (1 - candidate * candidate);
        g[3 * hidden] = dh[at] * squashed * out * (1 - out);
        dc[at] *= forget;
        dh[at] = 0;
      } else {
        float reset = g[0], update = g[hidden], candidate = g[2 * hidden], inner = g[3 * hidden];
        float last = h_before == NULL ? 0 : h_before[at], dn = dh[at] * (1 - update) * (1 - candidate * candidate);
        g[0] = dn * inner * reset * (1 - reset);
        g[hidden] = dh[at] * (last - candidate) * update * (1 - update);
        g[2 * hidden] = dn;
        g[3 * hidden] = dn * reset;
        dh[at] *= update;
      }
    }
  }
}

/* out = beta out + what went into the gates times the matrix of the hidden state, whose last gate a GRU keeps apart. */
static void through_hidden(const struct recurrence *r, size_t layer, const float *gates, float *dh) {
  const struct rnn *rnn = &r->rnn;
  size_t h = rnn->hidden, joint = rnn->cell == CUDNN_LSTM ? 4 : 2, count = gates_of(rnn);
  const float *w = r->weights + matrix_offset(rnn, layer, count);
  row_gemm(false, false, r->batch, h, joint * h, gates, KEPT * h, w, h, 1, dh, h, rnn->tf32);
  if (joint == 2) row_gemm(false, false, r->batch, h, h, gates + 3 * h, KEPT * h, w + 2 * h * h, h, 1, dh, h, rnn->tf32);
}

static void copy_or_zero(float *to, const float *from, size_t count) {
  if (from != NULL) memcpy(to, from, count * sizeof(float));
  else memset(to, 0, count * sizeof(float));
}

const char *recurrence_data(const struct recurrence *r) {
  const struct rnn *rnn = &r->rnn;
  if (r->reserve[0] != AFTER_FORWARD) {
    return r->reserve[0] == AFTER_DATA ? "the reserve was used up by an earlier cudnnRNNBackwardData_v8"
                                       : "the reserve was not written by cudnnRNNForward";
  }
  size_t rows = r->steps * r->batch, hidden = rnn->hidden, state = r->batch * hidden;
  float *dh = r->workspace + HEADER, *dc = dh + state, *upper = dc + state * (1 + KEPT), *lower = upper + rows * widest(rnn);
  memcpy(upper, r->dy, rows * hidden * sizeof(float));
  for (size_t layer = rnn->layers; layer-- > 0;) {
    struct kept kept = kept_of(r, r->reserve, layer);
    copy_or_zero(dh, r->dhy == NULL ? NULL : r->dhy + layer * state, state);
    copy_or_zero(dc, r->dcy == NULL ? NULL : r->dcy + layer * state, state);
    for (size_t t = r->steps; t-- > 0;) {
      for (size_t i = 0; i < state; i++) dh[i] += upper[t * state + i];
      const float *h = before(kept.outputs, r->hx == NULL ? NULL : r->hx + layer * state, t, state);
      const float *c = before(kept.cells, r->cx == NULL ? NULL : r->cx + layer * state, t, state);
      float *gates = kept.gates + t * KEPT * state;
      step_backward(r, gates, h, c, kept.cells + t * state, dh, dc);
      through_hidden(r, layer, gates, dh);
    }
    if (r->dhx != NULL) memcpy(r->dhx + layer * state, dh, state * sizeof(float));
    if (r->dcx != NULL) memcpy(r->dcx + layer * state, dc, state * sizeof(float));
    size_t inputs = inputs_of(rnn, layer);
    row_gemm(false, false, rows, inputs, gates_of(rnn) * hidden, kept.gates, KEPT * hidden, r->weights + matrix_offset(rnn, layer, 0),
             inputs, 0, layer == 0 ? r->dx : lower, inputs, rnn->tf32);
    float *swapped = upper;
    upper = lower;
    lower = swapped;
  }
  r->reserve[0] = r->workspace[0] = AFTER_DATA;
  return NULL;
}

static void add_columns(const float *from, size_t rows, size_t step, size_t columns, float *to) {
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < columns; j++) to[j] += from[i * step + j];
  }
}

const char *recurrence_weights(const struct recurrence *r) {
  const struct rnn *rnn = &r->rnn;
  if (r->reserve[0] != AFTER_DATA) return "cudnnRNNBackwardData_v8 has not run on this reserve";
  if (r->workspace[0] != AFTER_DATA) return "the workspace was used since cudnnRNNBackwardData_v8";
  size_t rows = r->steps * r->batch, hidden = rnn->hidden, state = r->batch * hidden, count = gates_of(rnn);
  for (size_t layer = 0; layer < rnn->layers; layer++) {
    struct kept kept = kept_of(r, r->reserve, layer);
    size_t inputs = inputs_of(rnn, layer), step = KEPT * hidden;
    const float *x = layer == 0 ? r->x : kept_of(r, r->reserve, layer - 1).outputs;
    const float *outputs = layer == rnn->layers - 1 ? r->y : kept.outputs;
    row_gemm(true, false, count * hidden, inputs, rows, kept.gates, step, x, inputs, 1, r->dweights + matrix_offset(rnn, layer, 0), inputs,
             rnn->tf32);
    add_columns(kept.gates, rows, step, count * hidden, r->dweights + bias_offset(rnn, layer, 0));
    for (size_t gate = 0; gate < count; gate++) {
      size_t column = (count == 3 && gate == 2 ? 3 : gate) * hidden;
      float *dw = r->dweights + matrix_offset(rnn, layer, count + gate);
      for (size_t t = 0; t < r->steps; t++) {
        const float *h = before(outputs, r->hx == NULL ? NULL : r->hx + layer * state, t, state);
        if (h == NULL) continue;
        const float *from = kept.gates + t * r->batch * step + column;
        row_gemm(true, false, hidden, hidden, r->batch, from, step, h, hidden, 1, dw, hidden, rnn->tf32);
      }
      add_columns(kept.gates + column, rows, step, hidden, r->dweights + bias_offset(rnn, layer, count + gate));
    }
  }
  return NULL;
}
