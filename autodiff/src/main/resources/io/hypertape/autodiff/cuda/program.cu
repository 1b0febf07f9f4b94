#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Many small pieces of work in one kernel. First each block computes the head, functions of single
// numbers, in its own shared memory: what the tensors need of it, such as the step size that the levels
// above have just changed, it need not wait for. Then the blocks share the tensors of the items, all of
// one kind. Then the block that comes last computes the tail: sums of what the others left, and functions
// of single numbers. What is computed in which order does not depend on what else is in the program, so
// neither do the bits. StepProgram in Java puts these together and says what may stand in one.

#define CELLS 96
#define CODE 384
#define ITEMS 32

// As in StepProgram. From 0 and from 32 on stand unary and binary functions.
#define CODE_BINARY 32
#define CODE_CONSTANT 64
#define CODE_COPY 65
#define CODE_SGD 66
#define CODE_SGD_MOMENTUM 67
#define CODE_ADAGRAD 68
#define CODE_RMSPROP 69
#define CODE_ADAM 70
#define CODE_SGD_HYPER 71
#define CODE_SGD_MOMENTUM_HYPER 72
#define CODE_ADAGRAD_HYPER 73
#define CODE_RMSPROP_HYPER 74
#define CODE_ADAM_HYPER 75
#define CODE_ADAM_FACTORS 76
#define CODE_FINISH 80
#define CODE_SUM 81
#define CODE_ADD_SUM 82

// A tensor's share: its operands, its blocks (first of them and how many), the cells of its
// hyperparameters, and what else its kind needs.
struct Item {
  const float* in[4];
  float* out[3];
  int n;
  int quads;
  int first;
  int blocks;
  int partial;
  int rows;
  unsigned char cell[8];
};

// Single numbers are in cells while a program runs; given ones are read first, the others written when
// they are known.
struct Program {
  float* address[CELLS];
  float* partial;
  int* ticket;
  int cells;
  int items;
  int head;
  int end;
  int given[3];
  int unused;
  unsigned char code[CODE];
  struct Item item[ITEMS];
};

DEVICE int int_of(const unsigned char* bytes) {
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24;
}

// A hypergradient from its sum: of which one it is depends the factor.
DEVICE float finished(int factor, float alpha, float sum) {
  float scale = factor == 0   ? -1.0f
                : factor == 1 ? 1.0f * alpha
                : factor == 2 ? -1.0f * alpha
                              : -0.5f * alpha;
  return scale * sum;
}

DEVICE void set_cell(const struct Program* p, float* cells, int cell, float value, int write) {
  cells[cell] = value;
  if (write) {
    p->address[cell][0] = value;
  }
}

#define X(k) (cells + code[k])
#define SET(k, value) set_cell(p, cells, code[k], value, write)

