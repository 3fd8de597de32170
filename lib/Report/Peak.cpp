//===- Peak.cpp - what one core of this machine can do --------------------------------------===//

#include "intaglio/Report/Peak.h"
#include "intaglio/Target/JITFunction.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <numeric>
#include <optional>
#include <vector>

using namespace llvm;
using namespace intaglio;
using Clock = std::chrono::steady_clock;

namespace {
/// A product of the registers $2 and $3, as inline assembly, added to the accumulator $0.
struct Product {
  StringRef name, assembly, vector, features;
  bool adds; ///< else an `add` follows it
  double operations;
};
} // namespace

static constexpr unsigned accumulators = 12, runs = 10;

static std::optional<Product> productOf(cpu::Level level, bool isFloat) {
  StringRef fma = "vfmadd231ps $3, $2, $0", dot = "vpdpbusd $3, $2, $0";
  switch (level) {
  case cpu::Level::AVX512VNNI:
    if (isFloat)
      return Product{"vfmadd231ps zmm", fma, "<16 x float>", "+avx512f", true, 32};
    return Product{"vpdpbusd zmm", dot, "<16 x i32>", "+avx512f,+avx512vnni", true, 128};
  case cpu::Level::AVXVNNI:
    if (!isFloat)
      return Product{
          "vpdpbusd ymm", "{vex} vpdpbusd $3, $2, $0", "<8 x i32>", "+avx2,+avxvnni", true, 64};
    [[fallthrough]];
  case cpu::Level::AVX2:
    if (isFloat)
      return Product{"vfmadd231ps ymm", fma, "<8 x float>", "+avx2,+fma", true, 16};
    return Product{"vpmaddwd ymm", "vpmaddwd $3, $2, $0", "<8 x i32>", "+avx2", false, 32};
  case cpu::Level::Generic:
    return std::nullopt;
  }
  llvm_unreachable("all levels are named");
}

/// LLVM IR of `void product_loop(i64 steps, ptr factors)`: all accumulators in registers, and
/// nothing in a step but their products.
static std::string loopOf(const Product &product) {
  std::string text;
  raw_string_ostream os(text);
  StringRef type = product.vector;
  os << formatv("define void @product_loop(i64 %steps, ptr %factors) #0 {{\n"
                "entry:\n"
                "  %x = load volatile {0}, ptr %factors\n"
                "  %y = load volatile {0}, ptr %factors\n"
                "  br label %loop\n"
                "loop:\n"
                "  %step = phi i64 [ 0, %entry ], [ %next, %loop ]\n",
                type);
  for (unsigned i = 0; i < accumulators; ++i)
    os << formatv("  %sum{0} = phi {1} [ %x, %entry ], [ %after{0}, %loop ]\n", i, type);
  for (unsigned i = 0; i < accumulators; ++i) {
    os << formatv("  %{2}{0} = call {1} asm sideeffect \"{3}\", \"=v,0,v,v\"({1} %sum{0}, {1} %x, "
                  "{1} %y)\n",
                  i, type, product.adds ? "after" : "part", product.assembly);
    if (!product.adds)
      os << formatv("  %after{0} = add {1} %sum{0}, %part{0}\n", i, type);
  }
  os << "  %next = add i64 %step, 1\n"
        "  %more = icmp ult i64 %next, %steps\n"
        "  br i1 %more, label %loop, label %done\n"
        "done:\n";
  // What is never read would not be added.
  for (unsigned i = 0; i < accumulators; ++i)
    os << formatv("  store volatile {1} %after{0}, ptr %factors\n", i, type);
  os << formatv("  ret void\n}\nattributes #0 = {{ \"target-features\"=\"{0}\" }\n",
                product.features);
  return text;
}

/// The shortest time of some runs, in seconds.
static double bestOf(function_ref<void()> body) {
  double best = HUGE_VAL;
  for (unsigned run = 0; run < runs; ++run) {
    Clock::time_point begin = Clock::now();
    body();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return best;
}

static Expected<double> measureProducts(const Product &product) {
  auto context = std::make_unique<LLVMContext>();
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseAssemblyString(loopOf(product), diagnostic, *context);
  if (!module)
    return createStringError("the loop of products: " + diagnostic.getMessage());
  auto function = JITFunction::create(std::move(module), std::move(context), "product_loop");
  if (!function)
    return function.takeError();
  auto *loop = function->as<void(int64_t, void *)>();
  constexpr int64_t steps = 1000000;
  alignas(64) char factors[64] = {};
  double seconds = bestOf([&] { loop(steps, factors); });
  return double(steps) * accumulators * product.operations / seconds / 1e9;
}

static double measureMemory() {
  std::vector<uint64_t> memory(size_t(8) << 20, 1);
  volatile uint64_t sum = 0;
  double seconds =
      bestOf([&] { sum = std::accumulate(memory.begin(), memory.end(), uint64_t(0)); });
  (void)sum;
  return double(memory.size() * sizeof(uint64_t)) / seconds / 1e9;
}

Expected<Peak> intaglio::measurePeak(cpu::Level level, bool isFloat) {
  std::optional<Product> product = productOf(level, isFloat);
  if (!product)
    return createStringError("no instruction of this machine's is known to be its best");
  Expected<double> gops = measureProducts(*product);
  if (!gops)
    return gops.takeError();
  return Peak{product->name.str(), *gops, measureMemory()};
}
