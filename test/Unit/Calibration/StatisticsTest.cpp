#include "intaglio/Calibration/Statistics.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace intaglio;

static constexpr int64_t kRows = 5, kChannels = 3;
static bool all(int64_t) { return true; }

/// `count` samples of kRows x kChannels.
static std::vector<std::vector<float>> makeSamples(size_t count) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> samples(count);
  for (std::vector<float> &sample : samples)
    for (int64_t i = 0; i < kRows * kChannels; ++i)
      sample.push_back(i % kChannels == 1 ? 0.0f : normal(random) * 10);
  return samples;
}

static Statistics collect(llvm::ArrayRef<std::vector<float>> samples) {
  Statistics statistics;
  statistics.model = "abc";
  statistics.samples = samples.size();
  EdgeStatistics &edge = statistics.edges["layer.0 \"x\""];
  for (const std::vector<float> &sample : samples)
    EXPECT_EQ(edge.addSample(sample.data(), kRows, kChannels, all), -1);
  statistics.edges["other"] = edge;
  return statistics;
}

static std::string write(const Statistics &statistics) {
  std::string text;
  llvm::raw_string_ostream os(text);
  writeStatistics(statistics, os);
  return text;
}

TEST(ExactSum, IsExactAndOrderFree) {
  const float largest = std::numeric_limits<float>::max();
  const float smallest = std::numeric_limits<float>::denorm_min();
  ExactSum sum, backwards;
  std::vector<float> values{largest, 1.0f, smallest, -largest, -0.75f, 0.0f};
  for (float value : values)
    sum.add(value);
  for (float value : llvm::reverse(values))
    backwards.add(value);
  EXPECT_TRUE(sum == backwards);
  EXPECT_EQ(sum.getMean(1), 0.25);
  ExactSum negative;
  negative.add(-3.0f);
  negative.add(-largest);
  negative.add(largest);
  EXPECT_EQ(negative.getMean(2), -1.5);
}

TEST(ExactSum, TextRoundTrip) {
  ExactSum sum, read;
  sum.add(-1e30f);
  sum.add(3.5e-40f);
  ASSERT_TRUE(read.parse(sum.toString()));
  EXPECT_TRUE(sum == read);
  for (const char *text : {"", "-", "1x", "0x10", "+1", " 1"})
    EXPECT_FALSE(read.parse(text)) << text;
  EXPECT_FALSE(read.parse(std::string(1000, '9')));
}

TEST(EdgeStatistics, PaddingIsLeftOut) {
  std::vector<float> rows{1, 2, 1e9f, -1e9f, -3, 4};
  EdgeStatistics edge;
  edge.addSample(rows.data(), 3, 2, [](int64_t row) { return row != 1; });
  EXPECT_EQ(edge.minimum, -3);
  EXPECT_EQ(edge.maximum, 4);
  EXPECT_EQ(edge.histogram.getTotal(), 4u);
  EXPECT_EQ(edge.channelMinima, (std::vector<float>{-3, 0}));
  EXPECT_EQ(edge.channelMaxima, (std::vector<float>{1, 4}));
}

TEST(EdgeStatistics, ReportsTheRowThatIsNotFinite) {
  std::vector<float> rows{1, 2, 3, std::numeric_limits<float>::quiet_NaN()};
  EdgeStatistics edge;
  EXPECT_EQ(edge.addSample(rows.data(), 2, 2, all), 1);
  EXPECT_EQ(edge.samples, 0u);
  EXPECT_EQ(edge.addSample(rows.data(), 2, 2, [](int64_t row) { return row == 0; }), -1);
  EXPECT_EQ(edge.samples, 1u);
}

TEST(EdgeStatistics, SignsOfZeroDoNotShow) {
  for (std::vector<float> rows : {std::vector<float>{0.0f, -0.0f}, {-0.0f, 0.0f}}) {
    EdgeStatistics edge;
    edge.addSample(rows.data(), 2, 1, all);
    EXPECT_FALSE(std::signbit(edge.minimum) || std::signbit(edge.maximum));
  }
}

TEST(EdgeStatistics, FindsDeadChannels) {
  Statistics statistics = collect(makeSamples(4));
  EXPECT_EQ(statistics.edges["other"].getDeadChannels(), (std::vector<int64_t>{1}));
}

TEST(Statistics, AnyOrderAndSplitGiveTheSameBytes) {
  std::vector<std::vector<float>> samples = makeSamples(40);
  std::string whole = write(collect(samples));
  std::shuffle(samples.begin(), samples.end(), std::mt19937(3));
  EXPECT_EQ(write(collect(samples)), whole);

  Statistics merged = collect(llvm::ArrayRef(samples).drop_front(11));
  EXPECT_FALSE(llvm::errorToBool(merged.merge(collect(llvm::ArrayRef(samples).take_front(11)))));
  EXPECT_EQ(write(merged), whole);
}

TEST(Statistics, FileRoundTrip) {
  Statistics statistics = collect(makeSamples(3));
  statistics.edges["never reached"];
  std::string text = write(statistics);
  llvm::Expected<Statistics> read = parseStatistics(text, "s.json");
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(write(*read), text);
  EXPECT_TRUE(read->edges == statistics.edges);
}

