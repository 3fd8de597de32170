//===- IbertTest.cpp - the operators of I-BERT as published --------------------------------===//

#include "intaglio/IntMath/Ibert.h"
#include "Golden.h"

#include <algorithm>
#include <cmath>

using namespace intaglio::intmath;

/// C-IBERTSOFTMAX-1.
TEST(Ibert, GoldenExp) {
  for (const golden::Object &c : golden::load("i_exp").children("cases")) {
    std::optional<IbertExpStatics> statics = ibertExpStatics(c.number("S"));
    ASSERT_TRUE(statics);
    EXPECT_EQ(statics->ln2, c.integer("q_ln2"));
    EXPECT_EQ(statics->b, c.integer("b"));
    EXPECT_EQ(statics->c, c.integer("c"));
    EXPECT_EQ(statics->n, c.integer("n"));
    EXPECT_DOUBLE_EQ(statics->outputScale, c.number("out_scale"));
    auto q = c.numbers<int64_t>("q"), exp = c.numbers<int64_t>("exp");
    for (size_t i = 0; i < q.size(); ++i)
      EXPECT_EQ(ibertExp(q[i], *statics), exp[i]) << q[i];
  }
}

TEST(Ibert, ExpScalesOutOfRangeAreRefused) {
  EXPECT_TRUE(ibertExpStatics(1.9e-5));
  EXPECT_FALSE(ibertExpStatics(1.8e-5));
  EXPECT_FALSE(ibertExpStatics(0.7));
  EXPECT_FALSE(ibertExpStatics(0));
}

/// C-IBERTSOFTMAX-2.
TEST(Ibert, GoldenSoftmax) {
  for (const golden::Object &c : golden::load("i_softmax").children("cases")) {
    golden::Object wanted = c.child("ibert");
    std::optional<IbertSoftmaxStatics> statics =
        ibertSoftmaxStatics(c.number("S"), wanted.number("act_max"));
    ASSERT_TRUE(statics);
    EXPECT_EQ(statics->scale.multiplier, wanted.integer("m"));
    EXPECT_EQ(statics->scale.shift, wanted.integer("e"));
    EXPECT_EQ(ibertSoftmaxRow(c.numbers("q"), *statics), wanted.numbers("out_u8"));
  }
}

/// C-IBERTGELU-1.
TEST(Ibert, GoldenGelu) {
  for (const golden::Object &c : golden::load("i_gelu").children("cases")) {
    std::optional<IbertGeluStatics> statics =
        ibertGeluStaticsWithBits(c.number("S"), c.integer("n"));
    ASSERT_TRUE(statics);
    EXPECT_EQ(statics->b, c.integer("b"));
    EXPECT_EQ(statics->c, c.integer("c"));
    EXPECT_EQ(statics->one, c.integer("shift_one"));
    EXPECT_DOUBLE_EQ(statics->outputScale, c.number("out_scale"));
    auto q = c.numbers<int64_t>("q"), erf = c.numbers<int64_t>("erf"),
         out = c.numbers<int64_t>("out");
    for (size_t i = 0; i < q.size(); ++i) {
      EXPECT_EQ(ibertErf(q[i], *statics), erf[i]) << q[i];
      EXPECT_EQ(ibertGelu(q[i], *statics), out[i]) << q[i];
    }
  }
}

/// C-IBERTGELU-2: with `n` chosen, results fit 32 bits and the error stays that of the polynomial
/// at every scale (with n = 14 it is 19.7 at a scale of 0.05).
TEST(Ibert, GeluAtCoarseAndFineScales) {
  for (double scale : {1e-4, 1e-3, 5e-3, 1e-2, 5e-2, 0.1}) {
    auto limit = static_cast<int64_t>(8 / scale);
    std::optional<IbertGeluStatics> statics = ibertGeluStatics(scale, limit);
    ASSERT_TRUE(statics) << scale;
    for (int64_t q = -limit; q <= limit; q += 1 + limit / 5000) {
      int64_t found = ibertGelu(q, *statics);
      EXPECT_TRUE(fitsSigned(found, 32)) << scale << " " << q;
      double x = static_cast<double>(q) * scale;
      EXPECT_NEAR(static_cast<double>(found) * statics->outputScale,
                  x * 0.5 * std::erfc(-x * std::sqrt(0.5)), 0.019 + 0.25 * scale)
          << scale << " " << q;
    }
  }
  EXPECT_FALSE(ibertGeluStatics(0, 1));
  EXPECT_FALSE(ibertGeluStatics(1e-4, int64_t(1) << 31));
}