// One operation on single numbers, by one thread; gives the length of its code.
static __device__ __noinline__ int run_code(const struct Program* p, const unsigned char* code,
                                            float* cells, int write) {
  float out[3];
  double sums[3];
  struct AdamFactors factors;
  int op = code[0];
  if (op < CODE_BINARY) {
    SET(2, unary_of(op, X(1)[0]));
    return 3;
  }
  if (op < CODE_CONSTANT) {
    SET(3, binary_of(op - CODE_BINARY, X(1)[0], X(2)[0]));
    return 4;
  }
  switch (op) {
    case CODE_CONSTANT:
      SET(5, __int_as_float(int_of(code + 1)));
      return 6;
    case CODE_COPY:
      SET(2, X(1)[0]);
      return 3;
    case CODE_SGD:
      sgd_range(X(1), X(2), X(3), out, 1, 0, 0, 1);
      SET(4, out[0]);
      return 5;
    case CODE_SGD_MOMENTUM:
      sgd_momentum_range(X(1), X(2), X(3), X(4), X(5), out, out + 1, 1, 0, 0, 1);
      SET(6, out[0]);
      SET(7, out[1]);
      return 8;
    case CODE_ADAGRAD:
      adagrad_range(X(1), X(2), X(3), X(4), X(5), out, out + 1, 1, 0, 0, 1);
      SET(6, out[0]);
      SET(7, out[1]);
      return 8;
    case CODE_RMSPROP:
      rmsprop_range(X(1), X(2), X(3), X(4), X(5), X(6), out, out + 1, 1, 0, 0, 1);
      SET(7, out[0]);
      SET(8, out[1]);
      return 9;
    case CODE_ADAM:
      factors = adam_factors_of(decay_of(X(6)[0]).rest, decay_of(X(7)[0]).rest, X(9)[0]);
      adam_range(X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), factors, out, out + 1, out + 2, 1, 0,
                 0, 1);
      SET(10, out[0]);
      SET(11, out[1]);
      SET(12, out[2]);
      return 13;
    case CODE_SGD_HYPER:
      sgd_hyper_range(X(1), X(2), X(3), 1, 0, 1, sums);
      SET(4, finished(0, X(3)[0], (float) sums[0]));
      return 5;
    case CODE_SGD_MOMENTUM_HYPER:
      sgd_momentum_hyper_range(X(1), X(2), X(3), X(4), X(5), 1, 0, 1, sums);
      SET(6, finished(0, X(4)[0], (float) sums[0]));
      SET(7, finished(2, X(4)[0], (float) sums[1]));
      return 8;
    case CODE_ADAGRAD_HYPER:
      adagrad_hyper_range(X(1), X(2), X(3), X(4), X(5), 1, 0, 1, sums);
      SET(6, finished(0, X(4)[0], (float) sums[0]));
      return 7;
    case CODE_RMSPROP_HYPER:
      rmsprop_hyper_range(X(1), X(2), X(3), X(4), X(5), X(6), 1, 0, 1, sums);
      SET(7, finished(0, X(4)[0], (float) sums[0]));
      SET(8, finished(3, X(4)[0], (float) sums[1]));
      return 9;
    case CODE_ADAM_HYPER:
      factors = adam_factors_of(decay_of(X(6)[0]).rest, decay_of(X(7)[0]).rest, X(9)[0]);
      adam_hyper_range(X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), factors, 1, 0, 1, sums);
      SET(10, finished(0, X(5)[0], (float) sums[0]));
      SET(11, finished(1, X(5)[0], (float) sums[1]));
      SET(12, finished(3, X(5)[0], (float) sums[2]));
      return 13;
    case CODE_ADAM_FACTORS:
      factors = adam_factors_of(decay_of(X(1)[0]).rest, decay_of(X(2)[0]).rest, X(3)[0]);
      SET(4, factors.mean);
      SET(5, factors.square);
      SET(6, factors.mean_slope);
      SET(7, factors.square_slope);
      return 8;
    default:
      return CODE;
  }
}

// Every thread of a block sees the cells of the head.
DEVICE void begin_program(const struct Program* p, float* cells) {
  for (int i = (int) threadIdx.x; i < p->cells; i += (int) blockDim.x) {
    if (p->given[i / 32] >> i % 32 & 1) {
      cells[i] = p->address[i][0];
    }
  }
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int at = 0; at < p->head;) {
      at += run_code(p, p->code + at, cells, blockIdx.x == 0);
    }
  }
  __syncthreads();
}

// A dense row's sum, as reduce_rows has it.
DEVICE float block_sum(const float* x, int n) {
  double sum = 0.0;
  for (long long i = threadIdx.x; i < n;) {
    float run = 0.0f;
    long long stop = run_end(i, blockDim.x, n);
    for (; i < stop; i += blockDim.x) {
      run += x[i];
    }
    sum += run;
  }
  return block_combine(OP_SUM, (float) sum);
}

// What the blocks of an item left of a sum.
DEVICE float left_sum(const float* partial, int blocks) {
  float sum = 0.0f;
  for (int i = (int) threadIdx.x; i < blocks; i += (int) blockDim.x) {
    sum += partial[i];
  }
  return block_combine(OP_SUM, sum);
}

DEVICE void run_tail(const struct Program* p, float* cells) {
  for (int at = p->head; at < p->end;) {
    const unsigned char* code = p->code + at;
    if (code[0] == CODE_FINISH) {
      const struct Item* item = p->item + code[1];
      float sum = left_sum(p->partial + item->partial + code[2] * item->blocks, item->blocks);
      if (threadIdx.x == 0) {
        set_cell(p, cells, code[5], finished(code[3], cells[code[4]], sum), 1);
      }
      at += 6;
    } else if (code[0] == CODE_ADD_SUM) {
      const struct Item* item = p->item + code[1];
      float sum = left_sum(p->partial + item->partial + code[2] * item->blocks, item->blocks);
      if (threadIdx.x == 0) {
        set_cell(p, cells, code[4], cells[code[3]] + sum, 1);
      }
      at += 5;
    } else if (code[0] == CODE_SUM) {
      float sum = block_sum(p->address[code[1]], int_of(code + 2));
      if (threadIdx.x == 0) {
        set_cell(p, cells, code[6], sum, 1);
      }
      at += 7;
    } else {
      // One thread goes on to the next sum; the others have to know where that is.
      __shared__ int next;
      if (threadIdx.x == 0) {
        int to = at;
        while (to < p->end && p->code[to] < CODE_FINISH) {
          to += run_code(p, p->code + to, cells, 1);
        }
        next = to;
      }
      __syncthreads();
      at = next;
      __syncthreads();
    }
  }
}

