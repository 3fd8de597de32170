/*===- threads.c - a pool of threads that run one function together
 * ----------------------------===*/

#include "threads.h"
#include "intaglio/Runtime/model.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A barrier spins so often before it yields its core: another process may need it. */
enum { SPINS_BEFORE_YIELD = 1000 };

typedef struct barrier {
  int32_t threads;
  _Alignas(64) atomic_int arrived;
  _Alignas(64) atomic_uint phase;
} barrier;

typedef struct worker {
  intaglio_pool *pool;
  int32_t thread;
  pthread_t handle;
} worker;

struct intaglio_pool {
  barrier barrier;
  int32_t threads;
  pthread_mutex_t callers; /* held by the caller whose region runs */
  pthread_mutex_t mutex;   /* guards what follows */
  pthread_cond_t begin, end;
  uint64_t region; /* counts the regions begun */
  int32_t running; /* workers that have not ended the region */
  int stop;
  intaglio_body body;
  void *data;
  worker workers[];
};

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

void intaglio_barrier(void *opaque) {
  barrier *b = opaque;
  if (b->threads == 1)
    return;
  unsigned phase = atomic_load_explicit(&b->phase, memory_order_relaxed);
  if (atomic_fetch_add_explicit(&b->arrived, 1, memory_order_acq_rel) + 1 == b->threads) {
    atomic_store_explicit(&b->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&b->phase, phase + 1, memory_order_release);
    return;
  }
  for (int spins = 0; atomic_load_explicit(&b->phase, memory_order_acquire) == phase;) {
    if (++spins < SPINS_BEFORE_YIELD)
      relax();
    else
      sched_yield();
  }
}

static void *work(void *opaque) {
  worker *self = opaque;
  intaglio_pool *pool = self->pool;
  pthread_mutex_lock(&pool->mutex);
  for (uint64_t done = 0;;) {
    while (pool->region == done && !pool->stop)
      pthread_cond_wait(&pool->begin, &pool->mutex);
    if (pool->stop)
      break;
    done = pool->region;
    pthread_mutex_unlock(&pool->mutex);
    pool->body(self->thread, pool->threads, &pool->barrier, pool->data);
    pthread_mutex_lock(&pool->mutex);
    if (--pool->running == 0)
      pthread_cond_signal(&pool->end);
  }
  pthread_mutex_unlock(&pool->mutex);
  return NULL;
}

/* Ends the workers 1 .. started - 1 and frees the pool. */
static void destroy(intaglio_pool *pool, int32_t started) {
  pthread_mutex_lock(&pool->mutex);
  pool->stop = 1;
  pthread_cond_broadcast(&pool->begin);
  pthread_mutex_unlock(&pool->mutex);
  for (int32_t i = 1; i < started; ++i)
    pthread_join(pool->workers[i].handle, NULL);
  pthread_cond_destroy(&pool->begin);
  pthread_cond_destroy(&pool->end);
  pthread_mutex_destroy(&pool->mutex);
  pthread_mutex_destroy(&pool->callers);
  free(pool);
}

intaglio_status intaglio_pool_create(int32_t threads, intaglio_pool **result) {
  size_t bytes = sizeof(intaglio_pool) + (size_t)threads * sizeof(worker);
  size_t alignment = _Alignof(intaglio_pool);
  bytes = (bytes + alignment - 1) / alignment * alignment;
  intaglio_pool *pool = aligned_alloc(alignment, bytes);
  if (!pool)
    return INTAGLIO_OUT_OF_MEMORY;
  pool->threads = pool->barrier.threads = threads;
  atomic_init(&pool->barrier.arrived, 0);
  atomic_init(&pool->barrier.phase, 0);
  pthread_mutex_init(&pool->callers, NULL);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->begin, NULL);
  pthread_cond_init(&pool->end, NULL);
  pool->region = 0;
  pool->running = pool->stop = 0;
  for (int32_t i = 1; i < threads; ++i) {
    pool->workers[i].pool = pool;
    pool->workers[i].thread = i;
    if (pthread_create(&pool->workers[i].handle, NULL, work, &pool->workers[i])) {
      destroy(pool, i);
      return INTAGLIO_NO_THREAD;
    }
  }
  *result = pool;
  return INTAGLIO_OK;
}

void intaglio_pool_destroy(intaglio_pool *pool) { destroy(pool, pool->threads); }

int32_t intaglio_pool_threads(const intaglio_pool *pool) { return pool->threads; }

void intaglio_pool_run(intaglio_pool *pool, intaglio_body body, void *data) {
  pthread_mutex_lock(&pool->callers);
  if (pool->threads > 1) {
    pthread_mutex_lock(&pool->mutex);
    pool->body = body;
    pool->data = data;
    pool->running = pool->threads - 1;
    ++pool->region;
    pthread_cond_broadcast(&pool->begin);
    pthread_mutex_unlock(&pool->mutex);
  }
  body(0, pool->threads, &pool->barrier, data);
  if (pool->threads > 1) {
    pthread_mutex_lock(&pool->mutex);
    while (pool->running > 0)
      pthread_cond_wait(&pool->end, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
  }
  pthread_mutex_unlock(&pool->callers);
}
