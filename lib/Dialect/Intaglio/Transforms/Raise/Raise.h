//===- Raise.h - what the raise passes share ------------------------------------------------===//

#ifndef INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_RAISE_RAISE_H
#define INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_RAISE_RAISE_H

#include "intaglio/Analysis/SourceAccess.h"
#include "intaglio/Analysis/SymbolicTensors.h"
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h"

#include "mlir/IR/PatternMatch.h"

namespace intaglio::raise {

using Exprs = SymbolicTensor::Exprs;

/// A pattern over source ops that compares what is known of their operands symbolically. A near
/// miss, a place where the user would expect the pattern, is told by `miss`.
class SourcePattern : public mlir::OpRewritePattern<SourceOp> {
public:
  SourcePattern(mlir::MLIRContext *context, SymbolicTensors &tensors)
      : OpRewritePattern(context), tensors(tensors), context(tensors.getContext()) {}

protected:
  /// The coordinates of a tensor of this shape.
  Exprs identity(llvm::ArrayRef<SymbolicExpr> shape) const { return tensors.getIdentity(shape); }
  /// The element of `value` at its own coordinates.
  SymbolicExpr elementOf(mlir::Value value) const;
  /// Whether the shapes are known and the same.
  bool haveSameShape(mlir::Value a, mlir::Value b) const;
  /// The tensor whose element `body` is, where it is just that; null otherwise.
  mlir::Value getLoaded(const SymbolicExpr &body) const;
  /// The tensor of shape `shape` whose elements `body` gives unmoved; null where there is none.
  mlir::Value getWhole(const SymbolicExpr &body, const Exprs &shape) const;
  /// The constant to which `value`'s element at the coordinates of `result` comes down, when those
  /// are its last axis only; its type is a vector. Null where there is none.
  mlir::Value getChannels(mlir::PatternRewriter &rewriter, mlir::Value value,
                          mlir::Value result) const;
  /// The source op that makes `value`, when it is of this operator.
  SourceOp getSource(mlir::Value value, llvm::StringRef opType) const;
  /// `value` as a ranked f32 tensor; null for others.
  mlir::RankedTensorType getFloatType(mlir::Value value) const;

  SymbolicTensors &tensors;
  SymbolicContext &context;
};

/// Fails, and keeps the reason for a remark: `nearly WHAT: WHY`.
inline mlir::LogicalResult miss(mlir::PatternRewriter &rewriter, mlir::Operation *op,
                                const llvm::Twine &what, const llvm::Twine &why) {
  return rewriter.notifyMatchFailure(op, "nearly " + what + ": " + why);
}

/// Applies patterns once to each source op, in program order; then removes what is dead, and emits
/// the remarks of `miss` for ops that are still there.
void applyPatterns(
    mlir::func::FuncOp function,
    llvm::function_ref<void(mlir::RewritePatternSet &patterns, SymbolicTensors &tensors)> populate);

/// Whether the value holds ids or flags: INT64, or INT32 as some exporters have them.
bool holdsIndices(mlir::Value value);
/// An input of ids or flags as graph ops read it: one of INT32 is widened where the function
/// begins.
mlir::Value widenIndices(mlir::PatternRewriter &rewriter, mlir::Value input);
/// The input that `indices` is, perhaps widened; null for other values.
mlir::BlockArgument getInput(mlir::Value indices);

/// Removes ops without effect and without users.
void eraseDeadOps(mlir::func::FuncOp function);

/// Whether the numbers agree as far as constants in f32 can.
inline bool isClose(double a, double b) { return std::abs(a - b) <= 1e-5 * std::abs(b); }

/// The elements of a constant of f32 in memory order; a splat gives one. None for other values.
std::optional<llvm::ArrayRef<float>> readFloats(mlir::Value constant);
/// As many elements as the type has.
std::optional<llvm::SmallVector<float>> readVector(mlir::Value constant);
/// A constant of f32; a large one is a resource that owns the data.
mlir::TypedAttr makeConstant(mlir::RankedTensorType type, llvm::ArrayRef<float> values,
                             llvm::StringRef name);
/// The same data under another type of as many elements; null where there is no such constant.
mlir::TypedAttr reshapeConstant(mlir::Value constant, mlir::RankedTensorType type);

/// The location of an op whose node has no path as its name (or, with `always`, of any), after the
/// parameter that it reads: `encoder.layer.0.dense.bias` gives `encoder.layer.0.dense`.
mlir::Location nameAfter(mlir::Location location, mlir::Value parameter, bool always = false);

} // namespace intaglio::raise

#endif // INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_RAISE_RAISE_H
