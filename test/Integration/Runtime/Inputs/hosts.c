/* Threads that run one model at the same time, each with a context of its own, built with the
 * runtime and the model's code under the thread sanitizer. The model is
 * test/Codegen/integer-encoder.mlir; WEIGHTS is the file of its weights. */
#include "intaglio/Runtime/model.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

__asm__(".section .rodata\n.balign 64\n.globl intaglio_model_weights\n"
        "intaglio_model_weights:\n.incbin \"" WEIGHTS "\"\n.text\n");

static const intaglio_dim_info dim_infos[] = {{"batch", 0}, {"sequence", 0}};
static const int64_t tokens[] = {-1, -2}, hidden_shape[] = {-1, -2, 8}, pooled_shape[] = {-1, 8};
static const intaglio_tensor_info input_infos[] = {{"ids", INTAGLIO_I64, 2, tokens, 0, 1, 0, 3},
                                                   {"mask", INTAGLIO_I64, 2, tokens, 0, 1, 0, 1}};
static const intaglio_tensor_info output_infos[] = {
    {"hidden", INTAGLIO_F32, 3, hidden_shape, 0, 0, 0, 0},
    {"pooled", INTAGLIO_F32, 2, pooled_shape, 0, 0, 0, 0}};
const intaglio_model_info intaglio_model_data = {.abi_version = INTAGLIO_ABI_VERSION,
                                                 .num_dims = 2,
                                                 .num_inputs = 2,
                                                 .num_outputs = 2,
                                                 .dims = dim_infos,
                                                 .inputs = input_infos,
                                                 .outputs = output_infos,
                                                 .target = "",
                                                 .isa = "",
                                                 .proofs = "{}"};

enum { BATCH = 5, SEQUENCE = 19, TOKENS = BATCH * SEQUENCE, RUNS = 20, HOSTS = 4 };

typedef struct results {
  float hidden[TOKENS * 8], pooled[BATCH * 8];
} results;

static int64_t ids[TOKENS], mask[TOKENS];
static results expected;

/* Runs the model once on `context`; 1 where that fails. */
static int run(intaglio_context *context, results *out) {
  const int64_t dims[] = {BATCH, SEQUENCE};
  const void *inputs[] = {ids, mask};
  void *outputs[] = {out->hidden, out->pooled};
  memset(out, 0xFF, sizeof(*out));
  return intaglio_run(context, dims, inputs, outputs, NULL, 0) != INTAGLIO_OK;
}

/* A host: a context of *argument threads, many runs. Returns null where all results are right. */
static void *host(void *argument) {
  intaglio_context *context = NULL;
  if (intaglio_context_create(*(int32_t *)argument, &context) != INTAGLIO_OK)
    return argument;
  void *failure = NULL;
  for (int i = 0; i < RUNS; ++i) {
    results found;
    if (run(context, &found) || memcmp(&found, &expected, sizeof(found)) != 0)
      failure = argument;
  }
  intaglio_context_destroy(context);
  return failure;
}

int main(void) {
  for (int i = 0; i < TOKENS; ++i) {
    ids[i] = i * 7 % 4;
    mask[i] = i % 3 != 0;
  }
  intaglio_context *alone = NULL;
  if (intaglio_context_create(1, &alone) != INTAGLIO_OK || run(alone, &expected))
    return 1;
  intaglio_context_destroy(alone);
  pthread_t hosts[HOSTS];
  int32_t threads[HOSTS] = {1, 2, 3, 2};
  int failures = 0;
  for (int i = 0; i < HOSTS; ++i)
    pthread_create(&hosts[i], NULL, host, &threads[i]);
  for (int i = 0; i < HOSTS; ++i) {
    void *failure = NULL;
    pthread_join(hosts[i], &failure);
    failures += failure != NULL;
  }
  printf("%d hosts, %d with other results; the first element is %g\n", HOSTS, failures,
         (double)expected.hidden[0]);
  return failures != 0;
}
