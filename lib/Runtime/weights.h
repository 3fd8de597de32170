/*===- weights.h - where a model's weights are ------------------------------------------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_WEIGHTS_H
#define INTAGLIO_LIB_RUNTIME_WEIGHTS_H

#include "intaglio/Runtime/abi.h"

#include <stddef.h>

typedef struct intaglio_weights {
  const uint8_t *data;
  void *mapping; /* null: the weights are part of the artefact */
  size_t mapped;
} intaglio_weights;

/* The weights inside the artefact, or a read-only mapping of the file beside it. */
__attribute__((visibility("hidden"))) intaglio_status
intaglio_weights_open(const intaglio_model_info *model, intaglio_weights *weights);
__attribute__((visibility("hidden"))) void intaglio_weights_close(intaglio_weights *weights);

#endif /* INTAGLIO_LIB_RUNTIME_WEIGHTS_H */
