//===- CollectTest.cpp - statistics of a small program on data of all kinds ------------------===//

#include "intaglio/Calibration/Collect.h"
#include "intaglio/Data/Npy.h"
#include "intaglio/Data/Npz.h"
#include "intaglio/Data/Safetensors.h"
#include "intaglio/InitAll.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace intaglio;
using llvm::SmallString;

namespace {

/// An embedding, a linear layer and a relu, whose last channel never fires. Row 7 of the table is
/// beyond the floats once it is doubled.
constexpr const char *program = R"(
  func.func @main(
      %ids: tensor<?x?xi64> {intaglio.name = "ids", intaglio.dims = ["batch", "sequence"], intaglio.range = array<i64: 0, 7>},
      %mask: tensor<?x?xi64> {intaglio.name = "mask", intaglio.dims = ["batch", "sequence"], intaglio.optional})
      -> (tensor<?x?x3xf32> {intaglio.name = "y"}) attributes {intaglio.max_dims = {sequence = 6 : i64}} {
    %table = arith.constant dense<[[0.0, 1.0], [2.0, -3.0], [4.0, 5.0], [6.0, 7.0], [-1.5, 0.5], [0.1, 0.2], [0.3, 0.4], [3.0e38, 1.0]]> : tensor<8x2xf32>
    %w = arith.constant dense<[[1.0, 2.0], [2.0, 0.5], [0.0, 0.0]]> : tensor<3x2xf32>
    %e = intaglio.embedding %table, %ids : (tensor<8x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
    %o = intaglio.observe %e, %mask {id = "words"} : tensor<?x?x2xf32>, tensor<?x?xi64>
    %l = intaglio.linear %o, %w : (tensor<?x?x2xf32>, tensor<3x2xf32>) -> tensor<?x?x3xf32>
    %r = intaglio.relu %l : (tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
    %p = intaglio.observe %r, %mask {id = "relu"} : tensor<?x?x3xf32>, tensor<?x?xi64>
    return %p : tensor<?x?x3xf32>
  })";

/// Integer samples of one length each.
struct Samples {
  std::vector<std::vector<int64_t>> ids, mask;

  Samples slice(size_t begin, size_t end) const {
    return {{ids.begin() + begin, ids.begin() + end}, {mask.begin() + begin, mask.begin() + end}};
  }
};

Array toArray(llvm::StringRef name, const std::vector<std::vector<int64_t>> &rows,
              DType dtype = DType::I64) {
  char *data = nullptr;
  int64_t width = rows.empty() ? 4 : rows.front().size();
  Array array = *makeArray(name, dtype, {int64_t(rows.size()), width}, data);
  for (const std::vector<int64_t> &row : rows)
    for (int64_t value : row) {
      std::memcpy(data, &value, sizeOf(dtype)); // little endian
      data += sizeOf(dtype);
    }
  return array;
}

class Collect : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("intaglio-collect", folder));
    mlir::DialectRegistry registry;
    intaglio::registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    context.getDiagEngine().registerHandler([&](mlir::Diagnostic &diagnostic) {
      std::string text;
      llvm::raw_string_ostream os(text);
      auto file = llvm::dyn_cast<mlir::FileLineColLoc>(diagnostic.getLocation());
      if (file && file.getFilename().strref().contains('/'))
        os << llvm::StringRef(file.getFilename()).rsplit('/').second << ": ";
      os << diagnostic;
      // Folders of temporary files have another name each time.
      size_t position = text.find(folder.c_str());
      if (position != std::string::npos)
        text.erase(position, folder.size() + 1);
      messages.push_back(text);
      return mlir::success();
    });
    module = mlir::parseSourceString<mlir::ModuleOp>(program, &context);
    ASSERT_TRUE(bool(module));
    for (int64_t s = 0; s < 23; ++s) {
      samples.ids.push_back({s % 7, s % 5, 7, s % 3});
      samples.mask.push_back({1, s % 2, 0, s % 4 == 0});
    }
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) { return (folder + "/" + name).str(); }

  std::string writeNpz(llvm::StringRef name, llvm::ArrayRef<Array> arrays) {
    EXPECT_FALSE(llvm::errorToBool(intaglio::writeNpz(path(name), arrays)));
    return path(name);
  }
  std::string writeNpz(llvm::StringRef name, const Samples &some) {
    return writeNpz(name, {toArray("mask", some.mask), toArray("ids", some.ids)});
  }

  /// The file of statistics that these data give; empty on failure.
  std::string collect(llvm::ArrayRef<std::string> paths, const CollectOptions &options = {}) {
    messages.clear();
    auto statistics = collectStatistics(*module, paths, options);
    std::string text;
    llvm::raw_string_ostream os(text);
    if (mlir::succeeded(statistics))
      writeStatistics(*statistics, os);
    return text;
  }

  /// The one message of a failure.
  std::string errorOf(llvm::ArrayRef<std::string> paths) {
    EXPECT_EQ(collect(paths), "");
    EXPECT_EQ(messages.size(), 1u);
    return messages.empty() ? "" : messages.front();
  }

  SmallString<128> folder;
  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<std::string> messages;
  Samples samples;
};

