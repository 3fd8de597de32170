//===- Evaluators.h - how the families of ops join the interpreter --------------------------===//

#ifndef INTAGLIO_LIB_REFERENCE_EVALUATORS_H
#define INTAGLIO_LIB_REFERENCE_EVALUATORS_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Reference/Interpreter.h"

namespace intaglio::reference {

/// A tensor of real numbers.
struct Reals {
  llvm::SmallVector<int64_t> shape;
  std::vector<double> values;

  explicit operator bool() const { return !shape.empty() || !values.empty(); }
  /// Elements of the last axis; a scalar is a row of one.
  int64_t last() const { return shape.empty() ? 1 : shape.back(); }
  /// Rows of the last axis; the axis may have no elements.
  int64_t rows() const { return last() == 0 ? 0 : int64_t(values.size()) / last(); }
  double *row(int64_t index) { return values.data() + index * last(); }
  const double *row(int64_t index) const { return values.data() + index * last(); }
};

/// The operands of an `Op` by name, each a tensor; an optional one that is missing is false.
template <typename Op>
using In = typename Op::template GenericAdaptor<llvm::ArrayRef<Tensor>>;
/// The same as real numbers.
template <typename Op>
using RealIn = typename Op::template GenericAdaptor<llvm::ArrayRef<Reals>>;

/// The one result of `op`: its type with the dynamic sizes filled in by `shape`. Fails where they
/// contradict it or the tensor does not fit the memory.
llvm::FailureOr<mlir::RankedTensorType> resultType(mlir::Operation *op,
                                                   llvm::ArrayRef<int64_t> shape);
llvm::FailureOr<Tensor> makeResult(mlir::Operation *op, llvm::ArrayRef<int64_t> shape);

/// Real values, rounded once to the result's elements.
llvm::FailureOr<Tensor> roundResult(mlir::Operation *op, const Reals &reals);

Reals toReals(const Tensor &tensor);

/// Fails where two tensors that the types allow to differ do differ in shape.
llvm::LogicalResult expectSameShape(mlir::Operation *op, llvm::ArrayRef<int64_t> expected,
                                    llvm::ArrayRef<int64_t> found);

/// Fails unless `mask` is missing or is `[batch, sequence]` of `[batch, sequence, ...]` data.
llvm::LogicalResult expectMask(mlir::Operation *op, bool hasMask, llvm::ArrayRef<int64_t> mask,
                               llvm::ArrayRef<int64_t> data);

/// `sum a[k] * b[k]`, exact.
int64_t dotBytes(const int8_t *a, const int8_t *b, int64_t size);

/// Softmax in place.
void softmaxOf(llvm::MutableArrayRef<double> row);

/// Adds a function of tensors as the meaning of `Op`.
template <typename Op>
void add(Interpreter &interpreter, llvm::FailureOr<Tensor> (*evaluate)(Op, In<Op>)) {
  interpreter.add(
      Op::getOperationName(),
      [evaluate](mlir::Operation *op, llvm::ArrayRef<Tensor> operands) -> llvm::FailureOr<Tensors> {
        auto typed = llvm::cast<Op>(op);
        llvm::FailureOr<Tensor> result = evaluate(typed, In<Op>(operands, typed));
        if (failed(result))
          return llvm::failure();
        return Tensors{std::move(*result)};
      });
}

/// Adds a function of real numbers as the meaning of `Op`: operands are read as `S * (q - z)`, the
/// result is rounded once (C-GRAPH-1).
template <typename Op>
void addReal(Interpreter &interpreter, llvm::FailureOr<Reals> (*evaluate)(Op, RealIn<Op>)) {
  interpreter.add(
      Op::getOperationName(),
      [evaluate](mlir::Operation *op, llvm::ArrayRef<Tensor> operands) -> llvm::FailureOr<Tensors> {
        auto typed = llvm::cast<Op>(op);
        auto reals = llvm::map_to_vector(operands, toReals);
        llvm::FailureOr<Reals> result =
            evaluate(typed, RealIn<Op>(llvm::ArrayRef<Reals>(reals), typed));
        if (failed(result))
          return llvm::failure();
        llvm::FailureOr<Tensor> rounded = roundResult(op, *result);
        if (failed(rounded))
          return llvm::failure();
        return Tensors{std::move(*rounded)};
      });
}

void addElementwiseGraphOps(Interpreter &interpreter);
void addRowGraphOps(Interpreter &interpreter);
void addSequenceGraphOps(Interpreter &interpreter);
void addProducts(Interpreter &interpreter);
void addQuantOps(Interpreter &interpreter);
void addElementwiseIntegerOps(Interpreter &interpreter);
void addRowIntegerOps(Interpreter &interpreter);
void addSequenceIntegerOps(Interpreter &interpreter);
void addTensorOps(Interpreter &interpreter);
void addSourceOps(Interpreter &interpreter);

} // namespace intaglio::reference

#endif // INTAGLIO_LIB_REFERENCE_EVALUATORS_H
