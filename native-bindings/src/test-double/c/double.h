/*
 * A test double of CUDA: exports the functions of the CUDA runtime and driver, cuBLAS, cuDNN and NVRTC that Hypertape calls, checks
 * every argument, and computes on the CPU. Work on a stream is deferred until something synchronizes with it, so that a missing
 * synchronization shows as stale data.
 *
 * One mutex guards everything: an exported function begins with ENTER, which takes it for as long as the function runs.
 */
#ifndef HYPERTAPE_DOUBLE_H
#define HYPERTAPE_DOUBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda.h"

/* ---- calls.c: entering a function, counting, injected failures, violations ---- */

enum library { RUNTIME, DRIVER, CUBLAS, CUDNN, NVRTC, STATELESS };

struct function {
  const char *name;
  enum library library;
  struct function *next;
  long calls;
  bool known;
};

struct scope {
  struct function *function;
  bool failed;
  int status;
};

struct scope scope_enter(struct function *function);
void scope_leave(struct scope *scope);

/* Counts the call and holds the lock to the end of the function; an injected failure returns at once. */
#define ENTER_AS(kind)                                                        \
  static struct function function_ = {.name = __func__, .library = (kind)};   \
  struct scope scope_ __attribute__((cleanup(scope_leave))) = scope_enter(&function_); \
  if (scope_.failed) return scope_.status
#define ENTER_PLAIN()                                                            \
  static struct function function_ = {.name = __func__, .library = STATELESS};   \
  struct scope scope_ __attribute__((cleanup(scope_leave))) = scope_enter(&function_); \
  (void)scope_

/* The function that a thread is in, for messages. */
const char *current_function(void);

