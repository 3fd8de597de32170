//===- VerifyNoFloatTest.cpp - the contract of machine code can fail -----------------------===//

#include "intaglio/Target/VerifyNoFloat.h"
#include "intaglio/Target/Machine.h"
#include "intaglio/Target/Object.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SourceMgr.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace intaglio;

namespace {

/// A processor with all that it has, instructions too that our code is never made of.
std::unique_ptr<TargetMachine> machineFor(StringRef triple, StringRef cpu, StringRef features) {
  Machine all{triple.str(), cpu.str(), features.str()};
  Expected<Machine> machine = resolveMachine(all);
  EXPECT_TRUE(bool(machine)) << toString(machine.takeError());
  Expected<std::unique_ptr<TargetMachine>> made = createTargetMachine(all);
  EXPECT_TRUE(bool(made)) << toString(made.takeError());
  return std::move(*made);
}

/// The proof of LLVM IR whose entry is `@entry`.
CodeProof prove(StringRef ir, StringRef triple = "x86_64-linux-gnu",
                StringRef cpu = "sapphirerapids", StringRef features = "") {
  std::unique_ptr<TargetMachine> machine = machineFor(triple, cpu, features);
  LLVMContext context;
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseAssemblyString(ir, diagnostic, context);
  EXPECT_TRUE(bool(module)) << diagnostic.getMessage().str();
  module->setTargetTriple(machine->getTargetTriple());
  module->setDataLayout(machine->createDataLayout());
  Expected<ObjectBytes> object = emitCode(*module, *machine, CodeGenFileType::ObjectFile);
  EXPECT_TRUE(bool(object)) << toString(object.takeError());
  Expected<CodeProof> proof = verifyNoFloat(*object, {"entry"}, *machine);
  EXPECT_TRUE(bool(proof)) << toString(proof.takeError());
  return std::move(*proof);
}

/// The first violation.
std::string violation(StringRef ir, StringRef triple = "x86_64-linux-gnu",
                      StringRef cpu = "sapphirerapids", StringRef features = "") {
  CodeProof proof = prove(ir, triple, cpu, features);
  return proof.holds() ? "" : proof.violations.front();
}

/// A function of one instruction, in inline assembly.
std::string classified(StringRef assembly) {
  return violation(("define void @entry() { call void asm sideeffect \"" + assembly +
                    "\", \"~{memory}\"()\n ret void }")
                       .str());
}

#define EXPECT_CONTAINS(text, part)                                                                \
  EXPECT_NE(std::string(text).find(part), std::string::npos) << std::string(text)

TEST(VerifyNoFloat, IntegersHold) {
  CodeProof proof = prove(R"(
    define internal <16 x i32> @inner(<16 x i32> %x) noinline { %y = mul <16 x i32> %x, %x ret <16 x i32> %y }
    define void @entry(ptr %p) {
      %x = load <16 x i32>, ptr %p
      %y = call <16 x i32> @inner(<16 x i32> %x)
      store <16 x i32> %y, ptr %p
      ret void
    })");
  EXPECT_TRUE(proof.holds());
  EXPECT_EQ(proof.functions, (std::vector<std::string>{"entry", "inner"}));
  EXPECT_EQ(proof.counts[unsigned(InstructionClass::Float)], 0);
  EXPECT_GT(proof.counts[unsigned(InstructionClass::Vector)], 0);
  EXPECT_GT(proof.counts[unsigned(InstructionClass::Memory)], 0);
}

TEST(VerifyNoFloat, FloatArithmeticIsFound) {
  EXPECT_CONTAINS(
      violation("define float @entry(float %x) { %y = fadd float %x, %x ret float %y }"),
      "float instruction: vaddss");
  EXPECT_CONTAINS(
      violation("define float @entry(i32 %x) { %y = sitofp i32 %x to float ret float %y }"),
      "float instruction: vcvtsi2ss");
}

TEST(VerifyNoFloat, FloatBehindACallIsFound) {
  EXPECT_CONTAINS(violation(R"(
    define internal float @inner(float %x) noinline { %y = fmul float %x, %x ret float %y }
    define float @entry(float %x) { %y = call float @inner(float %x) ret float %y })"),
                  "inner+0x0: float instruction");
}

TEST(VerifyNoFloat, FloatThatIsNotReachedIsNoMatter) {
  EXPECT_TRUE(prove(R"(
    define float @other(float %x) { %y = fmul float %x, %x ret float %y }
    define i32 @entry(i32 %x) { ret i32 %x })")
                  .holds());
}

TEST(VerifyNoFloat, OnlyBoundaryFunctionsAreExcused) {
  CodeProof proof = prove(R"(
    define internal float @intaglio_boundary_x(float %x) noinline { %y = fmul float %x, %x ret float %y }
    define float @entry(float %x) { %y = call float @intaglio_boundary_x(float %x) ret float %y })");
  EXPECT_TRUE(proof.holds());
  EXPECT_EQ(proof.boundary, (std::vector<std::string>{"intaglio_boundary_x"}));
  EXPECT_EQ(proof.boundaryCounts[unsigned(InstructionClass::Float)], 1);
}

TEST(VerifyNoFloat, HiddenCallsAreFound) {
  const char *call = "declare i32 @NAME(i32, i32)\n"
                     "define i32 @entry(i32 %x) { %y = call i32 @NAME(i32 %x, i32 1) ret i32 %y }";
  auto calling = [&](StringRef name) {
    std::string text = call;
    for (size_t at; (at = text.find("NAME")) != std::string::npos;)
      text.replace(at, 4, name.str());
    return violation(text);
  };
  for (StringRef name : {"__addsf3", "__muldf3", "__floatsisf", "__fixdfsi", "__extendhfsf2"})
    EXPECT_CONTAINS(calling(name), "calls the soft-float routine '" + name.str() + "'");
  for (StringRef name : {"expf", "malloc", "free"})
    EXPECT_CONTAINS(calling(name), "calls a function outside the object: '" + name.str() + "'");
  EXPECT_EQ(calling("memcpy"), "");
}

TEST(VerifyNoFloat, SoftFloatOfATargetWithoutFpuIsFound) {
  EXPECT_CONTAINS(violation("define float @entry(float %x) { %y = fadd float %x, %x ret float %y }",
                            "riscv64-linux-gnu", "generic-rv64", "+m"),
                  "calls the soft-float routine '__addsf3'");
}

TEST(VerifyNoFloat, IndirectCallsAreFound) {
  EXPECT_CONTAINS(violation("define void @entry(ptr %f) { call void %f() ret void }"),
                  "indirect jump or call");
  // A function whose address is taken counts as called.
  EXPECT_CONTAINS(violation(R"(
    @table = internal constant [1 x ptr] [ptr @inner]
    define internal float @inner(float %x) { %y = fmul float %x, %x ret float %y }
    define ptr @entry() { ret ptr @table })"),
                  "inner+0x0: float instruction");
}

TEST(VerifyNoFloat, BytesThatAreNoInstructionAreFound) {
  EXPECT_CONTAINS(classified(".byte 0x06"), "no instruction of the target");
}

TEST(VerifyNoFloat, OtherArchitectures) {
  const char *add = "define float @entry(float %x) { %y = fadd float %x, %x ret float %y }";
  const char *negate = "define float @entry(float %x) { %y = fneg float %x ret float %y }";
  const char *integers = "define i32 @entry(i32 %x) { %y = mul i32 %x, %x ret i32 %y }";
  EXPECT_CONTAINS(violation(add, "aarch64-linux-gnu", "generic"), "float instruction: fadd");
  EXPECT_CONTAINS(violation(negate, "aarch64-linux-gnu", "generic"), "float instruction: fneg");
  EXPECT_EQ(violation(integers, "aarch64-linux-gnu", "generic"), "");
  EXPECT_CONTAINS(violation(add, "riscv64-linux-gnu", "generic-rv64", "+m,+f,+d"),
                  "float instruction");
  EXPECT_EQ(violation(integers, "riscv64-linux-gnu", "generic-rv64", "+m,+f,+d"), "");
}

/// Calls, literal pools and returns of processors without operating system.
TEST(VerifyNoFloat, BareArchitectures) {
  const char *call = R"(
    define internal i32 @inner(i32 %x) noinline { %y = mul i32 %x, 123456789 ret i32 %y }
    define i32 @entry(i32 %x) { %y = call i32 @inner(i32 %x) %z = add i32 %y, 987654321 ret i32 %z })";
  const char *indirect =
      "define i32 @entry(ptr %f) { %y = call i32 %f() %z = add i32 %y, 1 ret i32 %z }";
  const char *add = "define float @entry(float %x) { %y = fadd float %x, %x ret float %y }";
  const std::array<StringRef, 3> targets[] = {{"riscv64-unknown-none-elf", "generic-rv64", "+m"},
                                              {"riscv32-unknown-none-elf", "generic-rv32", "+m"},
                                              {"thumbv7m-unknown-none-eabi", "cortex-m3", ""},
                                              {"thumbv6m-unknown-none-eabi", "cortex-m0plus", ""}};
  for (auto [triple, cpu, features] : targets) {
    CodeProof proof = prove(call, triple, cpu, features);
    EXPECT_TRUE(proof.holds()) << triple.str() << ": " << proof.violations.front();
    EXPECT_EQ(proof.functions, (std::vector<std::string>{"entry", "inner"})) << triple.str();
    EXPECT_GT(proof.stackBytes.value_or(-1), 0) << triple.str();
    EXPECT_CONTAINS(violation(indirect, triple, cpu, features), "indirect jump or call");
    EXPECT_CONTAINS(violation(add, triple, cpu, features), "calls the soft-float routine");
  }
}

