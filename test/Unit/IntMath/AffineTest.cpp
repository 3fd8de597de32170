//===- AffineTest.cpp - scales, zero points, dyadic multipliers, products ------------------===//

#include "intaglio/IntMath/Affine.h"
#include "Golden.h"
#include "intaglio/IntMath/Dyadic.h"
#include "intaglio/IntMath/Product.h"

#include <cmath>
#include <limits>

using namespace intaglio::intmath;

/// C-SCALE-4.
TEST(Affine, GoldenParametersAndCodes) {
  for (const golden::Object &c : golden::load("affine").children("cases")) {
    Storage storage{c.integer("qmin"), c.integer("qmax"), c.boolean("symmetric")};
    UniformParameters found = affineParameters({c.number("rmin"), c.number("rmax")}, storage);
    EXPECT_EQ(found.scale, c.number("scale"));
    EXPECT_EQ(found.zeroPoint, c.integer("zero_point"));
    std::vector<double> x = c.numbers<double>("x"), back = c.numbers<double>("dq");
    std::vector<int32_t> q = c.numbers("q");
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(quantize(x[i], found, storage), q[i]) << x[i];
      EXPECT_EQ(dequantize(q[i], found), back[i]);
    }
  }
}

/// C-QUANTIZE-3.
TEST(Affine, InfinitiesSaturateAndNaNIsZero) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(quantize(infinity, {0.5, 3}, {-128, 127, false}), 127);
  EXPECT_EQ(quantize(-infinity, {0.5, 3}, {-128, 127, false}), -128);
  EXPECT_EQ(quantize(std::nan(""), {0.5, 3}, {-128, 127, false}), 3);
}

/// C-QUANTIZE-1: around every tie the exact quotient decides; for a float32 x and a float32 scale
/// the float64 quotient of compiled code rounds alike.
TEST(Affine, TiesAreExact) {
  golden::Random random(5);
  for (int i = 0; i < 100000; ++i) {
    auto scale = static_cast<float>(std::ldexp(1 + random.normal() * 0.01, -7));
    int64_t odd = 2 * random.between(-32768, 32767) + 1;
    auto near = static_cast<float>(static_cast<double>(scale) * static_cast<double>(odd) / 2);
    for (float x : {std::nextafter(near, -1e9F), near, std::nextafter(near, 1e9F)}) {
      // 2 * x and scale * odd are exact in float64 (25 and 41 bits).
      double twice = 2.0 * x, tie = static_cast<double>(scale) * static_cast<double>(odd);
      int64_t below = (odd - 1) / 2;
      int64_t expected = twice < tie ? below : twice > tie ? below + 1 : below + (below & 1);
      EXPECT_EQ(quantize(x, {scale, 0}, {-70000, 70000, false}), expected);
      EXPECT_EQ(std::nearbyint(static_cast<double>(x) / scale), static_cast<double>(expected));
    }
  }
}

TEST(Affine, LectureExample) {
  golden::Object c = golden::load("slide_4x4");
  std::vector<double> x = c.numbers<double>("x");
  std::vector<int32_t> slide = c.numbers("slide_q"), codes = c.numbers("code7"),
                       plain = c.numbers("plain_int8_q"), differing;
  UniformParameters back{c.number("dequant_scale"), c.integer("dequant_zero_point")};
  for (size_t i = 0; i < x.size(); ++i) {
    int64_t code = quantize(x[i], {c.number("D"), 0}, {0, 127, false});
    EXPECT_EQ(code, codes[i]);
    EXPECT_EQ(2 * code - 128, slide[i]);
    EXPECT_LE(std::fabs(dequantize(slide[i], back) - x[i]), c.number("D") / 2 + 1e-12);
    int64_t byte = quantize(x[i], back, {-128, 127, false});
    EXPECT_EQ(byte, plain[i]);
    if (byte != slide[i])
      differing.push_back(static_cast<int32_t>(i));
  }
  EXPECT_EQ(differing, c.numbers("plain_int8_disagreements"));
}

/// C-LOOKUP-2: every entry is within half a step.
TEST(Affine, ByteTableIsExactToHalfAStep) {
  UniformParameters input{0.047, 11}, output{0.021, -37};
  auto gelu = [](double x) { return x * 0.5 * (1 + std::erf(x * std::sqrt(0.5))); };
  std::array<int8_t, 256> table = byteTable(gelu, input, output);
  for (int q = -128; q < 128; ++q) {
    double wanted = gelu(input.scale * (q - 11)) / output.scale - 37;
    EXPECT_LE(std::fabs(table[q + 128] - std::fmin(std::fmax(wanted, -128), 127)), 0.5) << q;
  }
}

