//===- VerifyCalibrated.cpp - contract of calibrate ----------------------------------------===//

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

namespace intaglio {
#define GEN_PASS_DEF_VERIFYCALIBRATEDPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

/// Whether `type` is what an operand of `role` reads, and how that is called.
static bool isFormOf(OperandRole role, Type type) {
  auto uniform = dyn_cast<UniformQuantizedType>(type);
  unsigned width = uniform ? uniform.getStorageTypeIntegralWidth() : 0;
  bool symmetric = uniform && uniform.getZeroPoint() == 0;
  switch (role) {
  case OperandRole::Activation8:
    return width == 8;
  case OperandRole::Activation8Symmetric:
    return width == 8 && symmetric && uniform.getStorageTypeMin() == -127;
  case OperandRole::Stream16:
  case OperandRole::Word:
    return width == 16 && symmetric;
  case OperandRole::Accumulator:
    return width == 8 || width == 16;
  case OperandRole::Weight:
  case OperandRole::Table: {
    auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(type);
    return perAxis && perAxis.getQuantizedDimension() == 0 && perAxis.getStorageTypeMin() == -127;
  }
  default:
    return true;
  }
}

static StringRef describe(OperandRole role) {
  switch (role) {
  case OperandRole::Activation8:
    return "i8 per tensor";
  case OperandRole::Activation8Symmetric:
    return "i8 in [-127, 127] per tensor, zero point 0";
  case OperandRole::Weight:
  case OperandRole::Table:
    return "i8 in [-127, 127] for each index of axis 0";
  default:
    return "i16 per tensor, zero point 0";
  }
}

static LogicalResult verifyOperand(QuantizableOpInterface op, OpOperand &use,
                                   const EdgeForms &forms) {
  OperandRole role = op.getOperandRole(use.getOperandNumber());
  bool constant = role == OperandRole::Weight || role == OperandRole::Table;
  if (!constant && (!isActivation(role) || !forms.readsCalibrated(use)))
    return success();
  auto fake = use.get().getDefiningOp<FakeQuantOp>();
  if (!fake)
    return op.emitOpError("operand #")
           << use.getOperandNumber() << " carries no fake_quant; expected one to "
           << describe(role);
  if (!isFormOf(role, fake.getQuantized()))
    return op.emitOpError("expects operand #") << use.getOperandNumber() << " as " << describe(role)
                                               << ", found " << fake.getQuantized();
  return success();
}

namespace {
struct VerifyCalibratedPass : intaglio::impl::VerifyCalibratedPassBase<VerifyCalibratedPass> {
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry)
      return signalPassFailure();
    EdgeForms forms(entry);
    for (Operation &op : entry.getBody().front())
      if (failed(verify(&op, forms)))
        signalPassFailure();
  }

  LogicalResult verify(Operation *op, const EdgeForms &forms) {
    if (isa<FakeQuantOp>(op) || op->hasAttr(floatReasonAttr) ||
        op->hasTrait<OpTrait::ConstantLike>())
      return success();
    if (isa<ObserveOp>(op))
      return op->emitOpError("is left; its edge has no fake_quant");
    QuantizableOpInterface quantizable = getQuantizable(op);
    for (OpOperand &use : op->getOpOperands()) {
      if (!quantizable && isFloatTensor(use.get()) && !isa<func::ReturnOp>(op))
        return op->emitOpError("has no integer form and no '") << floatReasonAttr << "' attribute";
      if (quantizable && failed(verifyOperand(quantizable, use, forms)))
        return failure();
    }
    return success();
  }
};
} // namespace