TEST(VerifyNoFloat, StackIsThatOfTheDeepestCalls) {
  StringRef triple = "riscv64-unknown-none-elf";
  auto stack = [&](StringRef ir) { return prove(ir, triple, "generic-rv64", "+m").stackBytes; };
  std::string leaf = R"(
    declare void @llvm.assume(i1)
    define internal void @leaf(ptr %q) noinline {
      %p = alloca [256 x i8]
      store volatile ptr %p, ptr %q
      ret void
    })";
  std::optional<int64_t> one =
      stack(leaf + "define void @entry(ptr %q) { tail call void @leaf(ptr %q) ret void }");
  ASSERT_TRUE(one.has_value());
  EXPECT_GE(*one, 256);
  EXPECT_LT(*one, 300);
  // Two that call each other have no bound.
  EXPECT_FALSE(stack(R"(
    define internal i32 @a(i32 %x) noinline { %y = call i32 @b(i32 %x) %z = add i32 %y, 1 ret i32 %z }
    define internal i32 @b(i32 %x) noinline { %y = call i32 @a(i32 %x) %z = mul i32 %y, 3 ret i32 %z }
    define i32 @entry(i32 %x) { %y = call i32 @a(i32 %x) ret i32 %y })"));
}

/// The first violation of a function of one instruction.
std::string classifiedOnARM(StringRef assembly, StringRef cpu) {
  return violation(("define void @entry() { call void asm sideeffect \"" + assembly +
                    "\", \"~{memory}\"()\n ret void }")
                       .str(),
                   "thumbv8.1m.main-unknown-none-eabi", cpu);
}

