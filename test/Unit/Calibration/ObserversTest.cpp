#include "intaglio/Calibration/Observers.h"

#include "gtest/gtest.h"

#include <cmath>
#include <random>

using namespace intaglio;

static constexpr Storage kAffine{-128, 127, false}, kNarrow{-127, 127, true};

static EdgeStatistics makeEdge(llvm::ArrayRef<float> values) {
  EdgeStatistics edge;
  edge.addSample(values.data(), 1, static_cast<int64_t>(values.size()),
                 [](int64_t) { return true; });
  return edge;
}

static EdgeStatistics makeGaussian(double sigma) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, static_cast<float>(sigma));
  std::vector<float> values(400000);
  for (float &value : values)
    value = normal(random);
  return makeEdge(values);
}

static Range choose(Observer observer, const EdgeStatistics &edge, const Storage &storage) {
  ObserverOptions options;
  options.observer = observer;
  return chooseRange(edge, storage, options);
}

TEST(Observers, Names) {
  EXPECT_EQ(parseObserver("minmax"), Observer::MinMax);
  EXPECT_EQ(parseObserver("moving-average"), Observer::MovingAverage);
  EXPECT_EQ(parseObserver("percentile"), Observer::Percentile);
  EXPECT_EQ(parseObserver("entropy"), Observer::Entropy);
  EXPECT_EQ(parseObserver("mse"), Observer::MeanSquare);
  EXPECT_EQ(parseObserver("MSE"), std::nullopt);
}

TEST(Observers, MinMaxContainsZero) {
  Range range = choose(Observer::MinMax, makeEdge({0.5f, 3.0f}), kAffine);
  EXPECT_EQ(range.low, 0);
  EXPECT_EQ(range.high, 3);
}

TEST(Observers, MovingAverageIsTheMeanOfTheSamplesExtremes) {
  EdgeStatistics edge = makeEdge({-1.0f, 2.0f});
  edge.merge(makeEdge({-3.0f, 5.0f}));
  Range range = choose(Observer::MovingAverage, edge, kAffine);
  EXPECT_EQ(range.low, -2);
  EXPECT_EQ(range.high, 3.5);
}

TEST(Observers, PercentileKeepsTheShareAskedFor) {
  std::vector<float> values;
  for (int i = 0; i < 1000; ++i)
    values.push_back(static_cast<float>(i) + 0.5f);
  ObserverOptions options;
  options.observer = Observer::Percentile;
  options.percentile = 0.99;
  // Bins are 0.5 wide: 990 values lie below 990.
  EXPECT_EQ(chooseRange(makeEdge(values), kNarrow, options).high, 990);
}

TEST(Observers, MeanSquareFindsTheGaussiansBestClip) {
  // 8 bits: about 3.95 sigma (algorithms, section 2).
  Range range = choose(Observer::MeanSquare, makeGaussian(2), kNarrow);
  double clip = std::max(-range.low, range.high) / 2;
  EXPECT_GT(clip, 3.7);
  EXPECT_LT(clip, 4.2);
}

TEST(Observers, MeanSquareCutsEachSideForItself) {
  // A narrow body with one far outlier above: only that side is clipped.
  std::vector<float> values(1000000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = std::sin(static_cast<float>(i));
  values.push_back(4.0f);
  Range range = choose(Observer::MeanSquare, makeEdge(values), kAffine);
  EXPECT_LT(range.high, 2.5);
  EXPECT_NEAR(range.low, -1.0, 0.03);
}

TEST(Observers, EntropyClipsTheTail) {
  EdgeStatistics edge = makeGaussian(1);
  edge.merge(makeEdge({40.0f}));
  Range range = choose(Observer::Entropy, edge, kNarrow);
  EXPECT_LT(range.high, 8.0);
  EXPECT_GT(range.high, 2.0);
}

TEST(Observers, EntropyOfFewValuesIsMinMax) {
  Range range = choose(Observer::Entropy, makeEdge({-1.0f, 7.0f, 7.0f}), kNarrow);
  EXPECT_EQ(range.low, -1);
  EXPECT_EQ(range.high, 7);
}

TEST(Observers, AnEdgeWithoutValuesHasAnEmptyRange) {
  for (Observer observer : {Observer::MinMax, Observer::MovingAverage, Observer::Percentile,
                            Observer::Entropy, Observer::MeanSquare}) {
    Range range = choose(observer, EdgeStatistics(), kAffine);
    EXPECT_EQ(range.low, 0);
    EXPECT_EQ(range.high, 0);
  }
}

/// One case of the golden vectors (affine.json): range, storage, scale, zero point.
struct Golden {
  Range range;
  Storage storage;
  double scale;
  int64_t zeroPoint;
};

TEST(Parameters, MatchTheGoldenVectors) {
  const Golden cases[] = {
      {{-1, 2}, kAffine, 0.011764705882352941, -43},
      {{0.5, 6}, {0, 255, false}, 0.023529411764705882, 0},
      {{-3, -1}, kAffine, 0.011764705882352941, 127},
      {{0, 0}, kAffine, 1, 0},
      {{-1, 2}, kNarrow, 2.0 / 127, 0},
  };
  for (const Golden &golden : cases) {
    UniformParameters found = chooseParameters(golden.range, golden.storage);
    EXPECT_EQ(found.scale, static_cast<float>(golden.scale));
    EXPECT_EQ(found.zeroPoint, golden.zeroPoint);
  }
}

TEST(Parameters, ATinyRangeKeepsANormalScale) {
  EXPECT_EQ(chooseParameters({-1e-44, 1e-44}, kNarrow).scale, 1.0);
  EXPECT_GT(chooseParameters({-3e38, 3e38}, kNarrow).scale, 1e36);
}
