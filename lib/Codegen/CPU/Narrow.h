//===- Narrow.h - 32-bit lanes to 16-bit and 8-bit ones -------------------------------------===//

#ifndef INTAGLIO_LIB_CODEGEN_CPU_NARROW_H
#define INTAGLIO_LIB_CODEGEN_CPU_NARROW_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

namespace intaglio::cpu {

/// `op` and the ops before it that one of the patterns below turns into instructions together with
/// it, of vectors of any shape; empty where none does.
llvm::SmallVector<mlir::Operation *> opsOfNarrowing(mlir::arith::TruncIOp op);

/// Saturating packs for clamped truncations, and high halves of 16-bit products, on vectors of rank
/// 1 that fill registers of 512 bits.
void populateNarrowingPatterns(mlir::RewritePatternSet &patterns);

} // namespace intaglio::cpu

#endif // INTAGLIO_LIB_CODEGEN_CPU_NARROW_H
