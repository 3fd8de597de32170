//===- SymbolicOps.h - symbolic meaning of the source ops -----------------------------------===//

#ifndef INTAGLIO_LIB_ANALYSIS_SYMBOLICOPS_H
#define INTAGLIO_LIB_ANALYSIS_SYMBOLICOPS_H

#include "intaglio/Analysis/SourceAccess.h"
#include "intaglio/Analysis/SymbolicTensors.h"

namespace intaglio {

/// Tensors with more elements are not read one by one.
inline constexpr size_t kMaxElements = 64;

/// Evaluates one op. Each function gives what is known; a rank that cannot be stays unknown.
class OpEvaluator {
public:
  OpEvaluator(SymbolicTensors &tensors, SourceOp op)
      : tensors(tensors), context(tensors.getContext()), op(op), access(op) {}

  SymbolicTensor evaluate();

private:
  using Exprs = SymbolicTensor::Exprs;

  mlir::Value input(unsigned index) { return access.input(index); }
  std::optional<Exprs> shapeOf(unsigned index);
  /// The integers of the attribute `name`, or of input `index` in newer opsets.
  std::optional<llvm::SmallVector<int64_t>> axes(llvm::StringRef name, unsigned index);
  std::optional<int64_t> axisAttr(llvm::StringRef name, int64_t missing, size_t rank);
  bool isInteger();

  // Element by element, reductions and products: SymbolicOps.cpp.
  std::optional<Exprs> broadcast(llvm::ArrayRef<Exprs> shapes);
  SymbolicTensor elementwise();
  std::optional<SymbolicExpr> apply(llvm::ArrayRef<SymbolicExpr> args);
  /// Whether this is an element of a softmax, which is taken to be a number: a row with no key
  /// gives zeros, where some exporters' graphs make NaN and replace it.
  bool isSoftmax(const SymbolicExpr &expr);
  SymbolicTensor like();
  SymbolicTensor cumSum();
  SymbolicTensor reduce();
  SymbolicTensor matMul();
  SymbolicTensor gemm();

  // Shapes, and elements that move to other coordinates: SymbolicMovement.cpp.
  /// A tensor of `shape` whose element at its coordinates is that of input 0 at `indices`.
  SymbolicTensor move(const Exprs &shape, const Exprs &indices);
  SymbolicTensor shape();
  SymbolicTensor gather();
  SymbolicTensor gatherElements();
  SymbolicTensor gatherND();
  SymbolicTensor unsqueeze();
  SymbolicTensor squeeze();
  SymbolicTensor concat();
  SymbolicTensor slice();
  SymbolicTensor range();
  SymbolicTensor expand();
  SymbolicTensor constantOfShape();
  SymbolicTensor reshapeOp();
  SymbolicTensor flatten();
  SymbolicTensor reshape(const Exprs &shape);
  SymbolicTensor transpose();

  SymbolicTensors &tensors;
  SymbolicContext &context;
  SourceOp op;
  SourceAccess access;
};

/// What the op's first result is, from what its operands are.
SymbolicTensor evaluateSource(SymbolicTensors &tensors, SourceOp op);

} // namespace intaglio

#endif // INTAGLIO_LIB_ANALYSIS_SYMBOLICOPS_H
