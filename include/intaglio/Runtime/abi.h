/*===- abi.h - what a host needs to run a compiled model ---------------------------------------===
 *
 * C99. An artefact exports the functions below and nothing else. It has no global state: calls on
 * different contexts run at the same time, calls on one context run one after another.
 *
 *===------------------------------------------------------------------------------------------===*/

#ifndef INTAGLIO_RUNTIME_ABI_H
#define INTAGLIO_RUNTIME_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define INTAGLIO_ABI_VERSION 2
#define INTAGLIO_ARENA_ALIGNMENT 64

typedef enum intaglio_status {
  INTAGLIO_OK = 0,
  INTAGLIO_NULL_POINTER = 1,  /* a required argument, input or output is null */
  INTAGLIO_BAD_THREADS = 2,   /* the thread count is not in 1 .. 1024 */
  INTAGLIO_BAD_DIMENSION = 3, /* a dimension is negative, above its maximum, or too large */
  INTAGLIO_OUT_OF_RANGE = 4,  /* an element of an integer input lies outside its range */
  INTAGLIO_SMALL_ARENA = 5,   /* the arena is smaller than intaglio_arena_bytes or not aligned */
  INTAGLIO_OUT_OF_MEMORY = 6,
  INTAGLIO_NO_THREAD = 7,      /* the system refused to start a thread */
  INTAGLIO_WRONG_CPU = 8,      /* the processor lacks an instruction set that the code needs */
  INTAGLIO_NO_WEIGHTS = 9,     /* the weights file is missing, damaged or another model's */
  INTAGLIO_SMALL_PROFILE = 10, /* the array of ticks is too short for the profile */
  INTAGLIO_NO_COUNTER = 11     /* the target has no counter that a profile can read */
} intaglio_status;

typedef enum intaglio_dtype {
  INTAGLIO_I8 = 0,
  INTAGLIO_I16 = 1,
  INTAGLIO_I32 = 2,
  INTAGLIO_I64 = 3,
  INTAGLIO_F32 = 4
} intaglio_dtype;

/* A named dynamic dimension, such as "sequence". */
typedef struct intaglio_dim_info {
  const char *name;
  int64_t max; /* largest legal size, 0: no limit */
} intaglio_dim_info;

/* An input or output: dense, row-major. */
typedef struct intaglio_tensor_info {
  const char *name;
  int32_t dtype; /* intaglio_dtype */
  int32_t rank;
  const int64_t *shape; /* a static size, or -1 - d for the dynamic dimension d of the model */
  int32_t optional;     /* input: may be null, which reads as zeros */
  int32_t has_range;    /* integer input: every element lies in [low, high] */
  int64_t low, high;
} intaglio_tensor_info;

/* One call of a kernel; every run makes them all, in this order. */
typedef struct intaglio_step_info {
  const char *kernel;    /* the function in the code; calls of one kernel differ in data only */
  const char *kind;      /* "linear", "attention", "norm", "elementwise", ... */
  const char *source;    /* the model's nodes that it computes, with ", " between; may be empty */
  int64_t multiply_adds; /* of matrix products, where all dynamic dimensions are 1 */
  const int32_t *dim_powers; /* they grow with dims[d] to the power of dim_powers[d] */
} intaglio_step_info;

typedef struct intaglio_model_info {
  uint32_t abi_version;
  int32_t num_dims, num_inputs, num_outputs;
  const intaglio_dim_info *dims;
  const intaglio_tensor_info *inputs, *outputs;
  const char *target; /* triple and CPU of the code inside */
  int64_t weights_bytes;
  const char *isa;          /* instruction sets that the code needs, with spaces between them */
  uint64_t cpu_features;    /* the same for the runtime */
  const char *proofs;       /* JSON: what was proved of the program and of its machine code */
  const char *weights_file; /* a file in the artefact's folder; null: the weights are inside */
  const char *weights_id;   /* 64 bytes at that file's end, null if there is none */
  int32_t num_steps;        /* 0 where there is no operating system: nothing is profiled */
  const intaglio_step_info *steps;
} intaglio_model_info;

/* Threads that run a model together. */
typedef struct intaglio_context intaglio_context;

/* Constant data of the model. */
const intaglio_model_info *intaglio_get_model_info(void);

/* Bytes of the arena for these sizes of the dynamic dimensions; below 0: -intaglio_status. */
int64_t intaglio_arena_bytes(const int64_t *dims, int32_t threads);

/* Starts threads - 1 threads; the thread that calls intaglio_run is one more. */
intaglio_status intaglio_context_create(int32_t threads, intaglio_context **context);

/* Ends the threads. Null is allowed. */
void intaglio_context_destroy(intaglio_context *context);

/* Runs the model: one pointer for each input and output in the order of the model info. The arena
 * belongs to the caller, is aligned to 64 bytes, and only one run uses it at a time; null lets the
 * run allocate one (INTAGLIO_OUT_OF_MEMORY where there is no operating system). Outputs must not
 * overlap inputs. Nothing is written unless all arguments are right. */
intaglio_status intaglio_run(intaglio_context *context, const int64_t *dims,
                             const void *const *inputs, void *const *outputs, void *arena,
                             int64_t arena_bytes);

/* intaglio_run that notes the processor's counter (x86: time-stamp counter, AArch64: virtual
 * timer): ticks[0] and ticks[1] when the run begins and ends; then for each thread, and in it for
 * each step, two ticks: before the kernel's call, after the barrier that it may have to wait at,
 * and after the call. `count` is the size of the array: at least 2 + 2 * threads * num_steps. */
intaglio_status intaglio_run_profiled(intaglio_context *context, const int64_t *dims,
                                      const void *const *inputs, void *const *outputs, void *arena,
                                      int64_t arena_bytes, uint64_t *ticks, int64_t count);

/* A sentence for a status, never null. */
const char *intaglio_status_text(intaglio_status status);

#ifdef __cplusplus
}
#endif
#endif /* INTAGLIO_RUNTIME_ABI_H */
