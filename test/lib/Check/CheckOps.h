//===- CheckOps.h - expected values inside of the IR (tests only) ---------------------------===//

#ifndef INTAGLIO_TEST_CHECK_CHECKOPS_H
#define INTAGLIO_TEST_CHECK_CHECKOPS_H

#include "intaglio/Reference/Interpreter.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"

#include "CheckDialect.h.inc"
#define GET_OP_CLASSES
#include "CheckOps.h.inc"

namespace intaglio::check {

/// Compares what a check op reads with what it expects; the first difference is a diagnostic.
llvm::LogicalResult compare(mlir::Operation *op, const reference::Tensor &found);

/// Teaches the interpreter the ops of the dialect.
void addCheckOps(reference::Interpreter &interpreter);

/// Compiles a case for this machine, its inputs as arguments, runs it once with each number of
/// threads, and compares. `level` is a name that `cpu::TargetInfo::parse` reads; empty: the best of
/// this machine. Failure comes with a diagnostic.
llvm::LogicalResult runCompiled(mlir::func::FuncOp function, llvm::ArrayRef<unsigned> threads,
                                llvm::StringRef level);

/// Compiles `@main` and compares its outputs, bit by bit, with the interpreter's: on random inputs
/// for each of `sizes` (those of the model's dims, in its order), with each number of threads.
llvm::LogicalResult compareWithReference(mlir::ModuleOp program,
                                         llvm::ArrayRef<llvm::SmallVector<int64_t>> sizes,
                                         uint64_t seed, llvm::ArrayRef<unsigned> threads,
                                         llvm::StringRef level);

} // namespace intaglio::check

#endif // INTAGLIO_TEST_CHECK_CHECKOPS_H
