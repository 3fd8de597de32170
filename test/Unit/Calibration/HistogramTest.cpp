#include "intaglio/Calibration/Histogram.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace intaglio;

/// Normal values of very different sizes, so that the width grows on the way.
static std::vector<float> makeValues(size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = std::ldexp(normal(random), static_cast<int>(i % 23) - 11);
  return values;
}

TEST(Histogram, WidthIsTheSmallestPowerOfTwoThatFits) {
  for (float largest : {1.0f, 2047.0f, 2048.0f, 1e-3f, 3.0e38f, 1e-45f, 1.17549435e-38f,
                        std::numeric_limits<float>::max()}) {
    Histogram histogram;
    histogram.add(largest);
    EXPECT_LT(largest, Histogram::kBins * histogram.getWidth()) << largest;
    if (histogram.getExponent() > Histogram::kMinExponent) {
      EXPECT_GE(largest, Histogram::kBins * histogram.getWidth() / 2) << largest;
    }
  }
}

TEST(Histogram, BinsBySignAndMagnitude) {
  Histogram histogram;
  histogram.add({2047.0f, 0.0f, -0.0f, 0.5f, -0.5f, 3.75f, -1.0f});
  ASSERT_EQ(histogram.getExponent(), 0);
  llvm::ArrayRef<uint64_t> counts = histogram.getCounts();
  EXPECT_EQ(counts[Histogram::kBins], 3u);
  EXPECT_EQ(counts[Histogram::kBins - 1], 1u);
  EXPECT_EQ(counts[Histogram::kBins - 2], 1u);
  EXPECT_EQ(counts[Histogram::kBins + 3], 1u);
  EXPECT_EQ(counts[2 * Histogram::kBins - 1], 1u);
  EXPECT_EQ(histogram.getTotal(), 7u);
  EXPECT_EQ(histogram.getCenter(Histogram::kBins - 2), -1.5);
  EXPECT_EQ(histogram.getMagnitudes()[0], 4u);
}

TEST(Histogram, AnyOrderAndSplitGiveTheSameCounts) {
  std::vector<float> values = makeValues(5000, 1);
  Histogram whole;
  whole.add(values);

  std::shuffle(values.begin(), values.end(), std::mt19937(2));
  Histogram oneByOne;
  for (float value : values)
    oneByOne.add(value);
  EXPECT_TRUE(whole == oneByOne);

  Histogram parts[3];
  for (size_t i = 0; i < values.size(); ++i)
    parts[i * i % 3].add(values[i]);
  parts[2].merge(parts[0]);
  parts[2].merge(parts[1]);
  EXPECT_TRUE(whole == parts[2]);
}

TEST(Histogram, MergeOfAnEmptyOneChangesNothing) {
  Histogram histogram, empty;
  histogram.add({1.0f, -2.0f});
  Histogram copy = histogram;
  histogram.merge(empty);
  EXPECT_TRUE(histogram == copy);
  empty.merge(histogram);
  EXPECT_TRUE(empty == copy);
}
