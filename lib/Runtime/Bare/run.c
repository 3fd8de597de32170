/*===- run.c - the entries of an artefact without operating system -----------------------------===
 *
 * One thread, embedded weights, no allocation: what the library of hosts allocates is here a part
 * of the caller's arena.
 *
 *===------------------------------------------------------------------------------------------===*/

#include "../check.h"
#include "intaglio/Runtime/model.h"

#include <stddef.h>

struct intaglio_context {
  int32_t threads;
};

/* The one context: it has no state. */
static const intaglio_context only = {1};

static int64_t round_up(int64_t bytes) {
  return (bytes + INTAGLIO_ARENA_ALIGNMENT - 1) & -(int64_t)INTAGLIO_ARENA_ALIGNMENT;
}

/* The arena begins with one pointer for each input ... */
static int64_t pointer_bytes(void) {
  return round_up((int64_t)intaglio_model_data.num_inputs * (int64_t)sizeof(void *));
}

/* ... and the zeros that stand for optional inputs. */
static int64_t zero_bytes(const int64_t *dims) {
  int64_t most = 0;
  for (int32_t i = 0; i < intaglio_model_data.num_inputs; ++i) {
    const intaglio_tensor_info *tensor = &intaglio_model_data.inputs[i];
    int64_t bytes = intaglio_tensor_bytes(tensor, dims);
    if (tensor->optional && bytes > most)
      most = bytes;
  }
  return round_up(most);
}

int64_t intaglio_arena_bytes(const int64_t *dims, int32_t threads) {
  if (threads != 1)
    return -INTAGLIO_BAD_THREADS;
  intaglio_status status = intaglio_check_dims(dims);
  if (status != INTAGLIO_OK)
    return -(int64_t)status;
  int64_t bytes = pointer_bytes() + zero_bytes(dims) + intaglio_model_arena_bytes(dims, 1);
  return bytes <= PTRDIFF_MAX ? bytes : -INTAGLIO_BAD_DIMENSION;
}

intaglio_status intaglio_context_create(int32_t threads, intaglio_context **result) {
  if (!result)
    return INTAGLIO_NULL_POINTER;
  if (threads != 1)
    return INTAGLIO_BAD_THREADS;
  *result = (intaglio_context *)&only;
  return INTAGLIO_OK;
}

void intaglio_context_destroy(intaglio_context *context) { (void)context; }

void intaglio_barrier(void *barrier) { (void)barrier; }

intaglio_status intaglio_run(intaglio_context *context, const int64_t *dims,
                             const void *const *inputs, void *const *outputs, void *arena,
                             int64_t arena_bytes) {
  if (!context)
    return INTAGLIO_NULL_POINTER;
  int64_t needed = intaglio_arena_bytes(dims, 1);
  if (needed < 0)
    return (intaglio_status)-needed;
  intaglio_status status = intaglio_check_tensors(dims, inputs, outputs);
  if (status != INTAGLIO_OK)
    return status;
  if (!arena)
    return INTAGLIO_OUT_OF_MEMORY;
  if (arena_bytes < needed || (uintptr_t)arena % INTAGLIO_ARENA_ALIGNMENT)
    return INTAGLIO_SMALL_ARENA;
  const void **filled = arena;
  uint8_t *zeros = (uint8_t *)arena + pointer_bytes();
  int64_t zero = zero_bytes(dims);
  for (int64_t i = 0; i < zero; ++i)
    zeros[i] = 0;
  for (int32_t i = 0; i < intaglio_model_data.num_inputs; ++i)
    filled[i] = inputs[i] ? inputs[i] : zeros;
  intaglio_model_forward(0, 1, NULL, intaglio_model_weights, zeros + zero, dims, filled, outputs,
                         NULL);
  return INTAGLIO_OK;
}

void intaglio_tick(uint64_t *ticks, int32_t position) {
  (void)ticks;
  (void)position;
}

intaglio_status intaglio_run_profiled(intaglio_context *context, const int64_t *dims,
                                      const void *const *inputs, void *const *outputs, void *arena,
                                      int64_t arena_bytes, uint64_t *ticks, int64_t count) {
  (void)dims, (void)inputs, (void)outputs, (void)arena, (void)arena_bytes, (void)count;
  return context && ticks ? INTAGLIO_NO_COUNTER : INTAGLIO_NULL_POINTER;
}
