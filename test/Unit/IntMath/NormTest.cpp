//===- NormTest.cpp - normalization of one row ---------------------------------------------===//

#include "intaglio/IntMath/Norm.h"
#include "Golden.h"

#include <cmath>

using namespace intaglio::intmath;

static void expectState(const NormalizedRow &row, const golden::Object &wanted) {
  EXPECT_EQ(row.variance, wanted.integer("V"));
  EXPECT_EQ(row.scaling, wanted.integer("k"));
  EXPECT_EQ(row.root, wanted.integer("sd"));
  EXPECT_EQ(row.reciprocal, wanted.integer("r"));
}

TEST(Norm, GoldenRows) {
  for (const golden::Object &c : golden::load("i_layernorm").children("cases")) {
    std::vector<int32_t> x = c.numbers("x");
    golden::Object wanted = c.child("minimax");
    if (!c.has("gamma")) {
      // A constant row: only epsilon is left of the variance.
      std::vector<double> ones(x.size(), 1.0);
      NormStatics statics = *normStatics(ones, ones, c.number("eps"), c.number("S_x"), 1.0);
      NormalizedRow row = normalizeRow(x, statics.epsilon);
      expectState(row, wanted.child("state"));
      EXPECT_EQ(row.values, wanted.numbers<int64_t>("norm_Q16"));
      continue;
    }
    std::optional<NormStatics> statics =
        normStatics(c.numbers<double>("gamma"), c.numbers<double>("beta"), c.number("eps"),
                    c.number("S_x"), wanted.number("S_o"));
    ASSERT_TRUE(statics);
    EXPECT_EQ(statics->epsilon, wanted.integer("eps_int"));
    EXPECT_EQ(statics->shift, wanted.integer("t"));
    EXPECT_EQ(statics->gamma, wanted.numbers("G"));
    EXPECT_EQ(statics->beta, wanted.numbers<int64_t>("B"));
    NormalizedRow row = normalizeRow(x, statics->epsilon);
    expectState(row, wanted);
    EXPECT_EQ(row.values, wanted.numbers<int64_t>("norm_Q16"));
    EXPECT_EQ(layerNormRow(x, *statics, wanted.integer("z_o"), 8), wanted.numbers("out_i8"));
    NormalizedRow rms = normalizeRow(x, statics->epsilon, /*subtractMean=*/false);
    expectState(rms, c.child("rms"));
    EXPECT_EQ(rms.values, c.child("rms").numbers<int64_t>("norm_Q16"));
  }
}

/// C-ILAYERNORM-1: below 1e-5 relative to the row's largest value, over lengths and spreads.
TEST(Norm, ErrorAgainstRealNormalization) {
  golden::Random random(4);
  for (size_t n : {2, 3, 17, 384, 1024, 8192})
    for (double spread : {1.0, 30.0, 3000.0, 12000.0})
      for (bool subtractMean : {true, false}) {
        std::vector<int32_t> x;
        for (size_t i = 0; i < n; ++i)
          x.push_back(static_cast<int32_t>(
              clampToBits(std::llround(random.normal() * spread + spread / 2), 16)));
        double mean = 0, square = 0;
        for (int32_t v : x)
          mean += subtractMean ? static_cast<double>(v) / static_cast<double>(n) : 0;
        for (int32_t v : x)
          square += (v - mean) * (v - mean) / static_cast<double>(n);
        double epsilon = 7.0 / static_cast<double>(n * n);
        NormalizedRow row = normalizeRow(x, 7, subtractMean);
        for (size_t i = 0; i < n; ++i) {
          double wanted = (x[i] - mean) / std::sqrt(square + epsilon);
          EXPECT_NEAR(static_cast<double>(row.values[i]) / 65536, wanted,
                      1e-5 * std::max(1.0, std::fabs(wanted)));
        }
      }
}

/// C-ILAYERNORM-3: the widest rows of 16 bits keep every width (they are asserted in this build).
TEST(Norm, WidestRows) {
  for (size_t n : {1, 2, 1024, 8192}) {
    std::vector<int32_t> high(n, INT16_MAX), mixed(n, INT16_MIN);
    for (size_t i = 0; i < n; i += 2)
      mixed[i] = INT16_MAX;
    for (bool subtractMean : {true, false}) {
      normalizeRow(high, 0, subtractMean);
      normalizeRow(mixed, 0, subtractMean);
    }
    EXPECT_EQ(normalizeRow(high, 0).values, std::vector<int64_t>(n, 0));
    EXPECT_EQ(normalizeRow(std::vector<int32_t>(n, 0), 0, false).values,
              std::vector<int64_t>(n, 0));
  }
}

TEST(Norm, LargeGammaLowersTheShift) {
  NormStatics statics = *normStatics({1000.0, -0.5}, {0.25, 1.0}, 1e-5, 0.01, 0.001);
  EXPECT_EQ(statics.shift, 27);
  EXPECT_EQ(statics.gamma[0], 2048000000);
  EXPECT_EQ(statics.gamma[1], -1024000);
  EXPECT_EQ(statics.beta[1], int64_t(1000) << 27);
  EXPECT_FALSE(normStatics({1e12}, {0.0}, 1e-5, 0.01, 0.001));
  EXPECT_FALSE(normStatics({1.0}, {0.0}, 1e-5, 0.0, 0.001));
  EXPECT_FALSE(normStatics({1.0}, {0.0}, 1e30, 1e-10, 0.001));
}

/// C-IRMSNORM-1.
TEST(Norm, RootMeanSquareHasNoBeta) {
  NormStatics statics = *normStatics({1.0, 2.0, -1.0, 0.0}, {}, 0, 1.0, 1.0 / 64);
  EXPECT_EQ(rmsNormRow({3, 3, 3, 3}, statics, 1, 16), (std::vector<int32_t>{65, 129, -63, 1}));
}

/// C-IL2NORMALIZE-1: within 2^-22 of the real quotient, and zeros stay zeros.
TEST(Norm, L2Normalize) {
  golden::Random random(6);
  for (int64_t limit : {1, 100, 30000, 1 << 22})
    for (size_t n : {1, 2, 384, 1000}) {
      std::vector<int32_t> x;
      double square = 0;
      for (size_t i = 0; i < n; ++i) {
        x.push_back(static_cast<int32_t>(random.between(-limit, limit)));
        square += static_cast<double>(x.back()) * x.back();
      }
      std::vector<int32_t> found = l2NormalizeRow(x);
      for (size_t i = 0; i < n; ++i)
        EXPECT_NEAR(found[i] * 0x1p-24, square > 0 ? x[i] / std::sqrt(square) : 0, 0x1p-22);
    }
  EXPECT_EQ(l2NormalizeRow({0, 0, 0}), (std::vector<int32_t>{0, 0, 0}));
  EXPECT_EQ(l2NormalizeRow({-5}), (std::vector<int32_t>{1 - (1 << 24)}));
  EXPECT_EQ(l2NormalizeRow({INT32_MAX / 2}), (std::vector<int32_t>{1 << 24}));
}
