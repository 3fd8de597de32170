//===- Passes.h - passes from a float graph to an integer program --------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_PASSES_H
#define INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_PASSES_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Pass/Pass.h"

namespace intaglio {

#define GEN_PASS_DECL
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h.inc"

/// The function `@main` of one block that a program begins with, or null after an error.
mlir::func::FuncOp lookupEntry(mlir::ModuleOp module);

} // namespace intaglio

#endif // INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_PASSES_H
