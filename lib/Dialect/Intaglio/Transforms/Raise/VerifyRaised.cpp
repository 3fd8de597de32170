//===- VerifyRaised.cpp - no source op is left ----------------------------------------------===//

#include "Raise.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>

namespace intaglio {
#define GEN_PASS_DEF_VERIFYRAISEDPASS
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
} // namespace intaglio

using namespace mlir;
using namespace intaglio;
using namespace intaglio::raise;

namespace {

/// What an operator can be part of.
StringRef nearestOf(StringRef opType) {
  return llvm::StringSwitch<StringRef>(opType)
      .Case("MatMul", "linear (a product with a constant matrix [in, out]) and attention")
      .Case("Gemm", "linear (a product with a constant matrix and vector)")
      .Case("Add", "add of two tensors of one shape, a linear's or a normalization's bias, and the "
                   "mask of attention")
      .Case("Mul",
            "mul of two tensors of one shape, gelu, silu, a normalization's gain and the scale "
            "of attention")
      .Cases({"Div", "Sub", "Sqrt", "Reciprocal", "Pow", "ReduceMean"},
             "layer_norm and rms_norm over the last axis")
      .Case("LayerNormalization", "layer_norm over the last axis with constant gain and bias")
      .Cases({"ReduceSum", "ReduceL2", "Clip"},
             "pool over axis 1 and l2_normalize over the last axis")
      .Case("ReduceMax", "pool over axis 1")
      .Case("LpNormalization", "l2_normalize over the last axis")
      .Cases({"Erf", "Gelu", "Sigmoid", "Tanh"}, "gelu, silu, sigmoid and tanh")
      .Cases({"Max", "Min", "Relu"}, "relu")
      .Case("Gather", "embedding (rows of a constant table by an input's ids or positions) and the "
                      "first token of a sequence")
      .Cases({"Softmax", "Where", "IsNaN"}, "attention, and softmax over the last axis")
      .Cases({"Reshape", "Transpose", "Unsqueeze", "Squeeze", "Flatten", "Expand"},
             "attention, which splits heads and puts them side by side")
      .Case("Slice", "the first token of a sequence")
      .Default("arithmetic of shapes, ids and masks");
}

/// Whether the op makes numbers: not shapes, ids or flags that only other source ops read.
bool computes(SourceOp op) {
  for (Value result : op.getResults()) {
    if (!isa<IntegerType>(getElementTypeOrSelf(result.getType())))
      return true;
    for (Operation *user : result.getUsers())
      if (!isa<SourceOp>(user))
        return true;
  }
  return false;
}

/// A weight that holds an infinity: no scale can be found for it.
LogicalResult verifyFinite(arith::ConstantOp op) {
  std::optional<ArrayRef<float>> values = readFloats(op);
  if (!values || op->use_empty())
    return success();
  const float *found = llvm::find_if_not(*values, [](float value) { return std::isfinite(value); });
  if (found == values->end())
    return success();
  return emitError(op.getLoc()) << "element " << found - values->begin()
                                << (std::isnan(*found) ? " is NaN" : " is infinite");
}

struct VerifyRaisedPass : intaglio::impl::VerifyRaisedPassBase<VerifyRaisedPass> {
  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    if (getOperation().getOps<SourceOp>().empty())
      for (auto op : getOperation().getOps<arith::ConstantOp>())
        if (failed(verifyFinite(op)))
          signalPassFailure();
    for (SourceOp op : getOperation().getOps<SourceOp>()) {
      signalPassFailure();
      if (computes(op))
        emitError(op.getLoc()) << "operator '" << op.getOpType() << "' (opset " << op.getOpset()
                               << ") is part of no pattern that is known; nearest: "
                               << nearestOf(op.getOpType());
    }
  }
};

} // namespace
