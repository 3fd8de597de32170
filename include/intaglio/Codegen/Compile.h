//===- Compile.h - a program to an LLVM module and its weights -----------------------------===//

#ifndef INTAGLIO_CODEGEN_COMPILE_H
#define INTAGLIO_CODEGEN_COMPILE_H

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Codegen/CPU/TargetInfo.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include <functional>
#include <memory>
#include <vector>

namespace intaglio {

/// What the caller may choose of code generation.
struct CodegenOptions {
  /// The processor's level (`cpu::TargetInfo::forMachine`). The default is right on every machine
  /// and slow; all levels compute the same integers.
  cpu::TargetInfo target;
  /// Sets up the pass manager of the phase (printing, timing); null: as it is.
  std::function<llvm::LogicalResult(mlir::PassManager &)> configure;
};

/// One array of the weights blob. The bytes are those of a constant of the program, which must
/// outlive them, or belong to `owner`: what compilation made lives no longer than the chunk.
struct Chunk {
  int64_t offset; ///< from the blob's start, a multiple of 64
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<void> owner;
};

/// An LLVM dialect module with the external functions
///   void intaglio_model_forward(i32 thread, i32 threads, ptr barrier, ptr weights, ptr arena,
///                               ptr dims, ptr inputs, ptr outputs, ptr ticks)
///   i64 intaglio_model_arena_bytes(ptr dims, i32 threads)
/// which calls `void intaglio_barrier(ptr)` and `void intaglio_tick(ptr ticks, i32 position)` (see
/// Runtime/model.h); and the blob that `weights` points to (64-byte
/// aligned).
struct CompiledModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<Chunk> weights;
  int64_t weightBytes = 0;
  ModelInfo info;
};

/// Compiles an integer program or a float graph; `program` itself is not changed. Failure comes
/// with a diagnostic.
llvm::FailureOr<CompiledModel> compileToLLVM(mlir::ModuleOp program,
                                             const CodegenOptions &options = {});

} // namespace intaglio

#endif // INTAGLIO_CODEGEN_COMPILE_H