// The ticket says who comes last; no result depends on who that is.
DEVICE void end_program(const struct Program* p, float* cells) {
  __shared__ int last;
  if (p->head == p->end) {
    return;
  }
  if (gridDim.x > 1) {
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
      last = atomicAdd(p->ticket, 1) == (int) gridDim.x - 1;
    }
    __syncthreads();
    if (!last) {
      return;
    }
    __threadfence();
    if (threadIdx.x == 0) {
      p->ticket[0] = 0;
    }
  } else {
    __syncthreads();
  }
  run_tail(p, cells);
}

DEVICE const struct Item* item_of_block(const struct Program* p) {
  int i = 0;
  while (i + 1 < p->items && p->item[i + 1].first <= (int) blockIdx.x) {
    i++;
  }
  return p->item + i;
}

#define PROGRAM(NAME, BODY)                                        \
  KERNEL program_##NAME(const __grid_constant__ struct Program program) { \
    __shared__ float cells[CELLS];                                 \
    const struct Program* p = &program;                            \
    begin_program(p, cells);                                       \
    BODY end_program(p, cells);                                    \
  }

#define ITEM                                                       \
  const struct Item* item = item_of_block(p);                      \
  const unsigned char* c = item->cell;                             \
  unsigned step = (unsigned) item->blocks * blockDim.x;            \
  unsigned begin = (blockIdx.x - (unsigned) item->first) * blockDim.x + threadIdx.x;
#define IN(k) item->in[k]
#define OUT(k) item->out[k]
#define H(k) (cells + c[k])
#define SIZES item->n, item->quads, begin, step

// The four cells of Adam's factors stand behind its hyperparameters.
#define FACTORS                                                                       \
  struct AdamFactors factors = {H(4)[0], H(5)[0], H(6)[0], H(7)[0]};

#define LEAVE(COUNT)                                                                  \
  for (int k = 0; k < COUNT; k++) {                                                   \
    float sum = block_combine(OP_SUM, (float) sums[k]);                               \
    if (threadIdx.x == 0) {                                                           \
      p->partial[item->partial + k * item->blocks + ((int) blockIdx.x - item->first)] = sum; \
    }                                                                                 \
  }

PROGRAM(none, )
PROGRAM(sgd, ITEM sgd_range(IN(0), IN(1), H(0), OUT(0), SIZES);)
PROGRAM(sgd_momentum,
        ITEM sgd_momentum_range(IN(0), IN(1), IN(2), H(0), H(1), OUT(0), OUT(1), SIZES);)
PROGRAM(adagrad, ITEM adagrad_range(IN(0), IN(1), IN(2), H(0), H(1), OUT(0), OUT(1), SIZES);)
PROGRAM(rmsprop, ITEM rmsprop_range(IN(0), IN(1), IN(2), H(0), H(1), H(2), OUT(0), OUT(1), SIZES);)
PROGRAM(adam, ITEM FACTORS adam_range(IN(0), IN(1), IN(2), IN(3), H(0), H(1), H(2), H(3), factors,
                                      OUT(0), OUT(1), OUT(2), SIZES);)
PROGRAM(sgd_hyper, ITEM double sums[1]; sgd_hyper_range(IN(0), IN(1), H(0), item->n, begin, step, sums);
        LEAVE(1))
PROGRAM(sgd_momentum_hyper, ITEM double sums[2];
        sgd_momentum_hyper_range(IN(0), IN(1), IN(2), H(0), H(1), item->n, begin, step, sums); LEAVE(2))
PROGRAM(adagrad_hyper, ITEM double sums[1];
        adagrad_hyper_range(IN(0), IN(1), IN(2), H(0), H(1), item->n, begin, step, sums); LEAVE(1))
PROGRAM(rmsprop_hyper, ITEM double sums[2];
        rmsprop_hyper_range(IN(0), IN(1), IN(2), H(0), H(1), H(2), item->n, begin, step, sums);
        LEAVE(2))
PROGRAM(adam_hyper, ITEM FACTORS double sums[3];
        adam_hyper_range(IN(0), IN(1), IN(2), IN(3), H(0), H(1), H(2), H(3), factors, item->n, begin,
                         step, sums);
        LEAVE(3))

PROGRAM(trace, ITEM double sums[3];
        trace_range(IN(0), IN(1), IN(2), H(0), OUT(0), item->n, begin, step, sums); LEAVE(3))

