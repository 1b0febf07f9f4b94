#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Masks for dropout, from the numbers of random_uniform: a number is below keep if its 24 bits are
// below keep * 2^24, rounded up.

KERNEL dropout_mask(unsigned long long seed, const int* __restrict__ counter, unsigned threshold,
                    float value, float* __restrict__ out, int n) {
  unsigned long long stream = (unsigned) counter[0];
  unsigned step = index_step();
  for (unsigned draw = first_index(); 4ull * draw < (unsigned long long) n; draw += step) {
    struct Words words = philox(seed, draw, stream);
    unsigned at = 4u * draw;
    unsigned rest = (unsigned) n - at;
    out[at] = (words.x >> 8) < threshold ? value : 0.0f;
    if (rest > 1) {
      out[at + 1] = (words.y >> 8) < threshold ? value : 0.0f;
    }
    if (rest > 2) {
      out[at + 2] = (words.z >> 8) < threshold ? value : 0.0f;
    }
    if (rest > 3) {
      out[at + 3] = (words.w >> 8) < threshold ? value : 0.0f;
    }
  }
}

// A launch of its own: while blocks of the mask still read the counter nobody may change it.
KERNEL increase_counter(int* __restrict__ counter) {
  if (first_index() == 0) {
    counter[0] = (int) ((unsigned) counter[0] + 1u);
  }
}
