#include "intaglio/Data/Float32.h"

#include "llvm/ADT/APFloat.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace llvm;
using namespace intaglio;

/// Every 16-bit pattern widens as APFloat converts it.
static void checkAll(DType dtype, const fltSemantics &semantics) {
  std::vector<uint16_t> bits(1 << 16);
  for (size_t i = 0; i < bits.size(); ++i)
    bits[i] = uint16_t(i);
  Array array;
  array.dtype = dtype;
  array.shape = {int64_t(bits.size())};
  array.bytes = ArrayRef<char>(reinterpret_cast<const char *>(bits.data()), bits.size() * 2);
  std::optional<Array> wide = asFloat32(array);
  ASSERT_TRUE(wide);
  ASSERT_EQ(wide->dtype, DType::F32);
  ASSERT_EQ(wide->bytes.size(), bits.size() * 4);
  const float *values = reinterpret_cast<const float *>(wide->bytes.data());
  for (size_t i = 0; i < bits.size(); ++i) {
    APFloat expected(semantics, APInt(16, i));
    if (expected.isNaN())
      EXPECT_TRUE(std::isnan(values[i])) << i;
    else
      EXPECT_EQ(values[i], expected.convertToFloat()) << i;
  }
}

TEST(Float32, WidensEveryHalf) { checkAll(DType::F16, APFloat::IEEEhalf()); }
TEST(Float32, WidensEveryBFloat) { checkAll(DType::BF16, APFloat::BFloat()); }

TEST(Float32, CopiesOnlyWhatIsNotAligned) {
  alignas(4) char memory[9];
  float values[2] = {1.5f, -2.0f};
  std::memcpy(memory, values, 8);
  Array array;
  array.shape = {2};
  array.bytes = ArrayRef<char>(memory, 8);
  EXPECT_EQ(asFloat32(array)->bytes.data(), memory);
  std::memcpy(memory + 1, values, 8);
  array.bytes = ArrayRef<char>(memory + 1, 8);
  std::optional<Array> copy = asFloat32(array);
  EXPECT_NE(copy->bytes.data(), memory + 1);
  EXPECT_EQ(copy->bytes, array.bytes);
}

TEST(Float32, RefusesIntegers) {
  Array array;
  array.dtype = DType::I32;
  EXPECT_FALSE(asFloat32(array));
}
