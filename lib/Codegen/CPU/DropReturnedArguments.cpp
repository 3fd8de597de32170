//===- DropReturnedArguments.cpp - kernels return nothing -----------------------------------===//
//
//   func.func private @k(%x: memref<..>, %dst: memref<..>) -> memref<..> { ... return %dst }
//   %y = call @k(%x, %d) ; use(%y)
// becomes
//   func.func private @k(%x: memref<..>, %dst: memref<..>) { ... return }
//   call @k(%x, %d) ; use(%d)
//
//===----------------------------------------------------------------------------------------===//

#include "intaglio/Codegen/CPU/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace intaglio::cpu {
#define GEN_PASS_DEF_DROPRETURNEDARGUMENTSPASS
#include "intaglio/Codegen/CPU/Passes.h.inc"
} // namespace intaglio::cpu

using namespace mlir;
using namespace intaglio::cpu;

namespace {

struct DropReturnedArgumentsPass
    : intaglio::cpu::impl::DropReturnedArgumentsPassBase<DropReturnedArgumentsPass> {
  LogicalResult drop(func::FuncOp kernel, ArrayRef<func::CallOp> calls) {
    auto terminator = cast<func::ReturnOp>(kernel.getBody().back().getTerminator());
    SmallVector<unsigned> arguments;
    for (Value value : terminator.getOperands()) {
      auto argument = dyn_cast<BlockArgument>(value);
      if (!argument || argument.getOwner() != &kernel.getBody().front())
        return kernel.emitOpError("result ")
               << arguments.size() << " is not computed in a destination argument";
      arguments.push_back(argument.getArgNumber());
    }
    terminator.getOperandsMutable().clear();
    kernel.setType(FunctionType::get(&getContext(), kernel.getArgumentTypes(), {}));
    for (func::CallOp call : calls) {
      for (auto [result, argument] : llvm::zip(call.getResults(), arguments))
        result.replaceAllUsesWith(call.getOperand(argument));
      OpBuilder builder(call);
      func::CallOp::create(builder, call.getLoc(), kernel, call.getOperands());
      call.erase();
    }
    return success();
  }

  void runOnOperation() override {
    llvm::StringMap<SmallVector<func::CallOp>> calls;
    getOperation().walk([&](func::CallOp call) { calls[call.getCallee()].push_back(call); });
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (kernel->hasAttr(kKernelAttr) && !kernel.isDeclaration() && kernel.getNumResults())
        if (failed(drop(kernel, calls[kernel.getName()])))
          return signalPassFailure();
  }
};

} // namespace
