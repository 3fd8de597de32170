/*===- program.c - one run of the model: sizes by arguments, arrays as raw bytes ---------------===
 *
 * Arguments are the sizes of the dynamic dimensions. The input is all input arrays one after
 * another, the output all output arrays: dense, row-major, little-endian, in the order of the
 * header.
 *
 *===------------------------------------------------------------------------------------------===*/

#include "../../check.h"
#include "host.h"

#include <stddef.h>

static int fail(const char *what, const char *name) {
  intaglio_host_say("error: ");
  intaglio_host_say(what);
  intaglio_host_say(name);
  intaglio_host_say("\n");
  return 1;
}

/* Nine decimal digits at most; -1 for anything else. */
static int64_t parse(const char *text) {
  int32_t value = 0;
  int32_t digits = 0;
  for (; *text; ++text, ++digits) {
    if (*text < '0' || *text > '9' || digits == 9)
      return -1;
    value = value * 10 + (*text - '0');
  }
  return digits ? value : -1;
}

static int usage(const intaglio_model_info *model) {
  intaglio_host_say("error: expected the sizes of");
  for (int32_t i = 0; i < model->num_dims; ++i) {
    intaglio_host_say(" ");
    intaglio_host_say(model->dims[i].name);
  }
  intaglio_host_say("\n");
  return 1;
}

/* Pointers to new memory for each of `count` arrays; null where there is not enough. */
static void **allocate(const intaglio_tensor_info *tensors, int32_t count, const int64_t *dims) {
  void **data = intaglio_host_memory((int64_t)(count + 1) * (int64_t)sizeof(void *));
  for (int32_t i = 0; data && i < count; ++i) {
    data[i] = intaglio_host_memory(intaglio_tensor_bytes(&tensors[i], dims));
    if (!data[i])
      return NULL;
  }
  return data;
}

static int read_inputs(const intaglio_model_info *model, const int64_t *dims, void **inputs) {
  for (int32_t i = 0; i < model->num_inputs; ++i) {
    int64_t bytes = intaglio_tensor_bytes(&model->inputs[i], dims);
    if (intaglio_host_read(inputs[i], bytes) != bytes)
      return fail("the input ends before the end of ", model->inputs[i].name);
  }
  uint8_t more;
  if (intaglio_host_read(&more, 1) != 0)
    return fail("the input goes on behind the last array", "");
  return 0;
}

int intaglio_program(int32_t count, const char *const *arguments) {
  const intaglio_model_info *model = intaglio_get_model_info();
  if (count != model->num_dims)
    return usage(model);
  int64_t *dims = intaglio_host_memory((int64_t)(count + 1) * (int64_t)sizeof(int64_t));
  if (!dims)
    return fail(intaglio_status_text(INTAGLIO_OUT_OF_MEMORY), "");
  for (int32_t i = 0; i < count; ++i) {
    dims[i] = parse(arguments[i]);
    if (dims[i] < 0)
      return usage(model);
  }
  int64_t bytes = intaglio_arena_bytes(dims, 1);
  if (bytes < 0)
    return fail(intaglio_status_text((intaglio_status)-bytes), "");
  void **inputs = allocate(model->inputs, model->num_inputs, dims);
  void **outputs = allocate(model->outputs, model->num_outputs, dims);
  void *arena = intaglio_host_memory(bytes);
  if (!inputs || !outputs || !arena)
    return fail(intaglio_status_text(INTAGLIO_OUT_OF_MEMORY), "");
  if (read_inputs(model, dims, inputs))
    return 1;
  intaglio_context *context = NULL;
  intaglio_status status = intaglio_context_create(1, &context);
  if (status == INTAGLIO_OK)
    status = intaglio_run(context, dims, (const void *const *)inputs, outputs, arena, bytes);
  if (status != INTAGLIO_OK)
    return fail(intaglio_status_text(status), "");
  for (int32_t i = 0; i < model->num_outputs; ++i)
    if (!intaglio_host_write(outputs[i], intaglio_tensor_bytes(&model->outputs[i], dims)))
      return fail("cannot write ", model->outputs[i].name);
  return 0;
}
