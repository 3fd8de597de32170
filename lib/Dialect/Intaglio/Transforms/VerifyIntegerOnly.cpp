//===- VerifyIntegerOnly.cpp - contract of integerize: float at the boundary only ----------===//

#include "intaglio/Analysis/EdgeForms.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"

namespace intaglio {
#define GEN_PASS_DEF_VERIFYINTEGERONLYPASS
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;

/// Whether a type or attribute is float, holds one or names one.
template <typename T>
static bool hasFloat(T root) {
  if (!root)
    return false;
  auto isFloat = [](auto element) {
    using Element = decltype(element);
    bool found = false;
    if constexpr (std::is_base_of_v<Attribute, Element>)
      found = isa<FloatAttr>(element);
    else
      found = isa<FloatType, quant::QuantizedType>(element);
    return found ? WalkResult::interrupt() : WalkResult::advance();
  };
  return root
      .walk([&](Type type) { return isFloat(type); },
            [&](Attribute attribute) { return isFloat(attribute); })
      .wasInterrupted();
}

namespace {
struct VerifyIntegerOnlyPass : intaglio::impl::VerifyIntegerOnlyPassBase<VerifyIntegerOnlyPass> {
  void runOnOperation() override {
    func::FuncOp entry = lookupEntry(getOperation());
    if (!entry || failed(verifyEntry(entry)))
      return signalPassFailure();
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function != entry && failed(verifyInteger(function)))
        signalPassFailure();
  }

  /// The entry quantizes, calls, dequantizes, and holds what is float on purpose.
  LogicalResult verifyEntry(func::FuncOp entry) {
    bool calls = false;
    for (Operation &op : entry.getBody().front()) {
      calls |= isa<func::CallOp>(op);
      if (isa<QuantizeOp, DequantizeOp, func::CallOp, func::ReturnOp>(op) ||
          op.hasAttr(floatReasonAttr) || op.hasTrait<OpTrait::ConstantLike>())
        continue;
      return op.emitOpError(
                 "stands in @main, where only quantize, dequantize, calls and ops with '")
             << floatReasonAttr << "' are allowed";
    }
    if (!calls)
      return entry.emitOpError("calls no integer function");
    return success();
  }

  LogicalResult verifyInteger(func::FuncOp function) {
    if (hasFloat(function.getFunctionType()))
      return function.emitOpError("takes or gives floats: ") << function.getFunctionType();
    LogicalResult result = success();
    function.getBody().walk([&](Operation *op) {
      bool isFloat =
          llvm::any_of(op->getOperandTypes(), [](Type type) { return hasFloat(type); }) ||
          llvm::any_of(op->getResultTypes(), [](Type type) { return hasFloat(type); });
      if (isFloat) {
        op->emitOpError("works on floats in the integer function @") << function.getName();
        result = failure();
        return;
      }
      for (NamedAttribute attribute : op->getAttrs()) {
        if (!hasFloat(attribute.getValue()))
          continue;
        op->emitOpError("has the float attribute '")
            << attribute.getName().getValue() << "' in the integer function @"
            << function.getName();
        result = failure();
      }
    });
    return result;
  }
};
} // namespace