TEST(Statistics, RefusesToMergeAnotherModel) {
  Statistics mine = collect(makeSamples(1)), other = mine;
  other.model = "def";
  EXPECT_EQ(llvm::toString(mine.merge(other)),
            "statistics of another model: fingerprint def where abc is expected");
  other = mine;
  other.edges.erase("other");
  EXPECT_EQ(llvm::toString(mine.merge(other)), "statistics lack the edge 'other'");
  EXPECT_EQ(llvm::toString(other.merge(mine)),
            "statistics have an edge 'other' that the model does not have");
  other = mine;
  other.edges["other"].channelMinima.resize(7);
  other.edges["other"].channelMaxima.resize(7);
  EXPECT_EQ(llvm::toString(mine.merge(other)), "edge 'other' has 7 channels where 3 are expected");
}

/// The valid file with the first `from` replaced by `to`, and the error that it must give.
struct Damage {
  const char *from, *to, *error;
};

TEST(Statistics, RefusesDamagedFiles) {
  Statistics statistics;
  statistics.model = "m";
  statistics.samples = 1;
  float rows[] = {-1.0f, 2.0f};
  statistics.edges["e"].addSample(rows, 1, 2, all);
  const std::string valid = write(statistics);
  ASSERT_FALSE(llvm::errorToBool(parseStatistics(valid, "f").takeError())) << valid;

  const Damage damages[] = {
      {"{", "", "'f': is not JSON: "},
      {"intaglio-calibration", "x", "'f': is no file of calibration statistics"},
      {"\"version\":1", "\"version\":2", "'f': expects an integer 'version' from 1 to 1"},
      {"\"model\":\"m\"", "\"model\":3", "'f': expects a string 'model'"},
      {"\"samples\":1", "\"samples\":-1", "'f': expects an integer 'samples'"},
      {"\"edges\":", "\"edgs\":", "'f': expects an array 'edges'"},
      {"\"id\":\"e\",", "", "'f': expects objects with an 'id'"},
      {"\"minimum\":-1", "\"minimum\":1e39", "'f': edge 'e': expects a finite float32 'minimum'"},
      {"\"minimum\":-1", "\"minimum\":-1e-300",
       "'f': edge 'e': expects a finite float32 'minimum'"},
      {"\"minimum\":-1", "\"minimum\":5", "'f': edge 'e': 'minimum' is above 'maximum'"},
      {"\"exponent\":-9", "\"exponent\":-10", "'f': edge 'e': 'exponent' must be -9"},
      {"\"exponent\":-9", "\"exponent\":9999999999",
       "'f': edge 'e': expects an integer 'exponent'"},
      {"\"negative\":[", "\"negative\":[-4,", "'f': edge 'e': expects counts from 0 to 2^52"},
      {"\"negative\":[", "\"negative\":[0.5,", "'f': edge 'e': expects counts from 0 to 2^52"},
      {"\"sum_of_minima\":\"-", "\"sum_of_minima\":\"x",
       "'f': edge 'e': expects a decimal integer"},
      {"\"channel_minima\":[-1,", "\"channel_minima\":[null,",
       "'f': edge 'e': expects finite float32"},
      {"\"channel_minima\":[-1,", "\"channel_minima\":[", "must have one length"},
      {"\"channel_minima\":[-1,", "\"channel_minima\":[1,", "channel 0 must contain zero"},
      {"\"samples\":1,\"min", "\"samples\":0,\"min", "counts and 'samples' must be zero together"},
      {"\"id\"", "\"more\":1,\"id\"", "'f': edge 'e': unknown field 'more'"},
  };
  for (const Damage &damage : damages) {
    std::string text = valid;
    size_t position = text.find(damage.from);
    // Fields are written in one order; a damage that hits nothing tests nothing.
    ASSERT_NE(position, std::string::npos) << damage.from;
    text.replace(position, std::string(damage.from).size(), damage.to);
    llvm::Expected<Statistics> read = parseStatistics(text, "f");
    ASSERT_FALSE(bool(read)) << text;
    std::string error = llvm::toString(read.takeError());
    EXPECT_NE(error.find(damage.error), std::string::npos) << error;
  }
}

TEST(Statistics, RefusesHostileFiles) {
  for (const std::string &text :
       {std::string(1 << 20, '['), std::string("{\"format\":\"") + std::string(1 << 20, 'x'),
        std::string(), std::string("\xff\xfe\0", 3), std::string("[]"), std::string("\"\\"),
        std::string("{\"format\":\"intaglio-calibration\"")})
    EXPECT_TRUE(llvm::errorToBool(parseStatistics(text, "f").takeError()));
}

TEST(Statistics, RefusesTruncatedFiles) {
  std::string text = write(collect(makeSamples(1)));
  for (size_t size = 0; size + 2 < text.size(); size += 61)
    EXPECT_TRUE(llvm::errorToBool(parseStatistics(text.substr(0, size), "f").takeError())) << size;
}
