//===- Passes.h - passes from source ops to graph ops ---------------------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_RAISE_PASSES_H
#define INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_RAISE_PASSES_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace intaglio {

#define GEN_PASS_DECL
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h.inc"

} // namespace intaglio

#endif // INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_RAISE_PASSES_H
