/*===- run.c - the entries of an artefact: checks, memory, one parallel region
 * -----------------===*/

#include "cpu.h"
#include "intaglio/Runtime/model.h"
#include "threads.h"
#include "weights.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_THREADS = 1024 };
/* No tensor of one run is larger: sizes computed from checked dimensions cannot overflow. */
static const int64_t MAX_TENSOR_BYTES = (int64_t)1 << 40;

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
} call;

const intaglio_model_info *intaglio_get_model_info(void) { return &intaglio_model_data; }

static int64_t element_bytes(int32_t dtype) {
  static const int8_t bytes[] = {1, 2, 4, 8, 4};
  return bytes[dtype];
}

/* Number of elements, or -1 when a tensor of these dimensions is too large. */
static int64_t element_count(const intaglio_tensor_info *tensor, const int64_t *dims) {
  int64_t limit = MAX_TENSOR_BYTES / element_bytes(tensor->dtype), count = 1;
  for (int32_t i = 0; i < tensor->rank; ++i) {
    int64_t size = tensor->shape[i] < 0 ? dims[-1 - tensor->shape[i]] : tensor->shape[i];
    if (size > 0 && count > limit / size)
      return -1;
    count *= size;
  }
  return count;
}

static intaglio_status check_dims(const int64_t *dims) {
  const intaglio_model_info *model = &intaglio_model_data;
  if (model->num_dims > 0 && !dims)
    return INTAGLIO_NULL_POINTER;
  for (int32_t i = 0; i < model->num_dims; ++i)
    if (dims[i] < 0 || (model->dims[i].max > 0 && dims[i] > model->dims[i].max))
      return INTAGLIO_BAD_DIMENSION;
  for (int32_t i = 0; i < model->num_inputs; ++i)
    if (element_count(&model->inputs[i], dims) < 0)
      return INTAGLIO_BAD_DIMENSION;
  for (int32_t i = 0; i < model->num_outputs; ++i)
    if (element_count(&model->outputs[i], dims) < 0)
      return INTAGLIO_BAD_DIMENSION;
  return INTAGLIO_OK;
}

static int64_t element(const void *data, int32_t dtype, int64_t i) {
  switch (dtype) {
  case INTAGLIO_I8:
    return ((const int8_t *)data)[i];
  case INTAGLIO_I16:
    return ((const int16_t *)data)[i];
  case INTAGLIO_I32:
    return ((const int32_t *)data)[i];
  default:
    return ((const int64_t *)data)[i];
  }
}

static intaglio_status check_input(const intaglio_tensor_info *tensor, const int64_t *dims,
                                   const void *data) {
  int64_t count = element_count(tensor, dims);
  if (!data)
    return tensor->optional || count == 0 ? INTAGLIO_OK : INTAGLIO_NULL_POINTER;
  if (!tensor->has_range)
    return INTAGLIO_OK;
  for (int64_t i = 0; i < count; ++i) {
    int64_t value = element(data, tensor->dtype, i);
    if (value < tensor->low || value > tensor->high)
      return INTAGLIO_OUT_OF_RANGE;
  }
  return INTAGLIO_OK;
}

static intaglio_status check_tensors(const int64_t *dims, const void *const *inputs,
                                     void *const *outputs) {
  const intaglio_model_info *model = &intaglio_model_data;
  if ((model->num_inputs > 0 && !inputs) || (model->num_outputs > 0 && !outputs))
    return INTAGLIO_NULL_POINTER;
  for (int32_t i = 0; i < model->num_inputs; ++i) {
    intaglio_status status = check_input(&model->inputs[i], dims, inputs[i]);
    if (status != INTAGLIO_OK)
      return status;
  }
  for (int32_t i = 0; i < model->num_outputs; ++i)
    if (!outputs[i] && element_count(&model->outputs[i], dims) > 0)
      return INTAGLIO_NULL_POINTER;
  return INTAGLIO_OK;
}

/* Bytes of zeros that stand for the missing optional inputs; all of them read the same ones. */
static int64_t zero_bytes(const int64_t *dims, const void *const *inputs) {
  int64_t most = 0;
  for (int32_t i = 0; i < intaglio_model_data.num_inputs; ++i) {
    const intaglio_tensor_info *tensor = &intaglio_model_data.inputs[i];
    int64_t bytes = element_count(tensor, dims) * element_bytes(tensor->dtype);
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
  intaglio_model_forward(thread, threads, barrier, c->weights, c->arena, c->dims, c->inputs,
                         c->outputs);
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
  intaglio_status status = check_dims(dims);
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

intaglio_status intaglio_run(intaglio_context *context, const int64_t *dims,
                             const void *const *inputs, void *const *outputs, void *arena,
                             int64_t arena_bytes) {
  if (!context)
    return INTAGLIO_NULL_POINTER;
  intaglio_status status = check_dims(dims);
  if (status == INTAGLIO_OK)
    status = check_tensors(dims, inputs, outputs);
  if (status != INTAGLIO_OK)
    return status;
  int64_t needed = intaglio_model_arena_bytes(dims, intaglio_pool_threads(context->pool));
  if (arena && (arena_bytes < needed || (uintptr_t)arena % INTAGLIO_ARENA_ALIGNMENT))
    return INTAGLIO_SMALL_ARENA;
  void *own = arena ? NULL : allocate(needed);
  if (!arena && !own)
    return INTAGLIO_OUT_OF_MEMORY;
  call c = {context->weights.data, dims, inputs, outputs, arena ? arena : own};
  status = run_filled(context, &c);
  free(own);
  return status;
}

const char *intaglio_status_text(intaglio_status status) {
  switch (status) {
  case INTAGLIO_OK:
    return "no error";
  case INTAGLIO_NULL_POINTER:
    return "a required argument, input or output is null";
  case INTAGLIO_BAD_THREADS:
    return "the thread count is not in 1 .. 1024";
  case INTAGLIO_BAD_DIMENSION:
    return "a dimension is negative, above its maximum, or too large";
  case INTAGLIO_OUT_OF_RANGE:
    return "an element of an integer input lies outside its range";
  case INTAGLIO_SMALL_ARENA:
    return "the arena is too small or not aligned to 64 bytes";
  case INTAGLIO_OUT_OF_MEMORY:
    return "out of memory";
  case INTAGLIO_NO_THREAD:
    return "the system refused to start a thread";
  case INTAGLIO_WRONG_CPU:
    return "the processor lacks an instruction set that the code needs";
  case INTAGLIO_NO_WEIGHTS:
    return "the weights file is missing, damaged or another model's";
  }
  return "unknown status";
}
