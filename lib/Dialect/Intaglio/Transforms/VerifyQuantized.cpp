//===- VerifyQuantized.cpp - contract of quantize ------------------------------------------===//

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

namespace intaglio {
#define GEN_PASS_DEF_VERIFYQUANTIZEDPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

namespace {
struct VerifyQuantizedPass : intaglio::impl::VerifyQuantizedPassBase<VerifyQuantizedPass> {
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry)
      return signalPassFailure();
    for (Operation &op : entry.getBody().front())
      if (failed(verify(&op)))
        signalPassFailure();
  }

  LogicalResult verify(Operation *op) {
    if (isa<FakeQuantOp, ObserveOp>(op))
      return op->emitOpError("is left after quantize");
    if (isa<QuantizeOp, DequantizeOp, func::ReturnOp>(op) || op->hasAttr(floatReasonAttr) ||
        op->hasTrait<OpTrait::ConstantLike>())
      return success();
    QuantizableOpInterface quantizable = getQuantizable(op);
    for (OpOperand &use : op->getOpOperands()) {
      bool parameter = quantizable &&
                       quantizable.getOperandRole(use.getOperandNumber()) == OperandRole::Parameter;
      if (isFloatTensor(use.get()) && !parameter)
        return op->emitOpError("reads float operand #")
               << use.getOperandNumber() << " and has no '" << floatReasonAttr << "' attribute";
    }
    return success();
  }
};
} // namespace
