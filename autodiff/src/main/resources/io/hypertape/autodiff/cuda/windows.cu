#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Windows over images, planes of which lie densely one after the other: convolution as products of
// matrices, and pooling. Where several windows write to one place, the place gathers: no atomics.

struct Windows {
  int height;
  int width;
  int out_height;
  int out_width;
  int window_height;
  int window_width;
  int stride_height;
  int stride_width;
  int pad_height;
  int pad_width;
  int dilation_height;
  int dilation_width;
};

// An element's plane, row and column in planes of a size.
struct Place {
  int plane;
  int row;
  int column;
};

DEVICE struct Place place_of(unsigned index, int height, int width) {
  unsigned line = index / (unsigned) width;
  struct Place at;
  at.column = (int) (index - line * (unsigned) width);
  at.plane = (int) (line / (unsigned) height);
  at.row = (int) (line - (unsigned) at.plane * (unsigned) height);
  return at;
}

// The first and last window that cover a place, along one axis; the place counts from the padding.
DEVICE int first_cover(int place, int window, int stride) {
  return place < window ? 0 : (place - window) / stride + 1;
}

DEVICE int last_cover(int place, int stride, int windows) {
  int last = place / stride;
  return last < windows ? last : windows - 1;
}

// Columns [planes * R * S, P * Q]: each shows what one element of a filter meets in all windows.
KERNEL im2col(const float* __restrict__ x, float* __restrict__ columns, struct Windows w, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Place at = place_of(i, w.out_height, w.out_width);
    int s = at.plane % w.window_width;
    int rest = at.plane / w.window_width;
    int r = rest % w.window_height;
    int plane = rest / w.window_height;
    int row = at.row * w.stride_height - w.pad_height + r * w.dilation_height;
    int column = at.column * w.stride_width - w.pad_width + s * w.dilation_width;
    columns[i] = row >= 0 && row < w.height && column >= 0 && column < w.width
                     ? x[((long long) plane * w.height + row) * w.width + column]
                     : 0.0f;
  }
}

// The adjoint: x = the sum of all elements of the columns that show it.
KERNEL col2im(const float* __restrict__ columns, float* __restrict__ x, struct Windows w, int n) {
  unsigned step = index_step();
  long long places = (long long) w.out_height * w.out_width;
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Place at = place_of(i, w.height, w.width);
    float sum = 0.0f;
    for (int r = 0; r < w.window_height; r++) {
      int row = at.row + w.pad_height - r * w.dilation_height;
      int p = row / w.stride_height;
      if (row >= 0 && p * w.stride_height == row && p < w.out_height) {
        for (int s = 0; s < w.window_width; s++) {
          int column = at.column + w.pad_width - s * w.dilation_width;
          int q = column / w.stride_width;
          if (column >= 0 && q * w.stride_width == column && q < w.out_width) {
            long long line = ((long long) at.plane * w.window_height + r) * w.window_width + s;
            sum += columns[line * places + (long long) p * w.out_width + q];
          }
        }
      }
    }
    x[i] = sum;
  }
}

// The largest element of each window and where in its plane it is: the first of equals, and NaN
// before all numbers.
KERNEL max_pool(const float* __restrict__ x, float* __restrict__ y, int* __restrict__ index,
                struct Windows w, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Place at = place_of(i, w.out_height, w.out_width);
    const float* plane = x + (long long) at.plane * w.height * w.width;
    int top = at.row * w.stride_height - w.pad_height;
    int left = at.column * w.stride_width - w.pad_width;
    int best = -1;
    float largest = 0.0f;
    for (int row = top < 0 ? 0 : top; row < top + w.window_height && row < w.height; row++) {
      for (int c = left < 0 ? 0 : left; c < left + w.window_width && c < w.width; c++) {
        float value = plane[row * w.width + c];
        if (best < 0 || value > largest || (value != value && largest == largest)) {
          largest = value;
          best = row * w.width + c;
        }
      }
    }
    y[i] = largest;
    index[i] = best;
  }
}

// out = 0, then out[index] += in for the windows of each plane, in their order.
KERNEL max_pool_scatter(const float* __restrict__ in, const int* __restrict__ index,
                        float* __restrict__ out, struct Windows w, int n) {
  unsigned step = index_step();
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Place at = place_of(i, w.height, w.width);
    long long plane = (long long) at.plane * w.out_height * w.out_width;
    int last_row = last_cover(at.row + w.pad_height, w.stride_height, w.out_height);
    int first_column = first_cover(at.column + w.pad_width, w.window_width, w.stride_width);
    int last_column = last_cover(at.column + w.pad_width, w.stride_width, w.out_width);
    int self = at.row * w.width + at.column;
    float sum = 0.0f;
    for (int p = first_cover(at.row + w.pad_height, w.window_height, w.stride_height);
         p <= last_row; p++) {
      float line = 0.0f;
      for (int q = first_column; q <= last_column; q++) {
        long long from = plane + (long long) p * w.out_width + q;
        if (index[from] == self) {
          line += in[from];
        }
      }
      sum += line;
    }
    out[i] = sum;
  }
}

KERNEL max_pool_gather(const float* __restrict__ in, const int* __restrict__ index,
                       float* __restrict__ out, struct Windows w, int n) {
  unsigned step = index_step();
  unsigned places = (unsigned) (w.out_height * w.out_width);
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    out[i] = in[(long long) (i / places) * w.height * w.width + index[i]];
  }
}

// Means of windows; padding counts as zeros. Sums are by rows, so that a large window's error is that
// of its rows.
KERNEL average_pool(const float* __restrict__ in, float* __restrict__ out, struct Windows w,
                    int n) {
  unsigned step = index_step();
  float count = (float) w.window_height * (float) w.window_width;
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Place at = place_of(i, w.out_height, w.out_width);
    const float* plane = in + (long long) at.plane * w.height * w.width;
    int top = at.row * w.stride_height - w.pad_height;
    int left = at.column * w.stride_width - w.pad_width;
    float sum = 0.0f;
    for (int row = top < 0 ? 0 : top; row < top + w.window_height && row < w.height; row++) {
      float line = 0.0f;
      for (int c = left < 0 ? 0 : left; c < left + w.window_width && c < w.width; c++) {
        line += plane[row * w.width + c];
      }
      sum += line;
    }
    out[i] = sum / count;
  }
}

KERNEL average_pool_adjoint(const float* __restrict__ in, float* __restrict__ out,
                            struct Windows w, int n) {
  unsigned step = index_step();
  float count = (float) w.window_height * (float) w.window_width;
  for (unsigned i = first_index(); i < (unsigned) n; i += step) {
    struct Place at = place_of(i, w.height, w.width);
    const float* plane = in + (long long) at.plane * w.out_height * w.out_width;
    int last_row = last_cover(at.row + w.pad_height, w.stride_height, w.out_height);
    int first_column = first_cover(at.column + w.pad_width, w.window_width, w.stride_width);
    int last_column = last_cover(at.column + w.pad_width, w.stride_width, w.out_width);
    float sum = 0.0f;
    for (int p = first_cover(at.row + w.pad_height, w.window_height, w.stride_height);
         p <= last_row; p++) {
      float line = 0.0f;
      for (int q = first_column; q <= last_column; q++) {
        line += plane[p * w.out_width + q];
      }
      sum += line;
    }
    out[i] = sum / count;
  }
}
