/*===- model.h - what generated code gives the runtime, and takes from it
 * ----------------------===*/

#ifndef INTAGLIO_RUNTIME_MODEL_H
#define INTAGLIO_RUNTIME_MODEL_H

#include "intaglio/Runtime/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Made by the compiler for each model. The weights are aligned to 64 bytes; they are one byte
 * without meaning where intaglio_model_data names a file. */
extern const intaglio_model_info intaglio_model_data;
extern const uint8_t intaglio_model_weights[];

/* The inference, called once by each thread. `ticks` is the thread's part of a profile or null. */
void intaglio_model_forward(int32_t thread, int32_t threads, void *barrier, const uint8_t *weights,
                            uint8_t *arena, const int64_t *dims, const void *const *inputs,
                            void *const *outputs, uint64_t *ticks);
int64_t intaglio_model_arena_bytes(const int64_t *dims, int32_t threads);

/* Waits until all threads of the region are here. */
void intaglio_barrier(void *barrier);

/* Notes the counter at `position` of `ticks`; nothing where that is null. */
void intaglio_tick(uint64_t *ticks, int32_t position);

#ifdef __cplusplus
}
#endif
#endif /* INTAGLIO_RUNTIME_MODEL_H */
