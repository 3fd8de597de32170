//===- AccuracyTest.cpp - two programs on the same data
//----------------------------------------===//

#include "intaglio/Calibration/Accuracy.h"
#include "intaglio/Data/Npz.h"
#include "intaglio/InitAll.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace intaglio;

namespace {

/// Rows of a table, `FIRST` the row of id 1, and their mean over the tokens of the mask.
constexpr const char *program = R"(
  func.func @main(
      %ids: tensor<?x?xi64> {intaglio.name = "ids", intaglio.dims = ["batch", "sequence"]},
      %mask: tensor<?x?xi64> {intaglio.name = "mask", intaglio.dims = ["batch", "sequence"]})
      -> (tensor<?x?x2xf32> {intaglio.name = "rows"}, tensor<?x2xf32> {intaglio.name = "mean"}) {
    %table = arith.constant dense<[[0.0, 0.0], FIRST, [4.0, -3.0], [9.0, 9.0]]> : tensor<4x2xf32>
    %e = intaglio.embedding %table, %ids : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
    %p = intaglio.pool %e, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x2xf32>, tensor<?x?xi64>) -> tensor<?x2xf32>
    return %e, %p : tensor<?x?x2xf32>, tensor<?x2xf32>
  })";

class AccuracyTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("intaglio-accuracy", folder));
    mlir::DialectRegistry registry;
    intaglio::registerAllDialects(registry);
    context.appendDialectRegistry(registry);
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef first) {
    std::string text = program;
    text.replace(text.find("FIRST"), 5, first.str());
    return mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  }

  /// Samples of three tokens.
  std::string write(llvm::ArrayRef<int64_t> ids, llvm::ArrayRef<int64_t> mask) {
    std::vector<Array> arrays;
    for (auto [name, values] : {std::make_pair("ids", ids), std::make_pair("mask", mask)}) {
      char *data = nullptr;
      arrays.push_back(*makeArray(name, DType::I64, {int64_t(values.size()) / 3, 3}, data));
      std::memcpy(data, values.data(), values.size() * sizeof(int64_t));
    }
    std::string path = (folder + "/data.npz").str();
    EXPECT_FALSE(llvm::errorToBool(writeNpz(path, arrays)));
    return path;
  }

  llvm::SmallString<128> folder;
  mlir::MLIRContext context;
};

TEST_F(AccuracyTest, MeasuresRowsThatTakePart) {
  auto expected = parse("[3.0, 4.0]"), actual = parse("[4.0, 3.0]");
  // The third token of the first sample is padding, and would be far off.
  std::string path = write({1, 2, 1, 2, 0, 2}, {1, 1, 0, 1, 1, 1});
  auto accuracy = measureAccuracy(*expected, *actual, {path});
  ASSERT_TRUE(mlir::succeeded(accuracy));
  EXPECT_EQ(accuracy->samples, 2);
  const OutputAccuracy &rows = accuracy->outputs[0], &mean = accuracy->outputs[1];
  EXPECT_EQ(rows.name, "rows");
  EXPECT_EQ(rows.rows, 5);
  EXPECT_NEAR(rows.minCosine, 24.0 / 25, 1e-6);
  EXPECT_NEAR(rows.meanCosine, (24.0 / 25 + 4) / 5, 1e-6);
  EXPECT_NEAR(rows.sqnr, 10 * std::log10(4 * 25 / 2.0), 1e-4);
  EXPECT_EQ(rows.maxError, 1);
  EXPECT_EQ(mean.rows, 2);
  EXPECT_EQ(mean.maxError, 0.5);
}

TEST_F(AccuracyTest, FindsAProgramEqualToItself) {
  auto program = parse("[3.0, 4.0]");
  auto accuracy = measureAccuracy(*program, *program, {write({1, 2, 0}, {1, 1, 1})});
  ASSERT_TRUE(mlir::succeeded(accuracy));
  for (const OutputAccuracy &output : accuracy->outputs) {
    EXPECT_NEAR(output.minCosine, 1, 1e-12);
    EXPECT_EQ(output.sqnr, INFINITY);
    EXPECT_EQ(output.maxError, 0);
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  printAccuracy(*accuracy, os);
  EXPECT_EQ(text, "rows: cosine mean 1.00000 min 1.00000, SQNR inf dB, largest error 0 (3 rows of "
                  "1 samples)\nmean: cosine mean 1.00000 min 1.00000, SQNR inf dB, largest error 0 "
                  "(1 rows of 1 samples)\n");
}

} // namespace
