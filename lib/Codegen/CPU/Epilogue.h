//===- Epilogue.h - what happens to accumulators before they are written --------------------===//

#ifndef INTAGLIO_LIB_CODEGEN_CPU_EPILOGUE_H
#define INTAGLIO_LIB_CODEGEN_CPU_EPILOGUE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace intaglio::cpu {

/// Patterns on vectors of one dimension: 64-bit products of 32-bit numbers by even and odd lanes.
void populateEpiloguePatterns(mlir::RewritePatternSet &patterns);

/// Puts what a write needs right before it, so that few values are alive at a time: vectorization
/// leaves all registers of a tile side by side at each step of the epilogue.
void orderByWrites(mlir::func::FuncOp kernel);

} // namespace intaglio::cpu

#endif // INTAGLIO_LIB_CODEGEN_CPU_EPILOGUE_H
