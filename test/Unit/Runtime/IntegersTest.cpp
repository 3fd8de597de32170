//===- IntegersTest.cpp - 64-bit arithmetic made of 32-bit words -----------------------------===//

#include "gtest/gtest.h"

#include <cstdint>
#include <random>
#include <vector>

extern "C" {
int32_t test_clzsi2(uint32_t x);
int32_t test_clzdi2(uint64_t x);
uint64_t test_ashldi3(uint64_t x, int32_t count);
uint64_t test_lshrdi3(uint64_t x, int32_t count);
uint64_t test_ashrdi3(uint64_t x, int32_t count);
uint64_t test_muldi3(uint64_t x, uint64_t y);
uint64_t test_udivdi3(uint64_t n, uint64_t d);
uint64_t test_umoddi3(uint64_t n, uint64_t d);
int64_t test_divdi3(int64_t n, int64_t d);
int64_t test_moddi3(int64_t n, int64_t d);
}

/// Edges of words, and random numbers of every length.
static std::vector<uint64_t> makeOperands() {
  std::vector<uint64_t> operands;
  for (int bit = 0; bit < 64; ++bit)
    for (int64_t near : {-1, 0, 1})
      operands.push_back((uint64_t(1) << bit) + uint64_t(near));
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i)
    operands.push_back(random() >> (i % 64));
  for (size_t i = 0, e = operands.size(); i < e; ++i)
    operands.push_back(-operands[i]);
  return operands;
}

TEST(Integers, BitsAndShifts) {
  for (uint64_t x : makeOperands()) {
    ASSERT_EQ(test_clzsi2(uint32_t(x)), uint32_t(x) ? __builtin_clz(uint32_t(x)) : 32) << x;
    ASSERT_EQ(test_clzdi2(x), x ? __builtin_clzll(x) : 64) << x;
    for (int32_t count = 0; count < 64; ++count) {
      ASSERT_EQ(test_ashldi3(x, count), x << count) << x << " " << count;
      ASSERT_EQ(test_lshrdi3(x, count), x >> count) << x << " " << count;
      ASSERT_EQ(test_ashrdi3(x, count), uint64_t(int64_t(x) >> count)) << x << " " << count;
    }
  }
}

TEST(Integers, ProductsAndQuotients) {
  std::vector<uint64_t> operands = makeOperands();
  for (size_t i = 0; i < operands.size(); i += 3)
    for (size_t j = i % 7; j < operands.size(); j += 7) {
      uint64_t x = operands[i], y = operands[j];
      ASSERT_EQ(test_muldi3(x, y), x * y) << x << " " << y;
      if (y == 0)
        continue;
      ASSERT_EQ(test_udivdi3(x, y), x / y) << x << " " << y;
      ASSERT_EQ(test_umoddi3(x, y), x % y) << x << " " << y;
      auto n = int64_t(x), d = int64_t(y);
      if (n == INT64_MIN && d == -1)
        continue;
      ASSERT_EQ(test_divdi3(n, d), n / d) << n << " " << d;
      ASSERT_EQ(test_moddi3(n, d), n % d) << n << " " << d;
    }
}
