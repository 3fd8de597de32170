//===- DescribeStep.h - what a profile says of a kernel's call ------------------*- C++ -*-===//

#ifndef INTAGLIO_CODEGEN_DESCRIBESTEP_H
#define INTAGLIO_CODEGEN_DESCRIBESTEP_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace intaglio {

/// The attribute of a kernel's call that `describeStep` makes; on the module, the array of all in
/// the schedule's order, each with its "kernel".
inline constexpr llvm::StringLiteral stepAttr = "intaglio.step";
inline constexpr llvm::StringLiteral stepsAttr = "intaglio.steps";

/// Describes the call that computes `group`: "kind" (of the first op), "source" (names of the ops'
/// locations), "multiply_adds" of its matrix products without the dynamic dims, and "dims", the
/// names of those that it is to be multiplied by. `sizesOf` gives the sizes of an operand or
/// result: numbers, dims of the entry's arguments and products of them.
mlir::DictionaryAttr
describeStep(llvm::ArrayRef<mlir::Operation *> group, mlir::func::FuncOp entry,
             llvm::function_ref<llvm::SmallVector<mlir::OpFoldResult>(mlir::Value)> sizesOf);

} // namespace intaglio

#endif // INTAGLIO_CODEGEN_DESCRIBESTEP_H
