/*===- check.c - the checks of a run's arguments, and what they are called --------------------===*/

#include "check.h"
#include "intaglio/Runtime/model.h"

/* No tensor of one run is larger: sizes computed from checked dimensions cannot overflow. */
static const int64_t MAX_TENSOR_BYTES = (int64_t)1 << (sizeof(void *) == 4 ? 30 : 40);

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

int64_t intaglio_tensor_bytes(const intaglio_tensor_info *tensor, const int64_t *dims) {
  int64_t count = element_count(tensor, dims);
  return count < 0 ? -1 : count * element_bytes(tensor->dtype);
}

intaglio_status intaglio_check_dims(const int64_t *dims) {
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

intaglio_status intaglio_check_tensors(const int64_t *dims, const void *const *inputs,
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
  case INTAGLIO_SMALL_PROFILE:
    return "the array of ticks is too short for the profile";
  case INTAGLIO_NO_COUNTER:
    return "the target has no counter that a profile can read";
  }
  return "unknown status";
}