/// C-DYADIC-2, C-RESCALE-1.
TEST(Dyadic, GoldenRequantize) {
  for (const golden::Object &c : golden::load("requant").children("cases")) {
    std::optional<Dyadic> scale = dyadic(c.number("M"));
    ASSERT_TRUE(scale);
    EXPECT_EQ(scale->multiplier, c.integer("m"));
    EXPECT_EQ(scale->shift, c.integer("e"));
    auto acc = c.numbers<int64_t>("acc"), plain = c.numbers<int64_t>("half_up"),
         bytes = c.numbers<int64_t>("i8_half_up_z5");
    for (size_t i = 0; i < acc.size(); ++i) {
      EXPECT_EQ(requantize(acc[i], *scale, 0, 0, INT64_MIN, INT64_MAX), plain[i]);
      EXPECT_EQ(requantize(acc[i], *scale, 0, 5, -128, 127), bytes[i]);
    }
  }
}

/// The other modes in use: they differ from ours by at most one, at ties (docs/Spec.md).
TEST(Dyadic, GoldenOtherRoundings) {
  for (const golden::Object &c : golden::load("requant").children("cases")) {
    auto acc = c.numbers<int64_t>("acc"), away = c.numbers<int64_t>("half_away"),
         even = c.numbers<int64_t>("half_even");
    std::vector<int64_t> gemmlowp;
    if (c.has("gemmlowp"))
      gemmlowp = c.numbers<int64_t>("gemmlowp");
    Dyadic scale{c.integer("m"), c.integer("e")};
    for (size_t i = 0; i < acc.size(); ++i) {
      int64_t product = acc[i] * scale.multiplier, ours = rsh(product, scale.shift);
      Int128 rest = product - Int128(ours) * (Int128(1) << scale.shift);
      bool tie = rest == -(Int128(1) << (scale.shift - 1));
      EXPECT_EQ(away[i], ours - (tie && product < 0));
      EXPECT_EQ(even[i], ours - (tie && (ours & 1)));
      if (!gemmlowp.empty())
        EXPECT_LE(std::llabs(gemmlowp[i] - ours), 1);
    }
  }
}

