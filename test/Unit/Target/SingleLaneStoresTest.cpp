//===- SingleLaneStoresTest.cpp - which masked stores become scalar --------------------------===//

#include "intaglio/Target/SingleLaneStores.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"

#include "gtest/gtest.h"

using namespace llvm;

/// The text of a function that stores <4 x i16> %v under `mask`, after the pass.
static std::string scalarized(StringRef mask) {
  std::string text =
      ("define void @f(<4 x i16> %v, ptr %p, <4 x i1> %m) {\n"
       "  call void @llvm.masked.store.v4i16.p0(<4 x i16> %v, ptr align 8 %p, <4 x i1> " +
       mask + ")\n  ret void\n}\n")
          .str();
  LLVMContext context;
  SMDiagnostic error;
  std::unique_ptr<Module> module = parseAssemblyString(text, error, context);
  if (!module)
    return "does not parse: " + error.getMessage().str();
  intaglio::scalarizeSingleLaneStores(*module);
  if (verifyModule(*module))
    return "broken";
  std::string printed;
  raw_string_ostream stream(printed);
  module->getFunction("f")->print(stream);
  return printed;
}

static bool has(const std::string &text, StringRef part) { return StringRef(text).contains(part); }

TEST(SingleLaneStores, FirstLane) {
  std::string text = scalarized("<i1 true, i1 false, i1 false, i1 false>");
  EXPECT_FALSE(has(text, "masked.store")) << text;
  EXPECT_TRUE(has(text, "extractelement <4 x i16> %v, i64 0")) << text;
  EXPECT_TRUE(has(text, "store i16 %2, ptr %1, align 8")) << text;
}

TEST(SingleLaneStores, LaterLaneKnowsItsAlignment) {
  std::string text = scalarized("<i1 false, i1 undef, i1 false, i1 true>");
  EXPECT_FALSE(has(text, "masked.store")) << text;
  EXPECT_TRUE(has(text, "getelementptr i16, ptr %p, i64 3")) << text;
  EXPECT_TRUE(has(text, "extractelement <4 x i16> %v, i64 3")) << text;
  EXPECT_TRUE(has(text, "align 2")) << text;
}

TEST(SingleLaneStores, OthersStay) {
  for (StringRef mask :
       {"<i1 true, i1 true, i1 false, i1 false>", "zeroinitializer", "splat (i1 true)", "%m"})
    EXPECT_TRUE(has(scalarized(mask), "masked.store")) << mask.str();
}
