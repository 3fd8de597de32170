/*===- layout.c - prints the layout of abi.h, as layout.py does of abi.py
 * ----------------------===*/

#include "intaglio/Runtime/abi.h"

#include <stddef.h>
#include <stdio.h>

#define FIELD(type, field)                                                                         \
  printf(#field " %zu %zu\n", offsetof(intaglio_##type, field),                                    \
         sizeof(((intaglio_##type *)0)->field))

int main(void) {
  printf("version %d, alignment %d, dtypes %d\n", INTAGLIO_ABI_VERSION, INTAGLIO_ARENA_ALIGNMENT,
         INTAGLIO_F32 + 1);
  printf("DimInfo %zu\n", sizeof(intaglio_dim_info));
  FIELD(dim_info, name);
  FIELD(dim_info, max);
  printf("TensorInfo %zu\n", sizeof(intaglio_tensor_info));
  FIELD(tensor_info, name);
  FIELD(tensor_info, dtype);
  FIELD(tensor_info, rank);
  FIELD(tensor_info, shape);
  FIELD(tensor_info, optional);
  FIELD(tensor_info, has_range);
  FIELD(tensor_info, low);
  FIELD(tensor_info, high);
  printf("StepInfo %zu\n", sizeof(intaglio_step_info));
  FIELD(step_info, kernel);
  FIELD(step_info, kind);
  FIELD(step_info, source);
  FIELD(step_info, multiply_adds);
  FIELD(step_info, dim_powers);
  printf("ModelInfo %zu\n", sizeof(intaglio_model_info));
  FIELD(model_info, abi_version);
  FIELD(model_info, num_dims);
  FIELD(model_info, num_inputs);
  FIELD(model_info, num_outputs);
  FIELD(model_info, dims);
  FIELD(model_info, inputs);
  FIELD(model_info, outputs);
  FIELD(model_info, target);
  FIELD(model_info, weights_bytes);
  FIELD(model_info, isa);
  FIELD(model_info, cpu_features);
  FIELD(model_info, proofs);
  FIELD(model_info, weights_file);
  FIELD(model_info, weights_id);
  FIELD(model_info, num_steps);
  FIELD(model_info, steps);
  return 0;
}
