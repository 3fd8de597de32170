//===- Passes.h - from a graph to scheduled kernels ----------------------------------------===//

#ifndef INTAGLIO_CODEGEN_PASSES_H
#define INTAGLIO_CODEGEN_PASSES_H

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"

namespace intaglio {

/// Distance of two arrays of the weights blob is a multiple of this, in bytes.
constexpr int64_t weightsAlignment = 64;

#define GEN_PASS_DECL
#include "intaglio/Codegen/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "intaglio/Codegen/Passes.h.inc"

} // namespace intaglio

#endif // INTAGLIO_CODEGEN_PASSES_H
