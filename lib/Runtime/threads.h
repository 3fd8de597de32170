/*===- threads.h - a pool of threads that run one function together
 * ----------------------------===*/

#ifndef INTAGLIO_LIB_RUNTIME_THREADS_H
#define INTAGLIO_LIB_RUNTIME_THREADS_H

#include "intaglio/Runtime/abi.h"

typedef struct intaglio_pool intaglio_pool;

/* The function of a region: its thread of `threads`, the region's barrier, and the caller's data.
 */
typedef void (*intaglio_body)(int32_t thread, int32_t threads, void *barrier, void *data);

__attribute__((visibility("hidden"))) intaglio_status intaglio_pool_create(int32_t threads,
                                                                           intaglio_pool **pool);
__attribute__((visibility("hidden"))) void intaglio_pool_destroy(intaglio_pool *pool);
__attribute__((visibility("hidden"))) int32_t intaglio_pool_threads(const intaglio_pool *pool);

/* Calls `body` once on each thread and returns when all have returned. Callers take turns. */
__attribute__((visibility("hidden"))) void intaglio_pool_run(intaglio_pool *pool,
                                                             intaglio_body body, void *data);

#endif /* INTAGLIO_LIB_RUNTIME_THREADS_H */
