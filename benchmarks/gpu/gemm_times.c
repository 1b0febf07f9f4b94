// Times cuBLAS' sgemm called from C, as what Hypertape's is compared with. Needs no CUDA headers: the libraries are opened
// by name. Usage: gemm_times LIBCUDART LIBCUBLAS; prints a line "m n k microseconds" for each shape.
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void *cudart;
static void *cublas;

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found) {
    fprintf(stderr, "%s: %s\n", name, dlerror());
    exit(1);
  }
  return found;
}

static void check(int status, const char *call) {
  if (status) {
    fprintf(stderr, "%s: status %d\n", call, status);
    exit(1);
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double) t.tv_sec * 1e6 + (double) t.tv_nsec * 1e-3;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *) a;
  double y = *(const double *) b;
  return (x > y) - (x < y);
}

// Numbers between -1 and 1: products of zeros draw less power, and a GPU computes them faster.
static void fill(int (*copy)(void *, const void *, size_t, int), void *device, size_t count) {
  float *host = malloc(count * sizeof(float));
  unsigned state = 12345;
  if (!host) {
    fprintf(stderr, "no memory\n");
    exit(1);
  }
  for (size_t i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    host[i] = (float) (int) state / 2147483648.0f;
  }
  check(copy(device, host, count * sizeof(float), 1), "cudaMemcpy");
  free(host);
}

typedef int (*sgemm_t)(void *, int, int, int, int, int, const float *, const float *, int, const float *, int,
                       const float *, float *, int);

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s LIBCUDART LIBCUBLAS\n", argv[0]);
    return 2;
  }
  cudart = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
  cublas = cudart ? dlopen(argv[2], RTLD_NOW | RTLD_GLOBAL) : NULL;
  if (!cublas) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  int (*allocate)(void **, size_t, void *) = (int (*)(void **, size_t, void *)) symbol(cudart, "cudaMallocAsync");
  int (*copy)(void *, const void *, size_t, int) = (int (*)(void *, const void *, size_t, int)) symbol(cudart, "cudaMemcpy");
  int (*release)(void *, void *) = (int (*)(void *, void *)) symbol(cudart, "cudaFreeAsync");
  int (*synchronize)(void) = (int (*)(void)) symbol(cudart, "cudaDeviceSynchronize");
  int (*create)(void **) = (int (*)(void **)) symbol(cublas, "cublasCreate_v2");
  sgemm_t sgemm = (sgemm_t) symbol(cublas, "cublasSgemm_v2");
  void *handle;
  check(create(&handle), "cublasCreate_v2");
  static const int shapes[][3] = {{256, 128, 784}, {256, 256, 256},    {512, 512, 512},
                                  {1024, 1024, 1024}, {2048, 2048, 2048}, {4096, 4096, 4096}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    int m = shapes[s][0], n = shapes[s][1], k = shapes[s][2];
    void *a, *b, *c;
    check(allocate(&a, 4ul * m * k, NULL), "cudaMallocAsync");
    check(allocate(&b, 4ul * k * n, NULL), "cudaMallocAsync");
    check(allocate(&c, 4ul * m * n, NULL), "cudaMallocAsync");
    check(synchronize(), "cudaDeviceSynchronize");
    fill(copy, a, (size_t) m * k);
    fill(copy, b, (size_t) k * n);
    float one = 1, zero = 0;
    int repeat = m >= 2048 ? 20 : 200;
    double times[15];
    for (int round = -3; round < 15; round++) {
      check(synchronize(), "cudaDeviceSynchronize");
      double start = now();
      for (int i = 0; i < repeat; i++) {
        // Row-major c = a·b, as Hypertape asks for it.
        check(sgemm(handle, 0, 0, n, m, k, &one, b, n, a, k, &zero, c, n), "cublasSgemm_v2");
      }
      check(synchronize(), "cudaDeviceSynchronize");
      if (round >= 0) {
        times[round] = (now() - start) / repeat;
      }
    }
    qsort(times, 15, sizeof *times, by_value);
    printf("%d %d %d %.3f\n", m, n, k, times[7]);
    fflush(stdout);
    check(release(a, NULL), "cudaFreeAsync");
    check(release(b, NULL), "cudaFreeAsync");
    check(release(c, NULL), "cudaFreeAsync");
  }
  return 0;
}