TEST(InstructionClass, FloatOnARM) {
  for (StringRef text : {"vadd.f32 s0, s1, s2", "vcvt.f32.s32 s0, s1", "vmrs r0, fpscr",
                         "vcmp.f32 s0, s1", "vneg.f32 s0, s1", "vadd.f32 q0, q1, q2",
                         "vcvt.f32.s32 q0, q1", "cdp p7, #1, c0, c1, c2, #3"})
    EXPECT_CONTAINS(classifiedOnARM(text, "cortex-m55"), "float instruction: ") << text.str();
  for (StringRef text : {"vmov s0, r0", "vldr s0, [r0]", "vpush {d8}", "vadd.i32 q0, q1, q2",
                         "vmlalv.s16 r0, r1, q0, q0", "veor q0, q1, q2", "vldrh.u16 q0, [r0]",
                         "smlal r0, r1, r2, r3", "udiv r0, r1, r2", "ldr r0, [sp]",
                         "add r0, pc, #4", "it eq\n moveq r0, #1"})
    EXPECT_EQ(classifiedOnARM(text, "cortex-m55"), "") << text.str();
}

TEST(InstructionClass, JumpsOnARM) {
  for (StringRef text : {"ldr pc, [r0]", "bx r0", "mov pc, r0", "ldm r0, {r1, pc}", "blx r1"})
    EXPECT_CONTAINS(classifiedOnARM(text, "cortex-m55"), "indirect jump or call") << text.str();
  for (StringRef text : {"bx lr", "pop {r4, pc}", "ldm sp!, {r4, pc}"})
    EXPECT_EQ(classifiedOnARM(text, "cortex-m55"), "") << text.str();
}

