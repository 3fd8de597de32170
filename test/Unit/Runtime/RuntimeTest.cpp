//===- RuntimeTest.cpp - the artefact's entries on a hand-made model ------------------------===//

#include "intaglio/Runtime/abi.h"

#include "gtest/gtest.h"

#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace {

/// A context and the tensors of one call of the model in model.c.
struct Call {
  intaglio_context *context = nullptr;
  std::array<int64_t, 2> dims = {3, 5};
  std::vector<int64_t> x = std::vector<int64_t>(15, 7), z = std::vector<int64_t>(15, 1), y = x;
  int64_t total = -1;
  std::array<const void *, 2> inputs = {x.data(), z.data()};
  std::array<void *, 2> outputs = {y.data(), &total};

  explicit Call(int threads = 1) {
    EXPECT_EQ(intaglio_context_create(threads, &context), INTAGLIO_OK);
  }
  ~Call() { intaglio_context_destroy(context); }

  intaglio_status run(void *arena = nullptr, int64_t bytes = 0) {
    return intaglio_run(context, dims.data(), inputs.data(), outputs.data(), arena, bytes);
  }
};

TEST(Runtime, AnyNumberOfThreadsGivesTheSame) {
  for (int threads : {1, 2, 3, 5}) {
    Call call(threads);
    for (int i = 0; i < 200; ++i) {
      call.total = -1;
      ASSERT_EQ(call.run(), INTAGLIO_OK);
      ASSERT_EQ(call.y, std::vector<int64_t>(15, 15));
      ASSERT_EQ(call.total, 225);
    }
  }
}

TEST(Runtime, MissingOptionalInputReadsAsZeros) {
  Call call(2);
  call.inputs[1] = nullptr;
  ASSERT_EQ(call.run(), INTAGLIO_OK);
  EXPECT_EQ(call.total, 210);
}

TEST(Runtime, NullPointers) {
  Call call;
  EXPECT_EQ(intaglio_context_create(1, nullptr), INTAGLIO_NULL_POINTER);
  EXPECT_EQ(
      intaglio_run(nullptr, call.dims.data(), call.inputs.data(), call.outputs.data(), nullptr, 0),
      INTAGLIO_NULL_POINTER);
  EXPECT_EQ(
      intaglio_run(call.context, nullptr, call.inputs.data(), call.outputs.data(), nullptr, 0),
      INTAGLIO_NULL_POINTER);
  EXPECT_EQ(intaglio_run(call.context, call.dims.data(), nullptr, call.outputs.data(), nullptr, 0),
            INTAGLIO_NULL_POINTER);
  call.inputs[0] = nullptr;
  EXPECT_EQ(call.run(), INTAGLIO_NULL_POINTER);
  call.inputs[0] = call.x.data();
  call.outputs[1] = nullptr;
  EXPECT_EQ(call.run(), INTAGLIO_NULL_POINTER);
  intaglio_context_destroy(nullptr);
}

TEST(Runtime, Dimensions) {
  Call call;
  call.dims = {3, 17};
  EXPECT_EQ(call.run(), INTAGLIO_BAD_DIMENSION);
  EXPECT_EQ(intaglio_arena_bytes(call.dims.data(), 1), -INTAGLIO_BAD_DIMENSION);
  call.dims = {-1, 5};
  EXPECT_EQ(call.run(), INTAGLIO_BAD_DIMENSION);
  call.dims = {INT64_MAX, 16};
  EXPECT_EQ(call.run(), INTAGLIO_BAD_DIMENSION);
  call.dims = {0, 5};
  EXPECT_EQ(call.run(), INTAGLIO_OK);
  EXPECT_EQ(call.total, 0);
}

TEST(Runtime, RangeOfIds) {
  Call call;
  for (int64_t bad : {int64_t(-1), int64_t(100), INT64_MIN}) {
    call.x[14] = bad;
    EXPECT_EQ(call.run(), INTAGLIO_OUT_OF_RANGE);
    EXPECT_EQ(call.total, -1); // nothing was written
  }
  call.x[14] = 99;
  EXPECT_EQ(call.run(), INTAGLIO_OK);
}

TEST(Runtime, Arena) {
  Call call(3);
  alignas(64) char arena[128];
  EXPECT_EQ(intaglio_arena_bytes(call.dims.data(), 3), 24);
  EXPECT_EQ(call.run(arena, 23), INTAGLIO_SMALL_ARENA);
  EXPECT_EQ(call.run(arena + 8, 64), INTAGLIO_SMALL_ARENA);
  EXPECT_EQ(call.run(arena, 24), INTAGLIO_OK);
  EXPECT_EQ(call.total, 225);
}

TEST(Runtime, ThreadCounts) {
  intaglio_context *context = nullptr;
  for (int threads : {0, -1, 1025})
    EXPECT_EQ(intaglio_context_create(threads, &context), INTAGLIO_BAD_THREADS);
  EXPECT_EQ(context, nullptr);
}

/// Ticks of each thread: in order, inside the run, and no more than were asked for.
TEST(Runtime, Profile) {
  for (int threads : {1, 3}) {
    Call call(threads);
    std::vector<uint64_t> ticks(2 + 4 * threads + 1, 0);
    auto run = [&](uint64_t *array, int64_t count) {
      return intaglio_run_profiled(call.context, call.dims.data(), call.inputs.data(),
                                   call.outputs.data(), nullptr, 0, array, count);
    };
    EXPECT_EQ(run(nullptr, 100), INTAGLIO_NULL_POINTER);
    EXPECT_EQ(run(ticks.data(), 1 + 4 * threads), INTAGLIO_SMALL_PROFILE);
    EXPECT_EQ(run(ticks.data(), -1), INTAGLIO_SMALL_PROFILE);
    EXPECT_EQ(call.total, -1);
    ASSERT_EQ(run(ticks.data(), 2 + 4 * threads), INTAGLIO_OK);
    EXPECT_EQ(call.total, 225);
    EXPECT_EQ(ticks.back(), 0u);
    for (int thread = 0; thread < threads; ++thread) {
      uint64_t *of = &ticks[2 + 4 * thread];
      EXPECT_LE(ticks[0], of[0]);
      for (int i = 0; i < 3; ++i)
        EXPECT_LE(of[i], of[i + 1]);
      EXPECT_LE(of[3], ticks[1]);
    }
  }
}

/// Callers with contexts of their own, and callers that share one, at the same time.
TEST(Runtime, Reentrant) {
  Call owner(2);
  std::atomic<int> wrong{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&, i] {
      Call own(i % 2 + 1);
      for (int run = 0; run < 200; ++run) {
        own.total = -1;
        bool shared = run % 2;
        intaglio_status status = intaglio_run(shared ? owner.context : own.context, own.dims.data(),
                                              own.inputs.data(), own.outputs.data(), nullptr, 0);
        wrong += status != INTAGLIO_OK || own.total != 225;
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Runtime, EveryStatusHasAText) {
  for (int status = INTAGLIO_OK; status <= INTAGLIO_NO_COUNTER; ++status)
    EXPECT_STRNE(intaglio_status_text(intaglio_status(status)), "unknown status");
}

} // namespace
