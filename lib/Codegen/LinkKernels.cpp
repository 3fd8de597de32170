//===- LinkKernels.cpp - calls of the schedule to the lowered kernels ----------------------===//
//
//   llvm.call @linear_0_call(...) ; llvm.func @linear_0_call(...) ; llvm.func @linear_0(...) { ...
//   }
// becomes
//   llvm.call @linear_0(...)      ; llvm.func internal @linear_0(...) { ... }
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/Passes.h"
#include "mlir/IR/SymbolTable.h"

namespace intaglio {
#define GEN_PASS_DEF_LINKKERNELSPASS
#include "intaglio/Codegen/Passes.h.inc"
} // namespace intaglio

using namespace mlir;

namespace {
struct LinkKernelsPass : intaglio::impl::LinkKernelsPassBase<LinkKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (auto allocate = module.lookupSymbol<LLVM::LLVMFuncOp>("malloc")) {
      allocate.emitError("a kernel needs memory that is neither the arena's nor small");
      return signalPassFailure();
    }
    for (auto declaration : llvm::make_early_inc_range(module.getOps<LLVM::LLVMFuncOp>())) {
      StringRef name = declaration.getName();
      if (!declaration.isExternal() || !name.consume_back("_call"))
        continue;
      auto kernel = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
      if (!kernel || kernel.getFunctionType() != declaration.getFunctionType()) {
        declaration.emitError("the kernel's lowered type differs from what the schedule calls");
        return signalPassFailure();
      }
      if (failed(SymbolTable::replaceAllSymbolUses(declaration, kernel.getNameAttr(), module))) {
        declaration.emitError("has uses that cannot be replaced");
        return signalPassFailure();
      }
      declaration.erase();
    }
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      if (function.isExternal() || function.getName().starts_with("intaglio_model_"))
        continue;
      function.setLinkage(LLVM::Linkage::Internal);
      // A call's destination shares memory with none of its operands: the arena's plan.
      if (function.getName() != "intaglio_observe_once")
        for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
          if (isa<LLVM::LLVMPointerType>(type))
            function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                                UnitAttr::get(&getContext()));
      // Kernels are what a profile and the proofs speak of.
      function.setNoInline(true);
    }
  }
};
} // namespace
