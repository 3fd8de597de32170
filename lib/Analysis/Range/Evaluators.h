//===- Evaluators.h - how ops bound their results --------------------------------*- C++ -*-===//

#ifndef INTAGLIO_LIB_ANALYSIS_RANGE_EVALUATORS_H
#define INTAGLIO_LIB_ANALYSIS_RANGE_EVALUATORS_H

#include "intaglio/Analysis/AccumulatorWidth.h"
#include "intaglio/Analysis/Constants.h"
#include "llvm/ADT/StringMap.h"
#include <functional>

namespace intaglio::range {

/// What evaluators know of the program and record of it.
struct Context {
  int64_t largestSequence;
  std::vector<WidthProof> &proofs;

  /// Records that `quantity` of `op` has to fit `bits` bits.
  void require(mlir::Operation *op, llvm::StringRef quantity, llvm::StringRef constraint,
               unsigned bits, const IntegerRange &bounds);
  /// The size of an axis, the largest possible where it is dynamic.
  int64_t sizeOf(mlir::Value tensor, int64_t axis) const;
  /// That of the last axis.
  int64_t lastSize(mlir::Value tensor) const;
};

/// The elements of a constant operand in their order; an error where they are not at hand.
llvm::FailureOr<llvm::SmallVector<int64_t>> constantOf(mlir::Operation *op, mlir::Value operand);

/// Requires that a row has 65536 elements at most.
void requireRow(mlir::Operation *op, llvm::StringRef constraint, int64_t count, Context &context);

/// Bounds of the scores of an attention on bytes, with the proofs that they fit i32 and that the
/// keys are not too many.
Interval boundScores(mlir::Operation *op, mlir::Value query, int64_t heads,
                     llvm::ArrayRef<IntegerRange> operands, llvm::StringRef constraint,
                     Context &context);

/// Bits of an element of the op's result.
unsigned resultBits(mlir::Operation *op);

/// Bounds of the first result from those of the operands; constants and masks have the bounds of
/// their type. Failure comes with a diagnostic.
using EvaluateFn = std::function<llvm::FailureOr<IntegerRange>(
    mlir::Operation *op, llvm::ArrayRef<IntegerRange> operands, Context &context)>;

/// Evaluators by the op's name.
class Evaluators {
public:
  template <typename Op>
  void add(llvm::FailureOr<IntegerRange> (*evaluate)(Op, llvm::ArrayRef<IntegerRange>, Context &)) {
    byName[Op::getOperationName()] =
        [evaluate](mlir::Operation *op, llvm::ArrayRef<IntegerRange> operands, Context &context) {
          return evaluate(llvm::cast<Op>(op), operands, context);
        };
  }
  const EvaluateFn *lookup(mlir::Operation *op) const;

private:
  llvm::StringMap<EvaluateFn> byName;
};

/// The evaluators by family.
void addElementwise(Evaluators &evaluators);
void addProducts(Evaluators &evaluators);
void addRows(Evaluators &evaluators);
void addSequences(Evaluators &evaluators);
void addIbert(Evaluators &evaluators);

} // namespace intaglio::range

#endif // INTAGLIO_LIB_ANALYSIS_RANGE_EVALUATORS_H
