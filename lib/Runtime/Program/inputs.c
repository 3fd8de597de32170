/*===- inputs.c - named arrays as the arguments of the model ----------------------------------===*/

#include "program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*===------------------------------------------------------------------------------------------===
 * Names, types and shapes
 *===------------------------------------------------------------------------------------------===*/

/* "input_ids, attention_mask, token_type_ids (optional)". */
static text list_inputs(const intaglio_model_info *model) {
  text list = {0};
  for (int32_t i = 0; i < model->num_inputs; ++i)
    append(&list, "%s%s%s", i ? ", " : "", model->inputs[i].name,
           model->inputs[i].optional ? " (optional)" : "");
  return list;
}

static const array *find_array(const array_list *list, const char *name) {
  for (int i = 0; i < list->count; ++i)
    if (strcmp(list->arrays[i].name, name) == 0)
      return &list->arrays[i];
  return NULL;
}

static int check_names(const char *file, const array_list *given, text *problem) {
  const intaglio_model_info *model = intaglio_get_model_info();
  for (int i = 0; i < given->count; ++i) {
    int32_t input = 0;
    while (input < model->num_inputs &&
           strcmp(model->inputs[input].name, given->arrays[i].name) != 0)
      ++input;
    if (input == model->num_inputs)
      return fail(problem, file, "the model has no input '%s': its inputs are %s",
                  given->arrays[i].name, list_inputs(model).bytes);
  }
  for (int32_t i = 0; i < model->num_inputs; ++i)
    if (!model->inputs[i].optional && !find_array(given, model->inputs[i].name))
      return fail(problem, file, "no array for the input '%s': the inputs are %s",
                  model->inputs[i].name, list_inputs(model).bytes);
  return 0;
}

static int fail_shape(const char *file, const intaglio_tensor_info *input, const array *a,
                      text *problem) {
  text expected = {0}, found = {0};
  for (int32_t i = 0; i < input->rank; ++i) {
    int64_t size = input->shape[i];
    append(&expected, i ? ", " : "");
    if (size < 0)
      append(&expected, "%s", intaglio_get_model_info()->dims[-1 - size].name);
    else
      append(&expected, "%lld", (long long)size);
  }
  append_shape(&found, a->rank, a->shape);
  return fail(problem, file, "input '%s': expected the shape [%s], found %s", input->name,
              expected.bytes, found.bytes);
}

/* The sizes that are known so far, and the input that told each. */
typedef struct sizes {
  int64_t *dims; /* -1: not known */
  const char **from;
} sizes;

static int set_size(const char *file, sizes *known, int64_t dim, int64_t size, const char *input,
                    text *problem) {
  const intaglio_dim_info *info = &intaglio_get_model_info()->dims[dim];
  if (known->dims[dim] >= 0 && known->dims[dim] != size)
    return fail(problem, file, "input '%s': '%s' is %lld where '%s' has %lld", input, info->name,
                (long long)size, known->from[dim], (long long)known->dims[dim]);
  if (info->max > 0 && size > info->max)
    return fail(problem, file, "input '%s': '%s' is %lld, above the model's largest, %lld", input,
                info->name, (long long)size, (long long)info->max);
  known->dims[dim] = size;
  known->from[dim] = input;
  return 0;
}

static int check_shape(const char *file, const intaglio_tensor_info *input, const array *a,
                       sizes *known, text *problem) {
  if ((int32_t)a->type != input->dtype)
    return fail(problem, file, "input '%s': expected %s, found %s", input->name,
                type_name((element_type)input->dtype), type_name(a->type));
  if (a->rank != input->rank)
    return fail_shape(file, input, a, problem);
  for (int i = 0; i < a->rank; ++i) {
    int64_t size = input->shape[i];
    if (size >= 0 && size != a->shape[i])
      return fail_shape(file, input, a, problem);
    if (size < 0 && set_size(file, known, -1 - size, a->shape[i], input->name, problem))
      return -1;
  }
  return 0;
}

/*===------------------------------------------------------------------------------------------===
 * Elements
 *===------------------------------------------------------------------------------------------===*/

/* Index `position` of the row-major elements. */
static text index_of(const array *a, int64_t position) {
  int64_t index[MAX_RANK];
  for (int axis = a->rank; axis-- > 0; position /= a->shape[axis])
    index[axis] = position % a->shape[axis];
  text shape = {0};
  append_shape(&shape, a->rank, index);
  return shape;
}

static int64_t element(const array *a, int64_t i) {
  switch (a->type) {
  case I8:
    return ((const int8_t *)a->data)[i];
  case I16:
    return ((const int16_t *)a->data)[i];
  case I32:
    return ((const int32_t *)a->data)[i];
  default:
    return ((const int64_t *)a->data)[i];
  }
}

