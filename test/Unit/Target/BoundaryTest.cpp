//===- BoundaryTest.cpp - the boundary made of integers gives the bits of the float one -------===//
//
// One program is compiled twice for this machine: with float instructions, and as for a processor
// without any.
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/InitAll.h"
#include "intaglio/Target/JIT.h"

#include "mlir/Parser/Parser.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <random>

using namespace intaglio;

namespace {

/// x -> i8 -> float, x -> i16 -> float, and 32-bit codes to float.
constexpr const char *program = R"(
  func.func @main(%x: tensor<?x4xf32> {intaglio.name = "x"}, %c: tensor<?x4xi32> {intaglio.name = "c"})
      -> (tensor<?x4xf32> {intaglio.name = "a"}, tensor<?x4xf32> {intaglio.name = "b"},
          tensor<?x4xf32> {intaglio.name = "d"}) {
    %q8 = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, SCALE:ZERO>} : tensor<?x4xf32> -> tensor<?x4xi8>
    %a = intaglio.dequantize %q8 {quantized = !quant.uniform<i8:f32, SCALE:ZERO>} : tensor<?x4xi8> -> tensor<?x4xf32>
    %q16 = intaglio.quantize %x {quantized = !quant.uniform<i16:f32, SCALE>} : tensor<?x4xf32> -> tensor<?x4xi16>
    %b = intaglio.dequantize %q16 {quantized = !quant.uniform<i16:f32, 3.0e-3>} : tensor<?x4xi16> -> tensor<?x4xf32>
    %d = intaglio.dequantize %c {quantized = !quant.uniform<i32:f32, SCALE:-5>} : tensor<?x4xi32> -> tensor<?x4xf32>
    return %a, %b, %d : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
  })";

class Boundary : public testing::TestWithParam<std::pair<double, int>> {
protected:
  void SetUp() override {
    mlir::DialectRegistry registry;
    intaglio::registerAllDialects(registry);
    context.appendDialectRegistry(registry);
  }

  std::unique_ptr<JitModel> compile(bool floatUnit) {
    auto [scale, zero] = GetParam();
    std::string text = program;
    auto replaceAll = [&](llvm::StringRef what, const std::string &with) {
      for (size_t at = text.find(what); at != std::string::npos; at = text.find(what))
        text.replace(at, what.size(), with);
    };
    char number[32];
    std::snprintf(number, sizeof(number), "%.17e", scale);
    replaceAll("SCALE", number);
    replaceAll("ZERO", std::to_string(zero));
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    CodegenOptions options;
    options.target.floatUnit = floatUnit;
    auto compiled = compileToLLVM(*module, options);
    EXPECT_TRUE(mlir::succeeded(compiled));
    auto made = JitModel::create(std::move(*compiled));
    EXPECT_TRUE(bool(made)) << llvm::toString(made.takeError());
    return std::move(*made);
  }

  mlir::MLIRContext context;
};

template <typename T>
Array makeInput(llvm::StringRef name, DType dtype, llvm::ArrayRef<T> values) {
  char *data = nullptr;
  Array array = *makeArray(name, dtype, {int64_t(values.size()) / 4, 4}, data);
  std::memcpy(data, values.data(), array.bytes.size());
  return array;
}

/// A quarter each of: any bit patterns, ties of the scale and their neighbours, special numbers,
/// numbers in range.
std::vector<uint32_t> makePatterns(double scale, std::mt19937 &random) {
  std::vector<float> x;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const float special[] = {0.0F,           -0.0F,  infinity, -infinity,
                           std::nanf("1"), 1e-40F, -1e-45F,  3.4e38F};
  std::uniform_int_distribution<int> level(-70000, 70000);
  std::uniform_real_distribution<float> real(-200, 200);
  for (int i = 0; i < 20000; ++i) {
    auto tie = float(scale * (level(random) % (i % 2 ? 300 : 70000) + 0.5));
    x.insert(x.end(), {llvm::bit_cast<float>(uint32_t(random())), special[i % 8],
                       float(scale) * real(random), tie, std::nextafter(tie, infinity),
                       std::nextafter(tie, -infinity)});
  }
  std::vector<uint32_t> bits(x.size());
  std::memcpy(bits.data(), x.data(), x.size() * sizeof(float));
  return bits;
}

/// C-BOUNDARY-1.
TEST_P(Boundary, IntegersEqualFloats) {
  std::mt19937 random(7);
  std::vector<uint32_t> patterns = makePatterns(GetParam().first, random);
  std::vector<int32_t> codes(patterns.size());
  for (int32_t &code : codes)
    code = int32_t(random()) >> (random() % 31);
  Array inputs[] = {makeInput<uint32_t>("x", DType::F32, patterns),
                    makeInput<int32_t>("c", DType::I32, codes)};
  int64_t dims[] = {int64_t(patterns.size()) / 4};
  const void *data[] = {inputs[0].bytes.data(), inputs[1].bytes.data()};
  std::vector<uint32_t> results[2];
  for (bool floatUnit : {true, false}) {
    std::vector<uint32_t> &result = results[floatUnit];
    result.resize(3 * patterns.size());
    void *outputs[] = {result.data(), result.data() + patterns.size(),
                       result.data() + 2 * patterns.size()};
    llvm::Error failed = compile(floatUnit)->run(dims, data, outputs);
    ASSERT_FALSE(bool(failed)) << llvm::toString(std::move(failed));
  }
  for (size_t i = 0; i < results[0].size(); ++i) {
    size_t at = i % patterns.size();
    ASSERT_EQ(results[0][i], results[1][i]) << std::hex << patterns[at] << " " << codes[at];
  }
}

INSTANTIATE_TEST_SUITE_P(Scales, Boundary,
                         testing::Values(std::pair(0.0473, 3), std::pair(0.5, -128),
                                         std::pair(5.9604644775390625e-8, 127),
                                         std::pair(1234.567, 0), std::pair(1.2e-30, 1),
                                         std::pair(3.3e25, -7)));

} // namespace