TEST_F(Collect, CountsWhatTheMaskLets) {
  Samples one{{{1, 4, 7, 2}}, {{1, 1, 0, 1}}};
  auto statistics = collectStatistics(*module, {writeNpz("a.npz", one)});
  ASSERT_TRUE(mlir::succeeded(statistics));
  EXPECT_EQ(statistics->samples, 1u);
  const EdgeStatistics &words = statistics->edges["words"], &relu = statistics->edges["relu"];
  EXPECT_EQ(words.channelMinima, (std::vector<float>{-1.5, -3}));
  EXPECT_EQ(words.channelMaxima, (std::vector<float>{4, 5}));
  EXPECT_EQ(words.histogram.getTotal(), 6u);
  EXPECT_EQ(relu.channelMaxima, (std::vector<float>{14, 10.5, 0}));
  EXPECT_EQ(messages,
            std::vector<std::string>{"the edge 'relu' is zero in all rows of 1 of 3 channels: 2"});
}

TEST_F(Collect, AnyBatchThreadsAndProgressGiveTheSameBytes) {
  std::string file = writeNpz("a.npz", samples), whole = collect({file});
  ASSERT_NE(whole, "");
  for (int64_t batch : {1, 7, 100})
    for (int threads : {1, 3}) {
      CollectOptions options;
      options.batchSize = batch;
      options.threads = threads;
      EXPECT_EQ(collect({file}, options), whole) << batch << " " << threads;
    }
}

TEST_F(Collect, AnyOrderSplitAndContainerGivesTheSameBytes) {
  std::string whole = collect({writeNpz("a.npz", samples)});
  ASSERT_NE(whole, "");
  std::string first = writeNpz("first.npz", samples.slice(0, 9));
  std::string second = writeNpz("second.npz", samples.slice(9, 23));
  EXPECT_EQ(collect({first, second}), whole);
  EXPECT_EQ(collect({second, first}), whole);

  Array arrays[] = {toArray("mask", samples.mask), toArray("ids", samples.ids)};
  ASSERT_FALSE(llvm::errorToBool(writeSafetensors(path("a.safetensors"), arrays)));
  EXPECT_EQ(collect({path("a.safetensors")}), whole);
  ASSERT_FALSE(llvm::sys::fs::create_directory(path("a")));
  for (const Array &array : arrays)
    ASSERT_FALSE(llvm::errorToBool(writeNpy(path("a/" + array.name + ".npy"), array)));
  EXPECT_EQ(collect({path("a")}), whole);

  std::reverse(samples.ids.begin(), samples.ids.end());
  std::reverse(samples.mask.begin(), samples.mask.end());
  EXPECT_EQ(collect({writeNpz("b.npz", samples)}), whole);
}

TEST_F(Collect, AddsSavedStatistics) {
  auto save = [&](llvm::StringRef name, const std::string &text) {
    std::error_code code;
    llvm::raw_fd_ostream(path(name), code) << text;
    EXPECT_FALSE(code);
    return path(name);
  };
  std::string whole = collect({writeNpz("a.npz", samples)});
  std::string first = writeNpz("first.npz", samples.slice(0, 9));
  std::string second = writeNpz("second.npz", samples.slice(9, 23));
  std::string saved = save("first.json", collect({first}));
  std::string more = save("second.json", collect({second}));
  EXPECT_EQ(collect({saved, second}), whole);
  EXPECT_EQ(collect({first, more}), whole);
  EXPECT_EQ(collect({more, saved}), whole);

  std::string other = collect({first});
  other.replace(other.find("\"model\":\"") + 9, 4, "0000");
  EXPECT_NE(errorOf({second, save("other.json", other)})
                .find("other.json: statistics of another model: fingerprint 0000"),
            std::string::npos);
  EXPECT_EQ(errorOf({save("broken.json", "{}")}).find("broken.json: "), 0u);
}