/* Integers lie in the input's range, floats are finite. */
static int check_elements(const char *file, const intaglio_tensor_info *input, const array *a,
                          text *problem) {
  int64_t count = a->bytes / type_bytes(a->type);
  for (int64_t i = 0; a->type == F32 && i < count; ++i) {
    float value = ((const float *)a->data)[i];
    if (!isfinite(value))
      return fail(problem, file, "input '%s': element %s is %s", input->name, index_of(a, i).bytes,
                  isnan(value) ? "NaN" : "infinite");
  }
  for (int64_t i = 0; a->type != F32 && input->has_range && i < count; ++i) {
    int64_t value = element(a, i);
    if (value < input->low || value > input->high)
      return fail(problem, file, "input '%s': element %s is %lld, outside of %lld to %lld",
                  input->name, index_of(a, i).bytes, (long long)value, (long long)input->low,
                  (long long)input->high);
  }
  return 0;
}

/*===------------------------------------------------------------------------------------------===
 * All together
 *===------------------------------------------------------------------------------------------===*/

static int bind_inputs(const char *file, const array_list *given, arguments *bound,
                       const char **from, text *problem) {
  const intaglio_model_info *model = intaglio_get_model_info();
  sizes known = {bound->dims, from};
  for (int32_t i = 0; i < model->num_dims; ++i)
    bound->dims[i] = -1;
  for (int32_t i = 0; i < model->num_inputs; ++i) {
    const array *a = find_array(given, model->inputs[i].name);
    if (a && check_shape(file, &model->inputs[i], a, &known, problem))
      return -1;
    bound->inputs[i] = a ? a->data : NULL;
  }
  for (int32_t i = 0; i < model->num_dims; ++i)
    if (bound->dims[i] < 0)
      return fail(problem, file, "no array tells the size of '%s'", model->dims[i].name);
  for (int32_t i = 0; i < model->num_inputs; ++i) {
    const array *a = find_array(given, model->inputs[i].name);
    if (a && check_elements(file, &model->inputs[i], a, problem))
      return -1;
  }
  return 0;
}

static int make_outputs(const char *file, arguments *bound, text *problem) {
  const intaglio_model_info *model = intaglio_get_model_info();
  for (int32_t i = 0; i < model->num_outputs; ++i) {
    const intaglio_tensor_info *output = &model->outputs[i];
    array *a = &bound->results.arrays[bound->results.count++];
    if (output->rank > MAX_RANK)
      return fail(problem, file, "output '%s' has more than %d dimensions", output->name, MAX_RANK);
    *a = (array){
        .name = strdup(output->name), .type = (element_type)output->dtype, .rank = output->rank};
    for (int32_t axis = 0; axis < output->rank; ++axis) {
      int64_t size = output->shape[axis];
      a->shape[axis] = size < 0 ? bound->dims[-1 - size] : size;
    }
    if (!a->name)
      return fail(problem, file, "out of memory");
    if (allocate(a, problem))
      return -1;
    bound->outputs[i] = a->data;
  }
  return 0;
}

int fail_status(text *problem, const char *file, intaglio_status status) {
  const intaglio_model_info *model = intaglio_get_model_info();
  if (status == INTAGLIO_WRONG_CPU)
    return fail(problem, file, "%s: %s", intaglio_status_text(status), model->isa);
  if (status == INTAGLIO_NO_WEIGHTS && model->weights_file)
    return fail(problem, file, "%s: %s, in the program's folder", intaglio_status_text(status),
                model->weights_file);
  return fail(problem, file, "%s", intaglio_status_text(status));
}

int bind_arguments(const char *file, const array_list *given, int32_t threads, arguments *bound,
                   text *problem) {
  const intaglio_model_info *model = intaglio_get_model_info();
  bound->dims = calloc((size_t)model->num_dims + 1, sizeof(*bound->dims));
  bound->inputs = calloc((size_t)model->num_inputs + 1, sizeof(*bound->inputs));
  bound->outputs = calloc((size_t)model->num_outputs + 1, sizeof(*bound->outputs));
  bound->results.arrays = calloc((size_t)model->num_outputs + 1, sizeof(array));
  const char **from = calloc((size_t)model->num_dims + 1, sizeof(*from));
  int status;
  if (!bound->dims || !bound->inputs || !bound->outputs || !bound->results.arrays || !from)
    status = fail(problem, file, "out of memory");
  else
    status = check_names(file, given, problem) || bind_inputs(file, given, bound, from, problem) ||
             make_outputs(file, bound, problem);
  free(from);
  if (status)
    return -1;
  int64_t bytes = intaglio_arena_bytes(bound->dims, threads);
  if (bytes < 0)
    return fail_status(problem, file, (intaglio_status)-bytes);
  bound->arena_bytes = (bytes / INTAGLIO_ARENA_ALIGNMENT + 1) * INTAGLIO_ARENA_ALIGNMENT;
  bound->arena = aligned_alloc(INTAGLIO_ARENA_ALIGNMENT, (size_t)bound->arena_bytes);
  if (!bound->arena)
    return fail(problem, file, "no memory for an arena of %lld bytes", (long long)bytes);
  return 0;
}
