//===- Kernel.h - loops around scalar formulas ---------------------------------------------===//
//
// What the patterns of all op families share. An op whose result the kernel returns writes into the
// kernel's destination (its last argument); any other result is a new tensor.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_CONVERSION_INTAGLIOTOLINALG_KERNEL_H
#define INTAGLIO_CONVERSION_INTAGLIOTOLINALG_KERNEL_H

#include "Term.h"
#include "mlir/IR/PatternMatch.h"

namespace intaglio {

using TermFn = llvm::function_ref<Term(llvm::ArrayRef<Term>)>;

/// Where `op`'s one result goes. Dynamic sizes are those of its first operand that is no constant
/// array (`lead`), axis by axis.
mlir::Value destination(mlir::ImplicitLocOpBuilder &b, mlir::Operation *op, mlir::Value lead);

/// Replaces `op` by one `linalg.generic` over all elements. `activations` have the result's shape,
/// `channels` have one element for each index of the last axis, or one in all.
llvm::LogicalResult mapElements(mlir::PatternRewriter &rewriter, mlir::Operation *op,
                                mlir::ValueRange activations, mlir::ValueRange channels,
                                TermFn body);

/// A new value of `into`'s shape: `body` of the elements of `rows`, tensors of the same rank 1.
mlir::Value mapRow(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange rows, mlir::Value into,
                   TermFn body);

/// Folds the elements of `rows` into `init`; the body's first term is the accumulator.
Term reduceRow(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange rows, Term init, TermFn body);

/// Folds axis 0 of `matrix` (rank 2) and of `weights` (rank 1, any number) into a copy of `init`
/// (rank 1); the terms are accumulator, element, weights.
mlir::Value reduceColumns(mlir::ImplicitLocOpBuilder &b, mlir::Value matrix,
                          mlir::ValueRange weights, mlir::Value init, TermFn body);

using RowFn = llvm::function_ref<mlir::Value(mlir::ImplicitLocOpBuilder &,
                                             llvm::ArrayRef<mlir::Value> rows, mlir::Value into)>;

/// Replaces `op`, the result of which has rank 2, by a loop over axis 0. The body gets index i of
/// each activation: a tensor of one axis less, or a scalar; and the row to write.
llvm::LogicalResult mapRows(mlir::PatternRewriter &rewriter, mlir::Operation *op,
                            mlir::ValueRange activations, RowFn body);

/// `tensor[index, ...]` without axis 0.
mlir::Value slice(mlir::ImplicitLocOpBuilder &b, mlir::Value tensor, mlir::Value index);
/// Columns `offset ... offset + width` of row `index` of axis 0 of a rank-3 tensor: rank 2.
mlir::Value slice(mlir::ImplicitLocOpBuilder &b, mlir::Value tensor, mlir::Value index,
                  mlir::Value offset, int64_t width);
/// Puts a row (or matrix) back at `index` of axis 0.
mlir::Value insert(mlir::ImplicitLocOpBuilder &b, mlir::Value part, mlir::Value tensor,
                   mlir::Value index);

/// A tensor of `element` with the static or dynamic size of axis `axis` of `like`, filled by
/// `value`.
mlir::Value filled(mlir::ImplicitLocOpBuilder &b, mlir::Value like, int64_t axis, Term value);

/// Element `index` of a rank-1 tensor.
Term element(mlir::ImplicitLocOpBuilder &b, mlir::Value tensor, mlir::Value index);

/// An integer constant as a term.
Term integerTerm(mlir::ImplicitLocOpBuilder &b, int64_t value, unsigned bits);
/// A float constant as a term of f32.
Term floatTerm(mlir::ImplicitLocOpBuilder &b, double value);

void populateElementwiseIntegerPatterns(mlir::RewritePatternSet &patterns);
void populateNormIntegerPatterns(mlir::RewritePatternSet &patterns);
void populateSequencePatterns(mlir::RewritePatternSet &patterns);
void populateAttentionPatterns(mlir::RewritePatternSet &patterns);
void populateFloatPatterns(mlir::RewritePatternSet &patterns);
/// `quantize` and `dequantize` on the bit patterns of float32, for targets without floats.
void populateIntegerBoundaryPatterns(mlir::RewritePatternSet &patterns);
void populateLinearPatterns(mlir::RewritePatternSet &patterns);

} // namespace intaglio

#endif // INTAGLIO_CONVERSION_INTAGLIOTOLINALG_KERNEL_H