TEST_F(Collect, RefusesWrongArrays) {
  Array ids = toArray("ids", samples.ids), mask = toArray("mask", samples.mask);
  EXPECT_EQ(errorOf({writeNpz("a.npz", {mask})}),
            "a.npz: no array for the input 'ids': the inputs are ids, mask (optional)");
  EXPECT_EQ(errorOf({writeNpz("a.npz", {ids, toArray("labels", samples.mask)})}),
            "a.npz: the model has no input 'labels': its inputs are ids, mask (optional)");
  EXPECT_EQ(errorOf({writeNpz("a.npz", {toArray("ids", samples.ids, DType::I32)})}),
            "a.npz: input 'ids': expected int64, found int32");
  EXPECT_EQ(errorOf({writeNpz("a.npz", {ids, toArray("mask", samples.slice(0, 5).mask)})}),
            "a.npz: input 'mask' has 5 samples where 'ids' has 23");
  EXPECT_EQ(errorOf({writeNpz("a.npz", {toArray("ids", {})})}),
            "a.npz: no samples: the first axis of its arrays is empty");
  EXPECT_EQ(errorOf({writeNpz("a.npz", {toArray("ids", {{0, 0, 0, 0, 0, 0, 0}})})}),
            "a.npz: input 'ids': 'sequence' is 7, above the model's largest, 6");
  EXPECT_EQ(errorOf({writeNpz("a.npz", {ids, toArray("mask", {{1, 1}})})}),
            "a.npz: input 'mask': 'sequence' is 2 where 'ids' has 4");
  ids.shape = {23 * 4};
  EXPECT_EQ(errorOf({writeNpz("a.npz", {ids})}),
            "a.npz: input 'ids': expected the shape [batch, sequence], found [1]");
  EXPECT_EQ(errorOf({path("none.npz")}).find("none.npz: not a readable .npz file"), 0u);
  EXPECT_EQ(errorOf({}), "no calibration data are given");
}

TEST_F(Collect, RefusesWrongElements) {
  samples.ids[17][1] = 8;
  samples.ids[19][2] = -1;
  EXPECT_EQ(errorOf({writeNpz("a.npz", samples)}),
            "a.npz: input 'ids': element [17, 1] is 8, outside of 0 to 7");
}

TEST_F(Collect, RefusesWhatIsNotFinite) {
  samples.mask[5][2] = 1;
  samples.mask[9][2] = 1;
  EXPECT_EQ(errorOf({writeNpz("a.npz", samples)}),
            "the edge 'relu' has NaN or infinity for sample 5 of a.npz");
}

TEST_F(Collect, WarnsOfSamplesWithoutTokens) {
  samples.mask[4] = samples.mask[8] = {0, 0, 0, 0};
  EXPECT_NE(collect({writeNpz("a.npz", samples)}), "");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages.front(), "a.npz: nothing but padding in 2 of the samples: 4, 8");
}

TEST_F(Collect, RefusesTruncatedFiles) {
  std::string file = writeNpz("a.npz", samples);
  std::string bytes = (*llvm::MemoryBuffer::getFile(file))->getBuffer().str();
  for (size_t size = 0; size < bytes.size(); size += 97) {
    std::error_code code;
    llvm::raw_fd_ostream(path("cut.npz"), code) << llvm::StringRef(bytes).take_front(size);
    EXPECT_EQ(errorOf({path("cut.npz")}).find("cut.npz"), 0u);
  }
}

TEST_F(Collect, ShowsALineForEachTenth) {
  std::string text;
  llvm::raw_string_ostream os(text);
  CollectOptions options;
  options.progress = &os;
  ASSERT_NE(collect({writeNpz("a.npz", samples)}, options), "");
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 10u);
  EXPECT_TRUE(llvm::StringRef(text).starts_with("calibrate: 10 % (3 of 23 samples)\n")) << text;
  EXPECT_TRUE(llvm::StringRef(text).ends_with("calibrate: 100 % (23 of 23 samples)\n")) << text;
}

TEST_F(Collect, FingerprintTellsProgramsApart) {
  auto fingerprintOf = [&](llvm::StringRef from, llvm::StringRef to) {
    std::string text = program;
    for (size_t at = 0; (at = text.find(from.str(), at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to.str());
    auto other = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    return other ? fingerprint(*other) : "";
  };
  std::string mine = fingerprint(*module);
  EXPECT_EQ(mine.size(), 32u);
  EXPECT_EQ(fingerprintOf("%l", "%renamed"), mine);
  EXPECT_EQ(fingerprintOf("\"relu\"", "\"another edge\""), mine);
  EXPECT_NE(fingerprintOf("-3.0", "-3.5"), mine);
  EXPECT_NE(fingerprintOf("intaglio.relu", "intaglio.tanh"), mine);
  EXPECT_NE(fingerprintOf("\"ids\"", "\"tokens\""), mine);
}

} // namespace