// Log-softmax of rows that lie quads apart, n columns each, one warp a row; and, where there is a place
// for it, what index picks of each row.
DEVICE void nll_row(const struct Item* item, int row) {
  int lane = (int) (threadIdx.x % WARP);
  int width = row < item->rows ? item->n : 0;
  const float* x = item->in[0] + (long long) row * item->quads;
  float* y = item->out[0] + (long long) row * item->n;
  float largest = -INFINITE;
  for (int j = lane; j < width; j += WARP) {
    largest = larger(largest, x[j]);
  }
  largest = warp_combine(OP_MAX, largest);
  float sum = 0.0f;
  for (int j = lane; j < width; j += WARP) {
    sum += expf(x[j] - largest);
  }
  float log_sum = logf(warp_combine(OP_SUM, sum));
  int column = -1;
  if (width > 0 && item->out[1] != 0) {
    column = ((const int*) item->in[1])[row];
    if (lane == 0 && (column < 0 || column >= width)) {
      item->out[1][row] = NOT_A_NUMBER;
      note_bad_index((const int*) item->in[1], width, (int*) item->out[2]);
    }
  }
  for (int j = lane; j < width; j += WARP) {
    float value = x[j] - largest - log_sum;
    y[j] = value;
    if (j == column) {
      item->out[1][row] = value;
    }
  }
}

// c - exp(y) * sum c, where c is what is read or what is placed by index, which is written then.
DEVICE void nll_grad_row(const struct Item* item, const float* cells, int row) {
  int lane = (int) (threadIdx.x % WARP);
  int width = row < item->rows ? item->n : 0;
  long long at = (long long) row * item->n;
  const int* index = (const int*) item->in[1];
  int column = -1;
  float placed = 0.0f;
  if (width > 0 && index != 0) {
    column = index[row];
    placed = item->in[0] != 0 ? item->in[0][(long long) row * item->quads] : cells[item->cell[0]];
    if (lane == 0 && (column < 0 || column >= width)) {
      note_bad_index(index, width, (int*) item->out[2]);
    }
  }
  float sum = 0.0f;
  for (int j = lane; j < width; j += WARP) {
    float value = index == 0 ? item->in[2][at + j] : j == column ? placed : 0.0f;
    if (index != 0) {
      item->out[0][at + j] = value;
    }
    sum += value;
  }
  sum = warp_combine(OP_SUM, sum);
  if (item->out[1] != 0) {
    for (int j = lane; j < width; j += WARP) {
      float value = index == 0 ? item->in[2][at + j] : j == column ? placed : 0.0f;
      item->out[1][at + j] = fmaf(-expf(item->in[3][at + j]), sum, value);
    }
  }
}

PROGRAM(nll, const struct Item* item = item_of_block(p);
        nll_row(item, ((int) blockIdx.x - item->first) * WARPS + (int) (threadIdx.x / WARP));)
PROGRAM(nll_grad, const struct Item* item = item_of_block(p);
        nll_grad_row(item, cells, ((int) blockIdx.x - item->first) * WARPS + (int) (threadIdx.x / WARP));)

// The functions of a chain, of which each thread computes the same elements: what it reads of an earlier
// one it has written itself. quads has the steps of the operands, rows the code, partial a number.
DEVICE float link_of(const struct Item* item, unsigned i) {
  int code = item->rows;
  if (code == CODE_CONSTANT) {
    return __int_as_float(item->partial);
  }
  float a = item->in[0][item->quads & 1 ? i : 0u];
  return code == CODE_COPY    ? a
         : code < CODE_BINARY ? unary_of(code, a)
                              : binary_of(code - CODE_BINARY, a, item->in[1][item->quads & 2 ? i : 0u]);
}

DEVICE void run_chain(const struct Program* p) {
  int k = 0;
  while (k < p->items &&
         ((int) blockIdx.x < p->item[k].first ||
          (int) blockIdx.x >= p->item[k].first + p->item[k].blocks)) {
    k++;
  }
  const struct Item* chain = p->item + k;
  unsigned step = (unsigned) chain->blocks * blockDim.x;
  unsigned begin = (blockIdx.x - (unsigned) chain->first) * blockDim.x + threadIdx.x;
  for (unsigned i = begin; i < (unsigned) chain->n; i += step) {
    for (int j = k; j < p->items; j++) {
      if (p->item[j].first == chain->first) {
        p->item[j].out[0][i] = link_of(p->item + j, i);
      }
    }
  }
}

PROGRAM(chain, run_chain(p);)

#undef X
#undef SET
