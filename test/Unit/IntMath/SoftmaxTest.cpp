//===- SoftmaxTest.cpp - softmax and attention of one row ----------------------------------===//

#include "intaglio/IntMath/Softmax.h"
#include "Golden.h"
#include "intaglio/IntMath/Product.h"
#include "intaglio/IntMath/Unary.h"

#include <algorithm>
#include <cmath>

using namespace intaglio::intmath;

/// The real softmax of codes of scale `scale`.
static std::vector<double> realSoftmax(const std::vector<int32_t> &x, double scale) {
  int32_t top = *std::max_element(x.begin(), x.end());
  std::vector<double> result;
  double sum = 0;
  for (int32_t code : x) {
    result.push_back(std::exp((code - top) * scale));
    sum += result.back();
  }
  for (double &value : result)
    value /= sum;
  return result;
}

TEST(Softmax, Golden) {
  for (const golden::Object &c : golden::load("i_softmax").children("cases")) {
    golden::Object wanted = c.child("minimax");
    std::optional<Dyadic> scale = softmaxScale(c.number("S"));
    ASSERT_TRUE(scale);
    EXPECT_EQ(scale->multiplier, wanted.integer("m"));
    EXPECT_EQ(scale->shift, wanted.integer("e"));
    EXPECT_EQ(softmaxRow(c.numbers("q"), *scale), wanted.numbers("out_u8"));
  }
}

/// C-ISOFTMAX-1: half a step from the real softmax, whatever the length.
TEST(Softmax, ErrorIsHalfAStep) {
  golden::Random random(11);
  for (size_t n : {1, 2, 7, 8, 9, 64, 1000, 65536}) {
    std::vector<int32_t> x;
    for (size_t i = 0; i < n; ++i)
      x.push_back(static_cast<int32_t>(random.normal() * 2 * 2048));
    std::vector<int32_t> found = softmaxRow(x, *softmaxScale(0x1p-11));
    std::vector<double> wanted = realSoftmax(x, 0x1p-11);
    for (size_t i = 0; i < n; ++i)
      EXPECT_LE(std::fabs(found[i] - std::min(wanted[i] * 256, 255.0)), 0.5 + 0.07) << n;
  }
}

/// C-ISOFTMAX-2: equal logits in rows beyond 2^3 elements need the reciprocal's second step.
TEST(Softmax, FlatRows) {
  for (int32_t n : {1, 2, 3, 8, 16, 100, 256, 511, 513, 65536}) {
    std::vector<int32_t> found = softmaxRow(std::vector<int32_t>(n, 42), *softmaxScale(0.01));
    auto expected = static_cast<int32_t>(std::min(std::floor(256.0 / n + 0.5), 255.0));
    EXPECT_EQ(found, std::vector<int32_t>(n, expected)) << n;
  }
}

TEST(Softmax, ExtremeDistances) {
  std::vector<int32_t> x{INT32_MIN, INT32_MAX, 0};
  // Twice 2^-15 below the maximum.
  EXPECT_EQ(softmaxRow(x, {INT32_MAX, 62}), (std::vector<int32_t>{85, 85, 85}));
  EXPECT_EQ(softmaxRow(x, {INT32_MAX, 40}), (std::vector<int32_t>{0, 255, 0}));
  EXPECT_EQ(softmaxRow(x, {INT32_MAX, 0}), (std::vector<int32_t>{0, 255, 0}));
  EXPECT_EQ(softmaxRow(x, {0, 0}), (std::vector<int32_t>{85, 85, 85}));
  EXPECT_TRUE(softmaxRow({}, {1, 0}).empty());
}

/// C-IATTENTION-1 to C-IATTENTION-5, C-IATTENTION-7.
TEST(Attention, GoldenRow) {
  for (const golden::Object &c : golden::load("attention_row").children("cases")) {
    std::optional<AttentionStatics> statics =
        attentionStatics(c.number("S"), c.integer("head"), c.number("S_v") / c.number("S_o"));
    ASSERT_TRUE(statics);
    EXPECT_EQ(statics->scoreShift, c.integer("ks"));
    EXPECT_EQ(statics->step, c.integer("m"));
    EXPECT_EQ(statics->rounding, c.integer("r"));
    EXPECT_EQ(statics->numerator, c.integer("N"));
    auto table = c.numbers<uint8_t>("T");
    EXPECT_TRUE(std::equal(table.begin(), table.end(), statics->table.begin()));

    auto keys = c.matrix("k");
    std::vector<int32_t> scores, values, query = c.numbers("q");
    for (const std::vector<int32_t> &key : keys)
      scores.push_back(static_cast<int32_t>(dot(query, key)));
    EXPECT_EQ(scores, c.numbers("c"));
    for (const std::vector<int32_t> &value : c.matrix("v"))
      values.insert(values.end(), value.begin(), value.end());
    std::vector<int64_t> mask(keys.size(), 1);
    for (int32_t j : c.numbers("masked"))
      mask[j] = 0;
    EXPECT_EQ(attentionRow(scores, values, mask, *statics, c.integer("z_o")), c.numbers("out"));
  }
}

