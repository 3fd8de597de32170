//===- ArenaSize.cpp - how much working memory a compiled program takes ----------------------===//

#include "intaglio/Target/ArenaSize.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"

using namespace llvm;
using namespace intaglio;

static constexpr StringRef functionName = "intaglio_model_arena_bytes";

Expected<ArenaSize> ArenaSize::create(mlir::ModuleOp compiled) {
  auto source = compiled.lookupSymbol<mlir::LLVM::LLVMFuncOp>(functionName);
  if (!source)
    return createStringError("the program has no function " + functionName);
  mlir::MLIRContext *mlirContext = compiled.getContext();
  mlir::registerBuiltinDialectTranslation(*mlirContext);
  mlir::registerLLVMDialectTranslation(*mlirContext);
  mlir::OwningOpRef<mlir::ModuleOp> alone = mlir::ModuleOp::create(compiled.getLoc());
  alone->push_back(source.clone());
  auto context = std::make_unique<LLVMContext>();
  std::unique_ptr<Module> module = mlir::translateModuleToLLVMIR(*alone, *context);
  if (!module)
    return createStringError("the size of the arena has no LLVM IR");
  Expected<JITFunction> function =
      JITFunction::create(std::move(module), std::move(context), functionName);
  if (!function)
    return function.takeError();
  return ArenaSize(std::move(*function));
}