/// C-IBERTLAYERNORM-1.
TEST(Ibert, GoldenLayerNorm) {
  for (const golden::Object &c : golden::load("i_layernorm").children("cases")) {
    if (!c.has("ibert"))
      continue;
    golden::Object wanted = c.child("ibert");
    std::vector<double> gamma = c.numbers<double>("gamma"), beta = c.numbers<double>("beta");
    std::optional<IbertNormStatics> statics =
        ibertNormStatics(gamma, beta, 0.03, wanted.integer("shift"));
    ASSERT_TRUE(statics);
    EXPECT_EQ(statics->bias, wanted.numbers<int64_t>("bias"));
    std::vector<int32_t> x = c.numbers("x");
    IbertNormalizedRow row = ibertNormalizeRow(x, statics->bias, statics->prescale);
    EXPECT_EQ(row.mean, wanted.integer("mean"));
    EXPECT_EQ(row.variance, wanted.integer("var"));
    EXPECT_EQ(row.std, wanted.integer("std"));
    EXPECT_EQ(row.factor, wanted.integer("factor"));
    EXPECT_EQ(row.values, wanted.numbers<int64_t>("out"));
    // The last rescale brings every channel to steps of 0.03.
    std::vector<int32_t> codes = ibertLayerNormRow(x, *statics, 4, 8);
    double root = std::sqrt(static_cast<double>(x.size()));
    for (size_t i = 0; i < x.size(); ++i) {
      double real = static_cast<double>(row.values[i]) * gamma[i] * root * 0x1p-30 / 0.03 + 4;
      EXPECT_NEAR(codes[i], std::clamp(real, -128.0, 127.0), 0.501);
    }
  }
}

/// C-IBERTLAYERNORM-2: a constant row gives beta, whatever gamma is.
TEST(Ibert, LayerNormOfConstantRowsAndSmallGamma) {
  std::vector<double> gamma{1.0, 0.0, -0.5, 1e-9}, beta{0.3, -0.2, 0.1, 0.4};
  IbertNormStatics statics = *ibertNormStatics(gamma, beta, 0.01);
  EXPECT_EQ(ibertLayerNormRow({7, 7, 7, 7}, statics, 0, 8),
            (std::vector<int32_t>{30, -20, 10, 40}));
  std::vector<int32_t> found = ibertLayerNormRow({3000, -3000, 3000, -3000}, statics, 0, 16);
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found[i], ((i % 2 ? -1 : 1) * gamma[i] + beta[i]) / 0.01, 0.51);
  EXPECT_FALSE(ibertNormStatics({0.0}, {1.0}, 0.01));
  EXPECT_FALSE(ibertNormStatics({1.0}, {1.0}, 0.01, 16));
}

/// The mean rounds half to even.
TEST(Ibert, LayerNormMean) {
  auto mean = [](std::vector<int32_t> x) {
    return ibertNormalizeRow(x, std::vector<int64_t>(x.size(), 0), 0).mean;
  };
  EXPECT_EQ(mean({1, 2}), 2);
  EXPECT_EQ(mean({2, 3}), 2);
  EXPECT_EQ(mean({-1, -2}), -2);
  EXPECT_EQ(mean({-2, -3}), -2);
  EXPECT_EQ(mean({-1, 0, 0}), 0);
  EXPECT_EQ(mean({-1, -1, 0}), -1);
}

/// C-IBERTATTENTION-1: softmax of the keys that take part, times V.
TEST(Ibert, AttentionRow) {
  IbertSoftmaxStatics statics = *ibertSoftmaxStatics(0x1p-10);
  std::vector<int32_t> scores{100, 5000, 900, -2000}, values{10, -10, 100, 20, -100, 40, 3, 3};
  std::vector<int64_t> mask{1, 0, 7, 1};
  std::vector<int32_t> weights = ibertSoftmaxRow({100, 900, -2000}, statics);
  Dyadic output = *dyadic(1.0 / 256);
  std::vector<int32_t> expected;
  for (size_t d = 0; d < 2; ++d)
    expected.push_back(static_cast<int32_t>(
        rsh(weights[0] * values[d] + weights[1] * values[4 + d] + weights[2] * values[6 + d], 8) +
        5));
  EXPECT_EQ(ibertAttentionRow(scores, values, mask, statics, output, 5), expected);
  EXPECT_EQ(ibertAttentionRow(scores, values, {0, 0, 0, 0}, statics, output, 5),
            (std::vector<int32_t>{5, 5}));
}