/// The polynomial predecessor: numerators by exp2n. It stays as a yardstick of the table.
TEST(Attention, GoldenPolynomialPredecessor) {
  for (const golden::Object &c : golden::load("attention_polynomial").children("cases")) {
    std::vector<int32_t> q = c.numbers("q"), wanted = c.numbers("e8");
    Dyadic scale = *softmaxScale(c.number("S"));
    EXPECT_EQ(scale.multiplier, c.integer("m_s"));
    int64_t top = *std::max_element(q.begin(), q.end());
    for (size_t j = 0; j < q.size(); ++j) {
      auto t = static_cast<uint32_t>(rsh((top - q[j]) * scale.multiplier, scale.shift));
      EXPECT_EQ(std::min<int64_t>(rsh(exp2n(t), 22), 255), wanted[j]);
    }
  }
}

/// C-MASK-2, C-MASK-3: keys that are masked leave no trace, and a row without keys is the zero
/// point.
TEST(Attention, MaskedKeysContributeNothing) {
  AttentionStatics statics = *attentionStatics(1e-3, 32, 2.0);
  golden::Random random(8);
  std::vector<int32_t> scores, values, few, fewValues;
  std::vector<int64_t> mask;
  for (int j = 0; j < 50; ++j) {
    mask.push_back(j % 3 ? 0 : j + 1);
    // Masked scores are far larger than all others.
    scores.push_back(static_cast<int32_t>(mask[j] ? random.between(-30000, 30000) : 400000));
    std::vector<int32_t> value;
    for (int d = 0; d < 4; ++d)
      value.push_back(static_cast<int32_t>(random.between(-128, 127)));
    values.insert(values.end(), value.begin(), value.end());
    if (!mask[j])
      continue;
    few.push_back(scores[j]);
    fewValues.insert(fewValues.end(), value.begin(), value.end());
  }
  EXPECT_EQ(attentionRow(scores, values, mask, statics, 3),
            attentionRow(few, fewValues, {}, statics, 3));
  std::vector<int64_t> none(scores.size(), 0);
  EXPECT_EQ(attentionRow(scores, values, none, statics, 3), std::vector<int32_t>(4, 3));
  EXPECT_TRUE(attentionRow({}, {}, {}, statics, 3).empty());
}

/// Root of the mean square error against the real softmax times V, in steps of V, values of
/// standard deviation 32 and scores of 8192: the measured 0.032, 0.05, 0.024, 0.15, 0.26 and the
/// rounding of the result, a twelfth.
TEST(Attention, ErrorAgainstRealSoftmax) {
  struct Case {
    double sigma;
    int keys;
    double error;
  };
  for (const Case &c :
       {Case{0.3, 64, 0.032}, {1, 64, 0.05}, {1, 1024, 0.024}, {3, 64, 0.15}, {3, 1024, 0.26}}) {
    golden::Random random(100 + c.keys);
    constexpr int rows = 100, head = 4;
    double scale = c.sigma / 8192, squares = 0;
    AttentionStatics statics = *attentionStatics(scale, 64, 1.0);
    for (int row = 0; row < rows; ++row) {
      std::vector<int32_t> scores, values;
      for (int j = 0; j < c.keys; ++j) {
        scores.push_back(static_cast<int32_t>(random.normal() * 8192));
        for (int d = 0; d < head; ++d)
          values.push_back(
              static_cast<int32_t>(clampToBits(std::llround(random.normal() * 32), 8)));
      }
      std::vector<double> p = realSoftmax(scores, scale);
      std::vector<int32_t> found = attentionRow(scores, values, {}, statics, 0);
      for (int d = 0; d < head; ++d) {
        double wanted = 0;
        for (int j = 0; j < c.keys; ++j)
          wanted += p[j] * values[j * head + d];
        squares += (found[d] - wanted) * (found[d] - wanted);
      }
    }
    EXPECT_LE(std::sqrt(squares / (rows * head)), 1.1 * std::sqrt(c.error * c.error + 1.0 / 12))
        << c.sigma << " " << c.keys;
  }
}

TEST(Attention, StaticsOutOfRangeAreRefused) {
  EXPECT_FALSE(attentionStatics(0, 64, 1));
  EXPECT_FALSE(attentionStatics(1e-3, 0, 1));
  EXPECT_FALSE(attentionStatics(1e-3, 64, 64));
  EXPECT_FALSE(attentionStatics(std::nan(""), 64, 1));
}

/// C-IATTENTION-2, C-IATTENTION-3, C-IATTENTION-7 for scales from far too fine to far too coarse.
TEST(Attention, StaticsStayInTheirRanges) {
  for (int exponent = -30; exponent <= 6; ++exponent)
    for (int64_t head : {1, 2, 8, 31, 32, 64, 65, 128, 256}) {
      AttentionStatics statics = *attentionStatics(std::ldexp(1.37, exponent), head, 1.0);
      EXPECT_GE(statics.step, 64);
      EXPECT_LE(statics.step, 65535);
      EXPECT_EQ(statics.rounding, (65536 + statics.step) / (2 * statics.step));
      EXPECT_LE(statics.rounding, 512);
      EXPECT_EQ(statics.table[0], 255);
      EXPECT_EQ(statics.table[255], 0);
      for (int i = 0; i < 255; ++i)
        EXPECT_GE(statics.table[i], statics.table[i + 1]);
      // The distance at the maximum meets entry 0.
      EXPECT_EQ((statics.rounding * statics.step) >> 16, 0);
    }
}
