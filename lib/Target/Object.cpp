//===- Object.cpp - LLVM IR to machine code ------------------------------------------------===//

#include "intaglio/Target/Object.h"
#include "intaglio/Target/Bare.h"
#include "intaglio/Target/SingleLaneStores.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace intaglio;

FailureOr<std::unique_ptr<llvm::Module>>
intaglio::translateToLLVMIR(ModuleOp module, const llvm::TargetMachine &machine,
                            llvm::LLVMContext &context) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  std::unique_ptr<llvm::Module> made = translateModuleToLLVMIR(module, context, "model");
  if (!made)
    return failure();
  made->setTargetTriple(machine.getTargetTriple());
  made->setDataLayout(machine.createDataLayout());
  for (llvm::Function &function : *made) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("no-jump-tables", "true");
    function.addFnAttr(llvm::Attribute::NoUnwind);
    if (isBoard(machine.getTargetTriple()))
      function.addFnAttr(llvm::Attribute::OptimizeForSize);
    if (!function.hasLocalLinkage())
      function.setVisibility(llvm::GlobalValue::HiddenVisibility);
  }
  std::string message;
  llvm::raw_string_ostream stream(message);
  if (llvm::verifyModule(*made, &stream)) {
    emitError(module.getLoc(), "LLVM's verifier refuses the translated module: ") << message;
    return failure();
  }
  return made;
}

void intaglio::optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PassBuilder builder(&machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager calls;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
  scalarizeSingleLaneStores(module);
}

llvm::Expected<ObjectBytes> intaglio::emitCode(llvm::Module &module, llvm::TargetMachine &machine,
                                               llvm::CodeGenFileType type) {
  ObjectBytes bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type))
    return llvm::createStringError("LLVM writes no such file for " +
                                   machine.getTargetTriple().str());
  passes.run(module);
  return bytes;
}
