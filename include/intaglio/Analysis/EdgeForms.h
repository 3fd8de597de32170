//===- EdgeForms.h - in which integers each edge of a float graph will be -------*- C++ -*-===//
//
// An edge is a float value of the graph: a result of an op, an argument, or a constant that an op
// reads as an activation. What it must be follows from `QuantizableOpInterface` of the op that
// makes it and of those that read it. The answers are the same before and after `observe` and
// `fake_quant` ops stand on the edges.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_ANALYSIS_EDGEFORMS_H
#define INTAGLIO_ANALYSIS_EDGEFORMS_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace intaglio {

/// The attribute on an op that stays float; its text is the reason.
inline constexpr llvm::StringLiteral floatReasonAttr = "intaglio.float";

/// The op's interface where it is to become integers, else null.
QuantizableOpInterface getQuantizable(mlir::Operation *op);

/// Whether the value holds float elements.
bool isFloatTensor(mlir::Value value);

/// Whether the role is one of data that flows, not of a constant, ids or a mask.
bool isActivation(OperandRole role);

/// How an edge is calibrated.
struct EdgeForm {
  /// What the op that makes the value gives; Narrow where it is float.
  ResultForm form = ResultForm::Narrow;
  /// Whether the value is made in float: an argument, a constant, the result of a float op.
  bool madeInFloat = true;
  /// Which calibrated forms are read: i8 (symmetric where one reader wants it), i16.
  bool byte = false, symmetric = false, wide = false;

  /// Whether calibration has to find a range.
  bool needsRange() const { return byte || wide; }
};

/// The forms of all edges of a function of one block.
class EdgeForms {
public:
  explicit EdgeForms(mlir::func::FuncOp function);

  /// The form of the edge that `value` belongs to.
  EdgeForm lookup(mlir::Value value) const { return forms.lookup(getSource(value)); }

  /// The value that the edge begins with: looks through `observe` and `fake_quant`.
  static mlir::Value getSource(mlir::Value value);

  /// The form in which the operand is read.
  OperandRole roleOf(mlir::OpOperand &use) const;

  /// Whether the operand reads a calibrated form of its edge, not the value as it is made.
  bool readsCalibrated(mlir::OpOperand &use) const;

  /// Whether it reads the i8 form where it reads a calibrated one.
  bool readsByte(mlir::OpOperand &use) const;

private:
  void addResult(mlir::Operation *op);
  void addUse(mlir::OpOperand &use);

  llvm::DenseMap<mlir::Value, EdgeForm> forms;
};

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_EDGEFORMS_H
