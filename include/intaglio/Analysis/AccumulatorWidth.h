//===- AccumulatorWidth.h - proof that integers stay within their width ----------*- C++ -*-===//
//
// Interval analysis of an integer program over its real constants: a `linear` is bounded by
// `sum_k max(w * low_k, w * high_k) + bias` for each channel. What an op states about its
// intermediates (docs/Spec.md, marked R) becomes a proof each, with the bits that are left over.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_ANALYSIS_ACCUMULATORWIDTH_H
#define INTAGLIO_ANALYSIS_ACCUMULATORWIDTH_H

#include "intaglio/Analysis/IntegerRange.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace intaglio {

/// An intermediate of an op and the width that it has to fit.
struct WidthProof {
  mlir::Operation *op;
  std::string quantity;   ///< "accumulator", "product", ...
  std::string constraint; ///< "C-LINEAR-3"
  unsigned bits;          ///< of the signed integer it has to fit
  Interval bounds;        ///< the worst over all channels

  /// Bits that are never used; negative where it may not fit.
  int getSpareBits() const { return static_cast<int>(bits) - int(bounds.signedBits()); }
};

/// The longest row that every integer op can take (C-ISOFTMAX-2, C-IATTENTION-6).
constexpr int64_t largestRow = 65536;

/// The largest sequence of a program: the largest `intaglio.max_dims` of the dynamic axes of its
/// inputs but the first (the batch); `largestRow` where one has none.
int64_t getLargestSequence(mlir::func::FuncOp entry);

/// The widths of all integer ops that `@main` reaches.
class AccumulatorWidths {
public:
  /// Fails with a diagnostic at an op that it cannot bound: one that is unknown, or whose constants
  /// are not at hand.
  static llvm::FailureOr<AccumulatorWidths> compute(mlir::ModuleOp program);

  llvm::ArrayRef<WidthProof> getProofs() const { return proofs; }
  /// The proof with the fewest spare bits, null where there is none.
  const WidthProof *getTightest() const;
  /// Bounds of a value of the program; of i64 inputs those of `intaglio.range`.
  std::optional<IntegerRange> lookup(mlir::Value value) const;

private:
  std::vector<WidthProof> proofs;
  llvm::DenseMap<mlir::Value, IntegerRange> ranges;
};

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_ACCUMULATORWIDTH_H
