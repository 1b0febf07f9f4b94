#ifndef KERNEL
#define KERNEL extern "C" __global__ void
#endif
#ifndef DEVICE
#define DEVICE static __device__ __forceinline__
#endif

// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 'Parallel Random Numbers: As Easy as 1, 2, 3', SC
// 2011), number by number the same as io.hypertape.kernels.Philox.

struct Words {
  unsigned x;
  unsigned y;
  unsigned z;
  unsigned w;
};

DEVICE struct Words philox(unsigned long long key, unsigned counter, unsigned long long stream) {
  unsigned k0 = (unsigned) key;
  unsigned k1 = (unsigned) (key >> 32);
  struct Words c = {counter, 0u, (unsigned) stream, (unsigned) (stream >> 32)};
  for (int round = 0; round < 10; round++) {
    struct Words next;
    next.x = __umulhi(0xCD9E8D57u, c.z) ^ c.y ^ k0;
    next.y = 0xCD9E8D57u * c.z;
    next.z = __umulhi(0xD2511F53u, c.x) ^ c.w ^ k1;
    next.w = 0xD2511F53u * c.x;
    c = next;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

// A multiple of 2^-24 in [0, 1).
DEVICE float uniform_of(unsigned word) {
  return (float) (word >> 8) * 5.9604644775390625e-8f;
}

// Box and Muller's transform in double precision, rounded once: up to the last bit of log and cos
// the same on every machine. 2.3283064365386963e-10 is 2^-32.
DEVICE float normal_of(unsigned first, unsigned second) {
  double radius = sqrt(-2.0 * log(((double) first + 0.5) * 2.3283064365386963e-10));
  double angle = 2.0 * 3.141592653589793 * ((double) second + 0.5) * 2.3283064365386963e-10;
  return (float) (radius * cos(angle));
}

// A thread draws four words: four uniform numbers or two normal ones.
KERNEL random_uniform(unsigned long long seed, unsigned long long stream, float* __restrict__ out,
                      int n) {
  unsigned step = index_step();
  for (unsigned draw = first_index(); 4ull * draw < (unsigned long long) n; draw += step) {
    struct Words words = philox(seed, draw, stream);
    unsigned at = 4u * draw;
    unsigned rest = (unsigned) n - at;
    out[at] = uniform_of(words.x);
    if (rest > 1) {
      out[at + 1] = uniform_of(words.y);
    }
    if (rest > 2) {
      out[at + 2] = uniform_of(words.z);
    }
    if (rest > 3) {
      out[at + 3] = uniform_of(words.w);
    }
  }
}

KERNEL random_normal(unsigned long long seed, unsigned long long stream, float* __restrict__ out,
                     int n) {
  unsigned step = index_step();
  for (unsigned draw = first_index(); 2ull * draw < (unsigned long long) n; draw += step) {
    struct Words words = philox(seed, draw, stream);
    unsigned at = 2u * draw;
    out[at] = normal_of(words.x, words.y);
    if (at + 1 < (unsigned) n) {
      out[at + 1] = normal_of(words.z, words.w);
    }
  }
}
