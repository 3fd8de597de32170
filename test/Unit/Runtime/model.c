/*===- model.c - a hand-made model: y[b, s] = 2 x[b, s] + z[b, s], then t = sum of y
 * -----------===*/

#include "intaglio/Runtime/model.h"

static const int64_t shape[] = {-1, -2};
static const intaglio_dim_info dims_[] = {{"batch", 0}, {"sequence", 16}};
static const intaglio_tensor_info ins_[] = {
    {"x", INTAGLIO_I64, 2, shape, 0, 1, 0, 99},
    {"z", INTAGLIO_I64, 2, shape, 1, 0, 0, 0},
};
static const intaglio_tensor_info outs_[] = {
    {"y", INTAGLIO_I64, 2, shape, 0, 0, 0, 0},
    {"t", INTAGLIO_I64, 0, shape, 0, 0, 0, 0},
};
static const int32_t powers[] = {1, 1};
static const intaglio_step_info steps_[] = {
    {"scale_add", "elementwise", "y", 1, powers},
    {"sum", "pool", "t", 0, powers},
};
const intaglio_model_info intaglio_model_data = {
    INTAGLIO_ABI_VERSION, 2, 2, 2, dims_, ins_, outs_, "hand", 1, "", 0, "{}", 0, 0, 2, steps_};
_Alignas(64) const uint8_t intaglio_model_weights[] = {2};

int64_t intaglio_model_arena_bytes(const int64_t *dims, int32_t threads) {
  return threads * (int64_t)sizeof(int64_t);
}

void intaglio_model_forward(int32_t thread, int32_t threads, void *barrier, const uint8_t *weights,
                            uint8_t *arena, const int64_t *dims, const void *const *inputs,
                            void *const *outputs, uint64_t *ticks) {
  const int64_t *x = inputs[0], *z = inputs[1];
  int64_t *y = outputs[0], *sums = (int64_t *)arena, count = dims[0] * dims[1];
  intaglio_tick(ticks, 0);
  sums[thread] = 0;
  for (int64_t i = count * thread / threads; i < count * (thread + 1) / threads; ++i)
    sums[thread] += y[i] = weights[0] * x[i] + z[i];
  intaglio_tick(ticks, 1);
  intaglio_barrier(barrier);
  intaglio_tick(ticks, 2);
  int64_t total = 0;
  for (int32_t i = 0; i < threads; ++i)
    total += sums[i];
  if (thread == 0)
    *(int64_t *)outputs[1] = total;
  intaglio_tick(ticks, 3);
}