TEST(InstructionClass, FloatOnX86) {
  for (StringRef text : {"addps %xmm0, %xmm1",
                         "vaddpd %ymm0, %ymm1, %ymm2",
                         "vfmadd231ps %zmm0, %zmm1, %zmm2",
                         "cvtdq2ps %xmm0, %xmm1",
                         "vcvttps2dq %zmm0, %zmm1",
                         "ucomiss %xmm0, %xmm1",
                         "vcmpltps %ymm0, %ymm1, %ymm2",
                         "maxss %xmm0, %xmm1",
                         "rcpps %xmm0, %xmm1",
                         "vrsqrt14ps %zmm0, %zmm1",
                         "sqrtsd %xmm0, %xmm1",
                         "haddps %xmm0, %xmm1",
                         "roundps $$1, %xmm0, %xmm1",
                         "dpps $$1, %xmm0, %xmm1",
                         "vdpbf16ps %zmm0, %zmm1, %zmm2",
                         "vcvtph2ps %xmm0, %ymm1",
                         "vaddph %zmm0, %zmm1, %zmm2",
                         "fld1",
                         "faddp",
                         "fldl (%rsp)",
                         "vfpclassps $$1, %zmm0, %k1",
                         "vgetexpps %zmm0, %zmm1",
                         "vscalefps %zmm0, %zmm1, %zmm2",
                         "vrangeps $$1, %zmm0, %zmm1, %zmm2",
                         "ldmxcsr (%rsp)"})
    EXPECT_CONTAINS(classified(text), "float instruction: ");
}

TEST(InstructionClass, MovesAndIntegersOnX86) {
  for (StringRef text : {"movaps %xmm0, %xmm1",
                         "movups (%rsp), %xmm1",
                         "vmovss (%rsp), %xmm1",
                         "xorps %xmm0, %xmm0",
                         "vandnps %ymm0, %ymm1, %ymm2",
                         "shufps $$1, %xmm0, %xmm1",
                         "vunpcklps %ymm0, %ymm1, %ymm2",
                         "vpermilps $$1, %ymm0, %ymm1",
                         "vpermps %ymm0, %ymm1, %ymm2",
                         "vbroadcastss %xmm0, %zmm1",
                         "vblendps $$1, %ymm0, %ymm1, %ymm2",
                         "vinsertps $$1, %xmm0, %xmm1, %xmm2",
                         "vextractps $$1, %xmm0, %eax",
                         "movmskps %xmm0, %eax",
                         "movhlps %xmm0, %xmm1",
                         "movlps (%rsp), %xmm0",
                         "vpdpbusd %zmm0, %zmm1, %zmm2",
                         "vpmaddwd %ymm0, %ymm1, %ymm2",
                         "vpabsd %zmm0, %zmm1",
                         "vpmaxsd %zmm0, %zmm1, %zmm2",
                         "vpminsd %zmm0, %zmm1, %zmm2",
                         "psadbw %xmm0, %xmm1",
                         "vpermi2b %zmm0, %zmm1, %zmm2",
                         "vmovddup %xmm0, %xmm1",
                         "vmovshdup %xmm0, %xmm1",
                         "mulxq %rax, %rbx, %rcx",
                         "imulq %rax, %rbx",
                         "rep movsb",
                         "cmovs %eax, %ebx",
                         "sets %al",
                         "vinsertf128 $$1, %xmm0, %ymm1, %ymm2",
                         "vzeroupper"})
    EXPECT_EQ(classified(text), "") << text.str();
}

} // namespace
