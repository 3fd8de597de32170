//===- ArenaSize.h - how much working memory a compiled program takes -------------*- C++ -*-===//

#ifndef INTAGLIO_TARGET_ARENASIZE_H
#define INTAGLIO_TARGET_ARENASIZE_H

#include "intaglio/Target/JITFunction.h"
#include "mlir/IR/BuiltinOps.h"

namespace intaglio {

/// `intaglio_model_arena_bytes` of a compiled program, whatever machine that is for: the function
/// is arithmetic on sizes, and is compiled for this one.
class ArenaSize {
public:
  /// `compiled` is the module of a `CompiledModel`; it is not changed.
  static llvm::Expected<ArenaSize> create(mlir::ModuleOp compiled);

  /// Bytes for these sizes of `ModelInfo::dims`.
  int64_t bytes(llvm::ArrayRef<int64_t> dims, int32_t threads) const {
    return function.as<int64_t(const int64_t *, int32_t)>()(dims.data(), threads);
  }

private:
  explicit ArenaSize(JITFunction function) : function(std::move(function)) {}

  JITFunction function;
};

} // namespace intaglio

#endif // INTAGLIO_TARGET_ARENASIZE_H
