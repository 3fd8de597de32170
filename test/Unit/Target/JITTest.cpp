//===- JITTest.cpp - compiled programs in this process ---------------------------------------===//

#include "intaglio/Target/JIT.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/InitAll.h"
#include "intaglio/Target/Inputs.h"

#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace intaglio;

namespace {

/// y = x * w^T + b, seen by an observer, then relu; and ids pass through an embedding.
constexpr const char *program = R"(
  func.func @main(
      %x: tensor<?x?x2xf32> {intaglio.name = "x", intaglio.dims = ["batch", "sequence", "2"]},
      %mask: tensor<?x?xi64> {intaglio.name = "mask", intaglio.dims = ["batch", "sequence"]},
      %ids: tensor<?x?xi64> {intaglio.name = "ids", intaglio.dims = ["batch", "sequence"],
                             intaglio.optional, intaglio.range = array<i64: 0, 3>})
      -> (tensor<?x?x3xf32> {intaglio.name = "y"}, tensor<?x?x2xf32> {intaglio.name = "e"})
      attributes {intaglio.max_dims = {sequence = 8 : i64}} {
    %w = arith.constant dense<[[1.0, 2.0], [-1.0, 0.5], [0.0, 4.0]]> : tensor<3x2xf32>
    %b = arith.constant dense<[0.5, 0.25, -8.0]> : tensor<3xf32>
    %table = arith.constant dense<[[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]> : tensor<4x2xf32>
    %l = intaglio.linear %x, %w, %b : (tensor<?x?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x?x3xf32>
    %o = intaglio.observe %l, %mask {id = "linear"} : tensor<?x?x3xf32>, tensor<?x?xi64>
    %r = intaglio.relu %o : (tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
    %e = intaglio.embedding %table, %ids : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
    return %r, %e : tensor<?x?x3xf32>, tensor<?x?x2xf32>
  })";

template <typename T>
Array makeInput(llvm::StringRef name, DType dtype, llvm::ArrayRef<int64_t> shape,
                llvm::ArrayRef<T> values) {
  char *data = nullptr;
  Array array = *makeArray(name, dtype, shape, data);
  std::memcpy(data, values.data(), array.bytes.size());
  return array;
}

template <typename T>
std::vector<T> valuesOf(const Array &array) {
  std::vector<T> values(array.bytes.size() / sizeof(T));
  std::memcpy(values.data(), array.bytes.data(), array.bytes.size());
  return values;
}

/// Attention of two heads of 8 channels.
constexpr const char *attention = R"(
  func.func @main(%x: tensor<?x?x16xf32> {intaglio.name = "x"}, %mask: tensor<?x?xi64> {intaglio.name = "mask"})
      -> (tensor<?x?x16xf32> {intaglio.name = "y"}) {
    %y = intaglio.attention %x, %x, %x, %mask {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x16xf32>, tensor<?x?x16xf32>, tensor<?x?x16xf32>, tensor<?x?xi64>) -> tensor<?x?x16xf32>
    return %y : tensor<?x?x16xf32>
  })";

class JIT : public testing::Test {
protected:
  void SetUp() override {
    mlir::DialectRegistry registry;
    intaglio::registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    auto module = mlir::parseSourceString<mlir::ModuleOp>(program, &context);
    ASSERT_TRUE(bool(module));
    auto compiled = compileToLLVM(*module);
    ASSERT_TRUE(mlir::succeeded(compiled));
    auto created = JitModel::create(std::move(*compiled));
    ASSERT_TRUE(bool(created)) << llvm::toString(created.takeError());
    model = std::move(*created);
  }

  /// The message of a run that must fail.
  std::string errorOf(llvm::ArrayRef<Array> inputs, int threads = 1) {
    auto outputs = model->run(inputs, threads);
    return outputs ? "" : llvm::toString(outputs.takeError());
  }

  mlir::MLIRContext context;
  std::unique_ptr<JitModel> model;
  Array x = makeInput<float>("x", DType::F32, {1, 2, 2}, {1, 2, -3, 4});
  Array mask = makeInput<int64_t>("mask", DType::I64, {1, 2}, {1, 0});
  Array ids = makeInput<int64_t>("ids", DType::I64, {1, 2}, {3, 1});
};

TEST_F(JIT, RunsOnAnyNumberOfThreads) {
  for (int threads : {1, 2, 5}) {
    auto outputs = model->run({ids, x, mask}, threads);
    ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
    EXPECT_EQ((*outputs)[0].name, "y");
    EXPECT_EQ(llvm::ArrayRef<int64_t>((*outputs)[0].shape), llvm::ArrayRef<int64_t>({1, 2, 3}));
    EXPECT_EQ(valuesOf<float>((*outputs)[0]), (std::vector<float>{5.5, 0.25, 0, 5.5, 5.25, 8}));
    EXPECT_EQ(valuesOf<float>((*outputs)[1]), (std::vector<float>{6, 7, 2, 3}));
  }
}

TEST_F(JIT, ReadsZerosForAMissingOptionalInput) {
  auto outputs = model->run({x, mask});
  ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
  EXPECT_EQ(valuesOf<float>((*outputs)[1]), (std::vector<float>{0, 1, 0, 1}));
}

TEST_F(JIT, ShowsObservedEdges) {
  EXPECT_EQ(model->getInfo().observed, std::vector<std::string>{"linear"});
  std::vector<float> seen;
  std::vector<int64_t> seenMask;
  auto observe = [&](int32_t edge, const float *data, const int64_t *mask, int64_t rows,
                     int64_t columns) {
    EXPECT_EQ(edge, 0);
    EXPECT_EQ(columns, 3);
    seen.assign(data, data + rows * columns);
    seenMask.assign(mask, mask + rows);
  };
  auto outputs = model->run({x, mask}, 2, ObserveFn(observe));
  ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
  EXPECT_EQ(seen, (std::vector<float>{5.5, 0.25, 0, 5.5, 5.25, 8}));
  EXPECT_EQ(seenMask, (std::vector<int64_t>{1, 0}));
}

TEST_F(JIT, RefusesWrongNames) {
  EXPECT_EQ(errorOf({x}), "no array for the input 'mask': the inputs are x, mask, ids (optional)");
  Array other = ids;
  other.name = "idz";
  EXPECT_EQ(errorOf({x, mask, other}),
            "the model has no input 'idz': its inputs are x, mask, ids (optional)");
  EXPECT_EQ(errorOf({x, mask, x}), "input 'x': given twice");
}

TEST_F(JIT, RefusesWrongTypesAndShapes) {
  Array narrow = makeInput<int32_t>("mask", DType::I32, {1, 2}, {1, 0});
  EXPECT_EQ(errorOf({x, narrow}), "input 'mask': expected int64, found int32");
  Array flat = makeInput<int64_t>("mask", DType::I64, {2}, {1, 0});
  EXPECT_EQ(errorOf({x, flat}), "input 'mask': expected the shape [batch, sequence], found [2]");
  Array wide = makeInput<float>("x", DType::F32, {1, 1, 4}, {1, 2, 3, 4});
  EXPECT_EQ(errorOf({wide, mask}),
            "input 'x': expected the shape [batch, sequence, 2], found [1, 1, 4]");
  Array longer = makeInput<int64_t>("mask", DType::I64, {1, 3}, {1, 1, 1});
  EXPECT_EQ(errorOf({x, longer}), "input 'mask': 'sequence' is 3 where 'x' has 2");
  Array longest = makeInput<int64_t>("mask", DType::I64, {0, 9}, {});
  Array empty = makeInput<float>("x", DType::F32, {0, 9, 2}, {});
  EXPECT_EQ(errorOf({empty, longest}), "input 'x': 'sequence' is 9, above the model's largest, 8");
}

TEST_F(JIT, RefusesWrongElements) {
  Array high = makeInput<int64_t>("ids", DType::I64, {1, 2}, {3, 4});
  EXPECT_EQ(errorOf({x, mask, high}), "input 'ids': element [0, 1] is 4, outside of 0 to 3");
  Array nan = makeInput<float>("x", DType::F32, {1, 2, 2}, {1, 2, NAN, 4});
  EXPECT_EQ(errorOf({nan, mask}), "input 'x': element [0, 1, 0] is NaN");
  Array infinite = makeInput<float>("x", DType::F32, {1, 2, 2}, {1, -INFINITY, 3, 4});
  EXPECT_EQ(errorOf({infinite, mask}), "input 'x': element [0, 0, 1] is infinite");
  EXPECT_EQ(errorOf({x, mask}, 0), "the number of threads is not in 1 to 1024");
}

/// Kernels for this machine work on whole registers: what these hold beyond the sequence must not
/// show, nor what else there is in the batch.
TEST_F(JIT, AttentionOfAnyLengthReadsNothingElse) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(attention, &context);
  JitOptions options;
  options.poisonArena = true;
  auto poisoned = compileInProcess(*module, options), plain = compileInProcess(*module);
  ASSERT_TRUE(mlir::succeeded(poisoned) && mlir::succeeded(plain));
  for (int64_t length : {1, 2, 15, 16, 17, 31, 33, 35, 64, 65, 100}) {
    std::vector<float> values;
    for (int64_t i = 0; i < 2 * length * 16; ++i)
      values.push_back(std::sin(float(i)));
    std::vector<int64_t> flags(2 * length, 1);
    flags[length - 1] = length == 1;
    Array both = makeInput<float>("x", DType::F32, {2, length, 16}, values);
    Array mask = makeInput<int64_t>("mask", DType::I64, {2, length}, flags);
    auto expected = (*plain)->run({both, mask}), found = (*poisoned)->run({both, mask}, 2);
    ASSERT_TRUE(bool(expected) && bool(found));
    std::vector<float> y = valuesOf<float>((*found)[0]);
    EXPECT_EQ(valuesOf<float>((*expected)[0]), y) << length;
    for (float value : y)
      ASSERT_TRUE(std::isfinite(value)) << length;
    // The second sequence alone.
    llvm::ArrayRef<float> second = llvm::ArrayRef(values).drop_front(length * 16);
    Array alone = makeInput<float>("x", DType::F32, {1, length, 16}, second);
    Array ones = makeInput<int64_t>("mask", DType::I64, {1, length},
                                    llvm::ArrayRef(flags).drop_front(length));
    auto single = (*poisoned)->run({alone, ones});
    ASSERT_TRUE(bool(single));
    EXPECT_EQ(valuesOf<float>((*single)[0]), std::vector<float>(y.begin() + length * 16, y.end()))
        << length;
  }
}

} // namespace
