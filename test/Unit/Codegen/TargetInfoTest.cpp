//===- TargetInfoTest.cpp - levels of processors and their tiles ----------------------------===//

#include "intaglio/Codegen/CPU/TargetInfo.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/TargetSelect.h"
#include <gtest/gtest.h>

using namespace intaglio::cpu;

namespace {

std::string levelOf(llvm::StringRef triple, llvm::StringRef cpu, llvm::StringRef features = "") {
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargetMCs();
  std::string error;
  auto info = TargetInfo::forMachine(triple, cpu, features, error);
  return failed(info) ? "error: " + error : info->name().str();
}

TEST(TargetInfo, levelsOfMachines) {
  const char *linux64 = "x86_64-unknown-linux-gnu";
  EXPECT_EQ(levelOf(linux64, "znver4"), "avx512vnni+vbmi");
  EXPECT_EQ(levelOf(linux64, "cascadelake"), "avx512vnni");
  EXPECT_EQ(levelOf(linux64, "alderlake"), "avxvnni");
  EXPECT_EQ(levelOf(linux64, "haswell"), "avx2");
  EXPECT_EQ(levelOf(linux64, "x86-64"), "generic");
  EXPECT_EQ(levelOf(linux64, "x86-64", "+avx2,+fma"), "avx2");
  EXPECT_EQ(levelOf("riscv64-unknown-elf", ""), "generic");
  EXPECT_EQ(levelOf("nosuch-unknown-elf", "").substr(0, 6), "error:");
}

TEST(TargetInfo, factsOfMachinesWithoutFloats) {
  auto facts = [](llvm::StringRef triple, llvm::StringRef features = "") {
    levelOf(triple, "");
    std::string error;
    TargetInfo info = *TargetInfo::forMachine(triple, "", features, error);
    return std::pair(info.floatUnit, info.indexBits);
  };
  EXPECT_EQ(facts("x86_64-unknown-linux-gnu"), std::pair(true, 64U));
  EXPECT_EQ(facts("aarch64-unknown-linux-gnu"), std::pair(true, 64U));
  EXPECT_EQ(facts("riscv64-unknown-none-elf", "+m,+d"), std::pair(true, 64U));
  EXPECT_EQ(facts("riscv64-unknown-none-elf", "+m,+f"), std::pair(false, 64U));
  EXPECT_EQ(facts("riscv32-unknown-none-elf", "+m,+d"), std::pair(false, 32U));
  EXPECT_EQ(facts("thumbv7m-unknown-none-eabi"), std::pair(false, 32U));
}

TEST(TargetInfo, namesAreRead) {
  for (const char *name : {"avx512vnni+vbmi", "avx512vnni", "avxvnni", "avx2", "generic"}) {
    auto info = TargetInfo::parse(name);
    ASSERT_TRUE(succeeded(info));
    EXPECT_EQ(info->name(), name);
  }
  EXPECT_TRUE(failed(TargetInfo::parse("avx1024")));
}

TEST(TargetInfo, tilesDivideTheMatrixAndFitTheRegisters) {
  mlir::MLIRContext context;
  mlir::Builder builder(&context);
  for (const char *name : {"avx512vnni", "avxvnni", "avx2"}) {
    TargetInfo info = *TargetInfo::parse(name);
    int64_t registers = info.level == Level::AVX512VNNI ? 24 : 12;
    for (mlir::Type element : {mlir::Type(builder.getI8Type()), mlir::Type(builder.getF32Type())})
      for (int64_t n = 4; n <= 3072; n += 4) {
        auto tile = info.tileFor(element, n, 8);
        ASSERT_TRUE(succeeded(tile)) << name << " " << n;
        EXPECT_EQ(n % tile->columns(), 0);
        EXPECT_EQ(8 % tile->innerK, 0);
        EXPECT_LE(tile->rows * tile->vectors, registers);
        EXPECT_GE(tile->rows, 1);
      }
    EXPECT_TRUE(failed(info.tileFor(builder.getI8Type(), 7, 8)));
    EXPECT_TRUE(failed(info.tileFor(builder.getI8Type(), 8, 7)));
    EXPECT_TRUE(failed(info.tileFor(builder.getF64Type(), 8, 8)));
  }
  EXPECT_TRUE(failed(TargetInfo().tileFor(builder.getI8Type(), 64, 64)));
}

} // namespace
