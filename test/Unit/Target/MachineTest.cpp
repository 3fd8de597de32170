//===- MachineTest.cpp - the instruction sets that code is made of --------------------------===//

#include "intaglio/Target/Machine.h"

#include "intaglio/Runtime/cpu.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace intaglio;

namespace {

std::unique_ptr<TargetMachine> machineFor(StringRef cpu, StringRef features) {
  Expected<Machine> machine =
      resolveMachine({"x86_64-unknown-linux-gnu", cpu.str(), features.str()});
  EXPECT_TRUE(bool(machine)) << toString(machine.takeError());
  Expected<std::unique_ptr<TargetMachine>> made = createTargetMachine(*machine);
  EXPECT_TRUE(bool(made)) << toString(made.takeError());
  return std::move(*made);
}

/// The bit of an instruction set: its place in the list.
uint64_t bitOf(StringRef name) {
#define NAME(name, leaf, subleaf, where, bit, state) name,
  static constexpr StringLiteral names[] = {INTAGLIO_X86_FEATURES(NAME)};
#undef NAME
  const auto *found = llvm::find(names, name);
  EXPECT_NE(found, std::end(names)) << name.str();
  return uint64_t(1) << (found - names);
}

/// What LLVM may use is what the artefact asks for: no bit too few, whatever the processor.
TEST(Machine, LLVMHasWhatIsAskedFor) {
  for (StringRef cpu : {"sapphirerapids", "znver5", "diamondrapids", "cascadelake", "alderlake",
                        "haswell", "bdver2", "knm", "x86-64", "native"}) {
    std::unique_ptr<TargetMachine> machine = machineFor(cpu, "");
    uint64_t asked = instructionSetsOf(*machine).bits;
    for (StringRef outside : {"amx-tile", "avx512fp16", "avx512bf16", "avx10.1", "egpr", "xop",
                              "fma4", "gfni", "avx512ifma", "kl", "aes", "avxifma"})
      EXPECT_FALSE(machine->getMCSubtargetInfo()->checkFeatures(("+" + outside).str()))
          << cpu.str() << " " << outside.str();
#define EXPECT_ASKED(name, leaf, subleaf, where, bit, state)                                       \
  EXPECT_EQ(machine->getMCSubtargetInfo()->checkFeatures("+" name), bool(asked & bitOf(name)))     \
      << cpu.str() << " " << name;
    INTAGLIO_X86_FEATURES(EXPECT_ASKED)
#undef EXPECT_ASKED
  }
}

TEST(Machine, OneDotProductIsEnough) {
  uint64_t both = instructionSetsOf(*machineFor("sapphirerapids", "")).bits;
  EXPECT_TRUE(both & bitOf("avx512vnni"));
  EXPECT_FALSE(both & bitOf("avxvnni"));
  uint64_t less = instructionSetsOf(*machineFor("sapphirerapids", "-avx512f")).bits;
  EXPECT_FALSE(less & bitOf("avx512vnni"));
  EXPECT_TRUE(less & bitOf("avxvnni"));
}

TEST(Machine, FeaturesOnTopOfAProcessor) {
  EXPECT_EQ(instructionSetsOf(*machineFor("x86-64", "")).bits, 0u);
  EXPECT_EQ(instructionSetsOf(*machineFor("x86-64", "+sse3")).bits, bitOf("sse3"));
}

} // namespace
