//===- SequenceTest.cpp - embeddings, rotary positions, pooling ----------------------------===//

#include "intaglio/IntMath/Sequence.h"
#include "Golden.h"

#include <cmath>

using namespace intaglio::intmath;

TEST(Rope, Golden) {
  for (const golden::Object &c : golden::load("rope").children("cases")) {
    RopeAngles angles = ropeAngles(c.integer("pos"), c.integer("d"), c.number("base"));
    EXPECT_EQ(angles.cosine, c.numbers<int16_t>("cos_Q14"));
    EXPECT_EQ(angles.sine, c.numbers<int16_t>("sin_Q14"));
    EXPECT_EQ(rope(c.numbers("q"), angles.cosine, angles.sine), c.numbers("out"));
  }
}

/// C-IROPE-1: adjacent pairs are the same rotation of other elements.
TEST(Rope, Interleaved) {
  RopeAngles angles = ropeAngles(3, 6);
  std::vector<int32_t> halves{1, 20, -30, 44, -50, 127}, pairs{1, 44, 20, -50, -30, 127};
  std::vector<int32_t> a = rope(halves, angles.cosine, angles.sine);
  EXPECT_EQ(rope(pairs, angles.cosine, angles.sine, true),
            (std::vector<int32_t>{a[0], a[3], a[1], a[4], a[2], a[5]}));
}

/// C-IROPE-2: bytes give at most 181.
TEST(Rope, LargestResult) {
  int32_t largest = 0;
  for (int64_t position = 0; position < 2000; ++position) {
    RopeAngles angles = ropeAngles(position, 2);
    for (int32_t a : {-128, 127})
      for (int32_t b : {-128, 127})
        for (int32_t y : rope({a, b}, angles.cosine, angles.sine))
          largest = std::max(largest, std::abs(y));
  }
  EXPECT_EQ(largest, 181);
}

/// C-IEMBEDDING-1.
TEST(Embedding, RowToOneScale) {
  // 2^-3: rounds half up, then adds the zero point and clamps.
  EXPECT_EQ(embeddingRow({4, -4, 12, 127, -127}, {1 << 27, 30}, 120, 8),
            (std::vector<int32_t>{121, 120, 122, 127, 104}));
  EXPECT_EQ(embeddingRow({127}, {INT32_MAX, 20}, 0, 16), std::vector<int32_t>{INT16_MAX});
}

/// C-IPOOL-1: the mean with 8 more fraction bits, to 1 / count of 2^-30.
TEST(Pool, Mean) {
  EXPECT_EQ(poolMean(0, 0), 0);
  EXPECT_EQ(poolMean(-300, 3), -100 * 256);
  EXPECT_EQ(poolMean(7, 2), 896);
  golden::Random random(9);
  for (int64_t count : {1, 2, 3, 100, 512, 4096, 65536})
    for (int i = 0; i < 100; ++i) {
      int64_t sum = random.between(-32768 * count, 32767 * count);
      double wanted = static_cast<double>(sum) / static_cast<double>(count) * 256;
      EXPECT_NEAR(poolMean(sum, count), wanted,
                  0.5 + 0x1p-22 * std::fabs(static_cast<double>(sum)));
    }
}
