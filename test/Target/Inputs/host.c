/* A host that knows a model by its header alone. */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
  intaglio_context *context;
  int64_t dims[MODEL_NUM_DIMS], ids[3] = {3, 1, 2}, mask[3] = {1, 1, 0};
  const void *inputs[MODEL_NUM_INPUTS];
  void *outputs[MODEL_NUM_OUTPUTS];
  float hidden[24], pooled[8];
  intaglio_status status = intaglio_context_create(2, &context);
  if (status != INTAGLIO_OK)
    return 1;
  dims[MODEL_DIM_BATCH] = 1;
  dims[MODEL_DIM_SEQUENCE] = 3;
  inputs[MODEL_INPUT_INPUT0] = ids;
  inputs[MODEL_INPUT_INPUT1] = mask;
  outputs[MODEL_OUTPUT_OUTPUT0] = hidden;
  outputs[MODEL_OUTPUT_OUTPUT1] = pooled;
  status = intaglio_run(context, dims, inputs, outputs, NULL, 0);
  printf("%d inputs and outputs, %s\n", MODEL_NUM_INPUTS + MODEL_NUM_OUTPUTS,
         intaglio_status_text(status));
  intaglio_context_destroy(context);
  return status != INTAGLIO_OK;
}
