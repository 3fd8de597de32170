//===- EdgeForms.cpp - in which integers each edge of a float graph will be ----------------===//

#include "intaglio/Analysis/EdgeForms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace intaglio;

QuantizableOpInterface intaglio::getQuantizable(Operation *op) {
  return op->hasAttr(floatReasonAttr) ? QuantizableOpInterface()
                                      : dyn_cast<QuantizableOpInterface>(op);
}

bool intaglio::isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

bool intaglio::isActivation(OperandRole role) { return role <= OperandRole::Accumulator; }

static bool isByteRole(OperandRole role) {
  return role == OperandRole::Activation8 || role == OperandRole::Activation8Symmetric;
}

/// Whether an operand of `role` takes what an op of result form `form` gives as it is.
static bool accepts(OperandRole role, ResultForm form) {
  switch (role) {
  case OperandRole::Accumulator:
    return form >= ResultForm::Stream;
  case OperandRole::Word:
    return form == ResultForm::Stream || form == ResultForm::Word;
  case OperandRole::Stream16:
    return form == ResultForm::Stream;
  default:
    return false;
  }
}

/// A float op or a return takes whatever it gets. A reader that would take the value as it is made,
/// but reads it observed, wants bytes: an activation by table.
OperandRole EdgeForms::roleOf(OpOperand &use) const {
  QuantizableOpInterface op = getQuantizable(use.getOwner());
  if (!op)
    return OperandRole::Accumulator;
  OperandRole role = op.getOperandRole(use.getOperandNumber());
  EdgeForm edge = lookup(use.get());
  bool calibrated = isa_and_nonnull<ObserveOp, FakeQuantOp>(use.get().getDefiningOp());
  return role == OperandRole::Accumulator && calibrated && !edge.madeInFloat &&
                 edge.form >= ResultForm::Stream
             ? OperandRole::Activation8
             : role;
}

EdgeForms::EdgeForms(func::FuncOp function) {
  if (function.isExternal())
    return;
  Block &body = function.getBody().front();
  for (Value argument : body.getArguments())
    if (isFloatTensor(argument))
      forms[argument] = {};
  for (Operation &op : body)
    addResult(&op);
  for (Operation &op : body)
    if (!isa<ObserveOp, FakeQuantOp>(op))
      for (OpOperand &use : op.getOpOperands())
        addUse(use);
}

Value EdgeForms::getSource(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<ObserveOp, FakeQuantOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

void EdgeForms::addResult(Operation *op) {
  if (isa<ObserveOp, FakeQuantOp>(op))
    return;
  for (Value result : op->getResults()) {
    if (!isFloatTensor(result))
      continue;
    EdgeForm edge;
    if (QuantizableOpInterface quantizable = getQuantizable(op)) {
      OpOperand &first = op->getOpOperand(0);
      ResultForm arrives = lookup(first.get()).form;
      if (readsCalibrated(first))
        arrives = readsByte(first) ? ResultForm::Byte : ResultForm::Narrow;
      edge.form = quantizable.getResultForm(arrives);
      edge.madeInFloat = false;
    }
    forms[result] = edge;
  }
}

void EdgeForms::addUse(OpOperand &use) {
  auto it = forms.find(getSource(use.get()));
  if (it == forms.end() || !isActivation(roleOf(use)) || !readsCalibrated(use))
    return;
  if (!readsByte(use)) {
    it->second.wide = true;
    return;
  }
  it->second.byte = true;
  it->second.symmetric |= roleOf(use) == OperandRole::Activation8Symmetric;
}

bool EdgeForms::readsCalibrated(OpOperand &use) const {
  EdgeForm edge = lookup(use.get());
  // What is made in float and read in float stays so.
  if (edge.madeInFloat && !getQuantizable(use.getOwner()))
    return false;
  return edge.madeInFloat || !accepts(roleOf(use), edge.form);
}

bool EdgeForms::readsByte(OpOperand &use) const {
  OperandRole role = roleOf(use);
  EdgeForm edge = lookup(use.get());
  return isByteRole(role) ||
         (role == OperandRole::Accumulator && !edge.madeInFloat && edge.form == ResultForm::Byte);
}
