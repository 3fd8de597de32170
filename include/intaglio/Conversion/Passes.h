//===- Passes.h - conversions between dialects ---------------------------------------------===//

#ifndef INTAGLIO_CONVERSION_PASSES_H
#define INTAGLIO_CONVERSION_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace intaglio {

/// On a `rescale`: its shifted product, moved to the zero point, fits i32.
inline constexpr llvm::StringLiteral kWordAttr = "intaglio.word";

#define GEN_PASS_DECL
#include "intaglio/Conversion/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "intaglio/Conversion/Passes.h.inc"

} // namespace intaglio

#endif // INTAGLIO_CONVERSION_PASSES_H
