/*===- run.c - the entries of an artefact: memory, one parallel region ------------------------===*/

#include "check.h"
#include "cpu.h"
#include "intaglio/Runtime/model.h"
#include "profile.h"
#include "threads.h"
#include "weights.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 1024 };

struct intaglio_context {
  intaglio_pool *pool;
  intaglio_weights weights;
};

typedef struct call {
  const uint8_t *weights;
  const int64_t *dims;
  const void *const *inputs;
  void *const *outputs;
  uint8_t *arena;
  uint64_t *ticks; /* of the whole profile, or null */
} call;

/* Bytes of zeros that stand for the missing optional inputs; all of them read the same ones. */
static int64_t zero_bytes(const int64_t *dims, const void *const *inputs) {
  int64_t most = 0;
  for (int32_t i = 0; i < intaglio_model_data.num_inputs; ++i) {
    const intaglio_tensor_info *tensor = &intaglio_model_data.inputs[i];
    int64_t bytes = intaglio_tensor_bytes(tensor, dims);
    if (!inputs[i] && bytes > most)
      most = bytes;
  }
  return most;
}

static void *allocate(int64_t bytes) {
  int64_t alignment = INTAGLIO_ARENA_ALIGNMENT;
  return aligned_alloc((size_t)alignment, (size_t)((bytes / alignment + 1) * alignment));
}

static void forward(int32_t thread, int32_t threads, void *barrier, void *data) {
  const call *c = data;
  uint64_t *ticks =
      c->ticks ? c->ticks + 2 + 2 * (int64_t)thread * intaglio_model_data.num_steps : NULL;
  intaglio_model_forward(thread, threads, barrier, c->weights, c->arena, c->dims, c->inputs,
                         c->outputs, ticks);
}

/* Runs on checked arguments, with the missing inputs replaced. */
static intaglio_status run_filled(intaglio_context *context, call *c) {
  int32_t n = intaglio_model_data.num_inputs;
  int64_t bytes = zero_bytes(c->dims, c->inputs);
  const void **inputs = malloc(((size_t)n + 1) * sizeof(*inputs));
  void *zeros = bytes > 0 ? allocate(bytes) : NULL;
  if (!inputs || (bytes > 0 && !zeros)) {
    free(inputs);
    free(zeros);
    return INTAGLIO_OUT_OF_MEMORY;
  }
  if (zeros)
    memset(zeros, 0, (size_t)bytes);
  for (int32_t i = 0; i < n; ++i)
    inputs[i] = c->inputs[i] ? c->inputs[i] : zeros;
  c->inputs = inputs;
  intaglio_pool_run(context->pool, forward, c);
  free(inputs);
  free(zeros);
  return INTAGLIO_OK;
}

int64_t intaglio_arena_bytes(const int64_t *dims, int32_t threads) {
  if (threads < 1 || threads > MAX_THREADS)
    return -INTAGLIO_BAD_THREADS;
  if (intaglio_missing_features(intaglio_model_data.cpu_features))
    return -INTAGLIO_WRONG_CPU;
  intaglio_status status = intaglio_check_dims(dims);
  return status == INTAGLIO_OK ? intaglio_model_arena_bytes(dims, threads) : -(int64_t)status;
}

intaglio_status intaglio_context_create(int32_t threads, intaglio_context **result) {
  if (!result)
    return INTAGLIO_NULL_POINTER;
  if (threads < 1 || threads > MAX_THREADS)
    return INTAGLIO_BAD_THREADS;
  if (intaglio_missing_features(intaglio_model_data.cpu_features))
    return INTAGLIO_WRONG_CPU;
  intaglio_context *context = malloc(sizeof(*context));
  if (!context)
    return INTAGLIO_OUT_OF_MEMORY;
  intaglio_status status = intaglio_weights_open(&intaglio_model_data, &context->weights);
  if (status == INTAGLIO_OK) {
    status = intaglio_pool_create(threads, &context->pool);
    if (status != INTAGLIO_OK)
      intaglio_weights_close(&context->weights);
  }
  if (status != INTAGLIO_OK) {
    free(context);
    return status;
  }
  *result = context;
  return INTAGLIO_OK;
}

void intaglio_context_destroy(intaglio_context *context) {
  if (!context)
    return;
  intaglio_pool_destroy(context->pool);
  intaglio_weights_close(&context->weights);
  free(context);
}

static intaglio_status run(intaglio_context *context, const int64_t *dims,
                           const void *const *inputs, void *const *outputs, void *arena,
                           int64_t arena_bytes, uint64_t *ticks) {
  intaglio_tick(ticks, 0);
  intaglio_status status = intaglio_check_dims(dims);
  if (status == INTAGLIO_OK)
    status = intaglio_check_tensors(dims, inputs, outputs);
  if (status != INTAGLIO_OK)
    return status;
  int64_t needed = intaglio_model_arena_bytes(dims, intaglio_pool_threads(context->pool));
  if (arena && (arena_bytes < needed || (uintptr_t)arena % INTAGLIO_ARENA_ALIGNMENT))
    return INTAGLIO_SMALL_ARENA;
  void *own = arena ? NULL : allocate(needed);
  if (!arena && !own)
    return INTAGLIO_OUT_OF_MEMORY;
  call c = {context->weights.data, dims, inputs, outputs, arena ? arena : own, ticks};
  status = run_filled(context, &c);
  free(own);
  intaglio_tick(ticks, 1);
  return status;
}

intaglio_status intaglio_run(intaglio_context *context, const int64_t *dims,
                             const void *const *inputs, void *const *outputs, void *arena,
                             int64_t arena_bytes) {
  if (!context)
    return INTAGLIO_NULL_POINTER;
  return run(context, dims, inputs, outputs, arena, arena_bytes, NULL);
}

intaglio_status intaglio_run_profiled(intaglio_context *context, const int64_t *dims,
                                      const void *const *inputs, void *const *outputs, void *arena,
                                      int64_t arena_bytes, uint64_t *ticks, int64_t count) {
  if (!context || !ticks)
    return INTAGLIO_NULL_POINTER;
  if (!intaglio_has_counter())
    return INTAGLIO_NO_COUNTER;
  int64_t threads = intaglio_pool_threads(context->pool);
  if (count < 2 + 2 * threads * intaglio_model_data.num_steps)
    return INTAGLIO_SMALL_PROFILE;
  return run(context, dims, inputs, outputs, arena, arena_bytes, ticks);
}