/* Notes a wrong use and gives back the status, so that `return violation(status, …)` reads well. */
int violation(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For a function that does not check its arguments; none should be left. */
void note_unchecked(void);

/* Keeps what cudaGetLastError is to give; the status itself comes back. */
int runtime_status(int status);
int runtime_last_error(void);

void calls_reset(void);

/* The lock for control functions, which are no calls. */
void control_lock(void);
void control_unlock(void);

/* ---- text.c: a growing text ---- */

struct text {
  char *characters;
  size_t length, capacity;
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *text, const void *bytes, size_t count);
void text_clear(struct text *text);
/* Copies as much as fits, always ended by 0. */
void text_copy(const struct text *text, char *buffer, size_t size);
void *zeroed(size_t bytes);

/* ---- handles.c: opaque handles that are never reused, so that a destroyed one is always recognised ---- */

enum kind { STREAM, EVENT, GRAPH, GRAPH_NODE, GRAPH_EXEC, MODULE, FUNCTION, PROGRAM, CUBLAS_HANDLE, CUDNN_HANDLE, DESCRIPTOR, POOL,
            FILTER_DESCRIPTOR, CONVOLUTION_DESCRIPTOR, DROPOUT_DESCRIPTOR, RNN_DESCRIPTOR, RNN_DATA_DESCRIPTOR, KINDS };

void *handle_create(enum kind kind, void *object);
/* The object of a live handle of this kind, or NULL with a reason such as "is a destroyed stream". */
void *handle_find(enum kind kind, const void *handle, const char **reason);
void handle_destroy(const void *handle);
void handles_each(enum kind kind, void (*visit)(void *object, void *context), void *context);
long handles_live(struct text *text);
const char *kind_name(enum kind kind);

/* Finds the object or notes a violation that says what the handle is instead. */
void *handle_check(enum kind kind, const void *handle, const char *argument);

/* ---- memory.c: device and pinned host memory ---- */

struct stream;

struct allocation {
  unsigned char *base; /* what the caller got */
  size_t bytes;
  size_t held;         /* with the guards around it */
  unsigned long serial;
  int device;
  struct pool *pool;   /* of device memory */
  bool pinned;
  bool ready;          /* the stream-ordered allocation has run */
  bool freed;          /* the program has freed it */
  bool gone;           /* the stream-ordered free has run */
  bool damage_told;    /* its broken guard is in the log already */
  long pending;        /* queued pieces of work that use it */
};

struct allocation *memory_create(size_t bytes, bool pinned, int device);
void memory_ready(struct allocation *allocation);
void memory_retire(struct allocation *allocation);
struct allocation *memory_find(const void *address);
/* The allocation that begins here, or NULL. */
struct allocation *memory_at(const void *address);
/* True if a write beyond the end or before the begin is noticed. */
bool memory_damaged(struct allocation *allocation);
long memory_live(struct text *text);
/* Looks at the guards of all that lives. */
void memory_check(void);
void memory_reset(void);
bool ranges_overlap(const void *a, size_t a_bytes, const void *b, size_t b_bytes);

/* What a piece of work touches: checked when it is queued, and again when it runs. */
enum access { READS = 1, WRITES = 2 };

struct range {
  const void *address;
  size_t bytes;
  int access;
  const char *name;
};

/* NULL if the range lies in live memory, else a text that says what is wrong. `pinned_too` where CUDA's unified addressing allows it. */
const char *range_fault(const struct range *range, bool pinned_too);
const char *range_fault_now(const struct range *range);

/* ---- device.c: the devices that are pretended ---- */

enum { MAX_DEVICES = 8 };
extern int device_count, device_driver_version, device_capability;
int device_current(void);
void device_reset(void);
/* Whether there is no device, or too old a driver. */
int platform_obstacle(void);
/* What keeps the runtime from working here, an earlier fault too; makes the context current otherwise. */
int runtime_obstacle(void);
int driver_obstacle(bool context_needed);
/* After a fault nothing runs any more, and calls give this status. */
void device_fault(int status);
int device_pending_fault(void);

/* ---- pool.c: the books of the devices' memory ---- */

struct pool {
  void *handle;
  int device;
  bool own, destroyed;
  size_t used, used_high, reserved, reserved_high;
  uint64_t release_threshold;
  struct pool *next;
};

size_t device_total(int device);
struct pool *device_default_pool(int device);
void pools_reset(void);
/* So much is free from now on; what pools held without use is given back. */
void pools_set_free(size_t bytes);
bool pool_reserve(struct pool *pool, size_t bytes);
void pool_release(struct pool *pool, size_t bytes);
void device_settle(int device);

/* ---- work.c: deferred work ---- */

struct work {
  long references;
  const char *name;
  void (*run)(struct work *work);
  void (*drop)(struct work *work);           /* frees what the work owns besides its ranges; may be NULL */
  const char *(*recheck)(struct work *work); /* what is wrong with it at a graph's launch; may be NULL */
  void (*children)(struct work *work, int change); /* passes work_pending on to what a graph's launch holds; may be NULL */
  bool pinned_too;
  int range_count;
  struct range *ranges;
};

struct work *work_create(size_t size, const char *name, void (*run)(struct work *), int ranges);
void work_hold(struct work *work);
void work_release(struct work *work);
/* NULL, or what is wrong with the memory that the work is to touch. */
const char *work_fault(const struct work *work);
void work_pending(struct work *work, int change);
/* Runs it, unless its memory is not what it must be by now. */
void work_run(struct work *work);

/* ---- streams.c ---- */

struct capture;

struct stream {
  void *handle;
  int device;
  unsigned flags;
  bool legacy, per_thread;
  struct item *first, *last;
  long enqueued, done;
  bool asked; /* a query has been answered with 'not ready' since the last work came */
  struct capture *capture;
};

struct stream *stream_find(cudaStream_t handle, const char *argument);
/*
 * Puts work on a stream's queue, or into the graph that it captures, and takes over the caller's reference. Gives a status of the
 * runtime; `bad_memory` where the work's memory is not what it must be, which is a violation.
 */
int stream_submit(struct stream *stream, struct work *work, int bad_memory);
/* The same without the questions that only calls from outside answer to: what a stream does with its own events. */
void stream_enqueue(struct stream *stream, struct work *work);
void stream_run(struct stream *stream);
void stream_run_to(struct stream *stream, long position);
void streams_run_all(void);
bool stream_idle(const struct stream *stream);
long streams_pending(void);
void streams_reset(void);
/* Waiting on a stream: refused while it captures. */
int stream_refuse_in_capture(struct stream *stream, const char *what);

/* ---- events.c ---- */

struct event {
  void *handle;
  int device;
  unsigned flags;
  bool recorded, complete;
  void *stream;  /* the handle of the stream where the last record was queued */
  long position; /* in that stream's queue */
  long version;  /* grows with each record */
  bool asked;    /* a query has been answered with 'not ready' since the last record */
  double milliseconds;
  bool captured;           /* last recorded in a capturing stream */
  struct capture *capture; /* that capture, as long as it lasts */
  struct stream *capture_stream;
  long capture_position;
  long references;
};

struct event *event_find(cudaEvent_t handle, const char *argument);
void events_forget_capture(struct capture *capture);
void events_reset(void);

/* ---- capture.c: stream capture ---- */

struct capture {
  struct stream *origin;
  int mode;
  unsigned long thread;
  bool invalidated;
  struct work **works; /* in the order of the calls, which is an order of the graph */
  int count, capacity;
  long position;      /* grows with each captured call */
  struct fork *forks; /* the other streams that were drawn in by an event */
};

void capture_add(struct capture *capture, struct stream *stream, struct work *work);
void capture_invalidate(struct capture *capture);
/* 0, or the status of a call that this thread is not permitted now, since it may synchronize or allocate; the capture is invalidated. */
int capture_refuse(const char *what);
int capture_refuse_legacy(void);
void capture_mark_event(struct capture *capture, struct stream *stream, struct event *event);
int capture_wait_event(struct stream *stream, struct event *event);
void capture_drop(struct capture *capture);
void captures_reset(void);
unsigned long thread_number(void);

/* ---- graphs.c ---- */

/* Takes over the works. */
void *graph_create(struct work **works, int count);
void graphs_reset(void);

/* ---- modules.c, launch.c: kernels ---- */

enum { PARAMETER_POINTER = 0, PARAMETER_VALUE = 1 };
enum { POINTS_TO_CONST = 1, RESTRICTED = 2 };

struct kernel_parameter {
  int kind;
  unsigned size;
  int flags; /* of a pointer */
  const char *text;
};

/* The code that kernel_source.c generates declares these three structures for itself. */
struct kernel_entry {
  const char *name;
  int parameters;
  const struct kernel_parameter *parameter;
  void (*run)(void **parameters, unsigned grid, unsigned block); /* all threads one after another; NULL if it has barriers */
  void (*thread)(void **parameters);                             /* the one that was set, of a kernel with barriers */
};

struct kernel_library {
  const struct kernel_entry *kernels;
  int count;
  void (*set_thread)(unsigned thread);
  void (*set_block)(unsigned block, unsigned block_size, unsigned grid);
  const struct kernel_hooks **hooks;
};

/* What a kernel calls back for; device.h declares the same. */
struct kernel_hooks {
  void (*barrier)(void);
  void (*warp_barrier)(unsigned mask);
  unsigned long long (*shuffle)(unsigned mask, unsigned long long bits, int source);
  unsigned (*turn)(unsigned number, unsigned count);
};

struct module {
  void *handle;
  void *library;
  const struct kernel_library *kernels;
  void **functions; /* handles, one a kernel, made when asked for */
  int device;
  long references;
  long queued; /* launches that have not run */
  bool unloaded;
};

struct function_object {
  struct module *module;
  const struct kernel_entry *kernel;
};

void module_release(struct module *module);

/* ---- fibers.c: the threads of a block whose kernel has barriers ---- */

extern const struct kernel_hooks kernel_hooks;
/* In which order blocks, and a block's warps, have their turns: 0 forward, 1 reversed, or a seed of others. */
extern unsigned fibers_order;
/* NULL, or what went wrong. */
const char *fibers_run(const struct kernel_library *library, const struct kernel_entry *kernel, void **parameters, unsigned grid,
                       unsigned block);

/* After a kernel was left in its midst: all begin anew. */
void fibers_abandon(void);

/* ---- guard.c: a fault inside a kernel becomes a violation, not a crash ---- */

/* Runs the function; 0, or the number of the signal that it met, with the address. */
int guarded(void (*function)(void *), void *context, const void **address);

/* ---- gemm.c ---- */

/* Column-major as cuBLAS: c ← alpha · op(a) · op(b) + beta · c; inputs rounded to TF32 if asked. */
void gemm(bool ta, bool tb, int m, int n, int k, float alpha, const float *a, size_t lda, const float *b, size_t ldb,
          float beta, float *c, size_t ldc, bool tf32);

/* ---- image.c: what stands for a CUBIN or PTX ---- */

void image_wrap(struct text *image, int capability, const void *bytes, size_t count);
void image_as_ptx(struct text *ptx, int capability, const struct text *image);
/* 0 with the bytes of a shared object (allocated), or a status. */
int image_unwrap(const void *image, int capability, unsigned char **bytes, size_t *count);
uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t count);

/* ---- kernel_source.c, kernel_build.c: from CUDA C to a shared object ---- */

/* Adds to preprocessed kernels what lets them be found and called; false with a message in `log`. */
bool kernel_source(const char *preprocessed, struct text *generated, struct text *log);
/* 0 with a shared object, or NVRTC's status; the compiler's words are in `log`. */
int kernel_build(const char *name, const char *source, struct text *object, struct text *log);
/* A file of this process alone in the folder where the double may write. */
void scratch_path(char *path, size_t size, const char *suffix);
bool file_write(const char *path, const void *bytes, size_t count);
bool file_read(const char *path, struct text *content);

void programs_reset(void);
void modules_reset(void);
void cublas_reset(void);
void cudnn_reset(void);
extern int cudnn_cuda; /* that it says it was built for */

#endif