TEST(Dyadic, LimitsAndSigns) {
  EXPECT_EQ(dyadic(0x1p-32)->multiplier, int64_t(1) << 30);
  EXPECT_EQ(dyadic(0x1p-32)->shift, 62);
  EXPECT_EQ(dyadic(0x0.ffffp-32)->multiplier, 0);
  EXPECT_EQ(dyadic(0x1.fffffp29)->shift, 1);
  EXPECT_FALSE(dyadic(0x1p30));
  EXPECT_FALSE(dyadic(std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(dyadic(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(dyadic(-0.75)->multiplier, -dyadic(0.75)->multiplier);
  // The mantissa rounds up to 2^31.
  EXPECT_EQ(dyadic(1 - 0x1p-40)->multiplier, int64_t(1) << 30);
}

TEST(Dyadic, RelativeErrorIsAtMostTwoToTheMinus31) {
  golden::Random random(3);
  for (int i = 0; i < 100000; ++i) {
    double scale =
        std::ldexp(0.5 + 0.5 * std::fabs(std::sin(i)), static_cast<int>(random.between(-30, 29)));
    std::optional<Dyadic> found = dyadic(scale);
    ASSERT_TRUE(found);
    double back =
        std::ldexp(static_cast<double>(found->multiplier), -static_cast<int>(found->shift));
    EXPECT_LE(std::fabs(back / scale - 1), 0x1p-31);
  }
}

TEST(Dyadic, CommonShiftIsThatOfTheLargest) {
  std::optional<Dyadics> found = dyadicsWithCommonShift({0.001, -0.5, 0.25, 0});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->shift, dyadic(0.5)->shift);
  EXPECT_EQ(found->multipliers, (std::vector<int32_t>{2147484, -(1 << 30), 1 << 29, 0}));
  EXPECT_FALSE(dyadicsWithCommonShift({1.0, 0x1p31}));
  EXPECT_EQ(dyadicsWithCommonShift({1e-12})->multipliers, std::vector<int32_t>{0});
  EXPECT_TRUE(dyadicsWithCommonShift({})->multipliers.empty());
}

/// C-IADD-1.
TEST(Dyadic, GoldenResidualAdd) {
  golden::Object c = golden::load("residual_add");
  std::vector<int32_t> out = c.numbers("out");
  std::vector<std::vector<int32_t>> pairs = c.matrix("pairs");
  int64_t fraction = c.integer("F");
  double left = c.number("Sa") / c.number("So"), right = c.number("Sb") / c.number("So");
  std::optional<Dyadic> l = dyadic(std::ldexp(left, 8)), r = dyadic(std::ldexp(right, 8));
  ASSERT_TRUE(l && r);
  EXPECT_EQ(l->multiplier, c.integer("ma"));
  EXPECT_EQ(l->shift, c.integer("ea") - fraction);
  for (size_t i = 0; i < pairs.size(); ++i) {
    int64_t found = addRescaled({pairs[i][0], c.integer("za"), *l},
                                {pairs[i][1], c.integer("zb"), *r}, fraction, c.integer("zo"), 8);
    EXPECT_EQ(found, out[i]);
    double real = (pairs[i][0] - 3) * left + (pairs[i][1] + 5) * right - 2;
    EXPECT_LE(std::fabs(std::fmin(std::fmax(real, -128), 127) - static_cast<double>(found)),
              0.5 + 0x1p-8);
  }
}

/// C-LINEAR-3, C-LINEAR-6.
TEST(Product, GoldenMatmul) {
  golden::Object c = golden::load("matmul");
  auto A = c.matrix("A"), W = c.matrix("W_out_in"), acc = c.matrix("acc"), out = c.matrix("out_i8"),
       shifted = c.matrix("zw3_acc");
  std::vector<int32_t> bias = c.numbers("bias_i32"), weight;
  for (const std::vector<int32_t> &row : W)
    weight.insert(weight.end(), row.begin(), row.end());
  std::optional<std::vector<int32_t>> folded =
      foldInputZeroPoint(weight, W.size(), bias, c.integer("za"));
  ASSERT_TRUE(folded);
  std::vector<double> scales = c.numbers<double>("S_w");
  std::vector<int32_t> m = c.numbers("m"), e = c.numbers("e");
  for (size_t i = 0; i < A.size(); ++i) {
    EXPECT_EQ(linearRow(A[i], weight, bias, c.integer("za"), c.integer("zw")), acc[i]);
    EXPECT_EQ(linearRow(A[i], weight, *folded), acc[i]);
    EXPECT_EQ(linearRow(A[i], weight, bias, c.integer("za"), 3), shifted[i]);
    // The u8 trick: 128 more on every x, 128 * colsum off the bias.
    std::vector<int32_t> bytes;
    for (int32_t x : A[i])
      bytes.push_back(x + 128);
    EXPECT_EQ(linearRow(bytes, weight, *foldInputZeroPoint(weight, W.size(), *folded, 128)),
              acc[i]);
    for (size_t j = 0; j < W.size(); ++j) {
      std::optional<Dyadic> scale = dyadic(c.number("S_a") * scales[j] / c.number("S_o"));
      ASSERT_TRUE(scale);
      EXPECT_EQ(scale->multiplier, m[j]);
      EXPECT_EQ(scale->shift, e[j]);
      EXPECT_EQ(requantize(acc[i][j], *scale, 0, c.integer("z_o"), -128, 127), out[i][j]);
    }
  }
}

/// Why the u8 x s8 product of AVX2 (vpmaddubsw) is not the definition: it saturates at 16 bits.
TEST(Product, GoldenSaturation) {
  golden::Object c = golden::load("matmul").child("pmaddubsw");
  auto saturating = [](const std::vector<int32_t> &a, const std::vector<int32_t> &w) {
    int64_t sum = 0;
    for (size_t i = 0; i < a.size(); i += 2)
      sum += clampToBits(a[i] * w[i] + a[i + 1] * w[i + 1], 16);
    return sum;
  };
  EXPECT_EQ(dot(c.numbers("a_u8"), c.numbers("w_s8")), c.integer("exact"));
  EXPECT_EQ(saturating(c.numbers("a_u8"), c.numbers("w_s8")), c.integer("saturated"));
  EXPECT_EQ(dot(c.numbers("a2_u8"), c.numbers("w2_s8")), c.integer("exact2"));
  EXPECT_EQ(saturating(c.numbers("a2_u8"), c.numbers("w2_s8")), c.integer("saturated2"));
}

TEST(Product, BiasThatLeavesNoRoomIsRefused) {
  EXPECT_EQ(quantizeBias(0.5, 1e-3), 500);
  EXPECT_EQ(quantizeBias(-0.0005, 1e-3), -1);
  EXPECT_FALSE(quantizeBias(0x1p31, 1.0));
  EXPECT_FALSE(quantizeBias(1.0, 0.0));
  EXPECT_FALSE(foldInputZeroPoint({127, 127}, 1, {INT32_MAX}, -1));
}
