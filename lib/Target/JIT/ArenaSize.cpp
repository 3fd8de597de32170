//===- ArenaSize.cpp - how much working memory a compiled program takes ----------------------===//

#include "intaglio/Target/ArenaSize.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace intaglio;

static constexpr StringRef functionName = "intaglio_model_arena_bytes";

ArenaSize::ArenaSize() = default;
ArenaSize::ArenaSize(ArenaSize &&) = default;
ArenaSize::~ArenaSize() = default;

Expected<ArenaSize> ArenaSize::create(mlir::ModuleOp compiled) {
  auto function = compiled.lookupSymbol<mlir::LLVM::LLVMFuncOp>(functionName);
  if (!function)
    return createStringError("the program has no function " + functionName);
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  mlir::MLIRContext *mlirContext = compiled.getContext();
  mlir::registerBuiltinDialectTranslation(*mlirContext);
  mlir::registerLLVMDialectTranslation(*mlirContext);
  mlir::OwningOpRef<mlir::ModuleOp> alone = mlir::ModuleOp::create(compiled.getLoc());
  alone->push_back(function.clone());
  auto context = std::make_unique<LLVMContext>();
  std::unique_ptr<Module> module = mlir::translateModuleToLLVMIR(*alone, *context);
  if (!module)
    return createStringError("the size of the arena has no LLVM IR");
  auto jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  module->setDataLayout((*jit)->getDataLayout());
  module->setTargetTriple((*jit)->getTargetTriple());
  if (Error error =
          (*jit)->addIRModule(orc::ThreadSafeModule(std::move(module), std::move(context))))
    return error;
  auto address = (*jit)->lookup(functionName);
  if (!address)
    return address.takeError();
  ArenaSize size;
  size.function = address->toPtr<int64_t (*)(const int64_t *, int32_t)>();
  size.jit = std::move(*jit);
  return std::move(size);
}
