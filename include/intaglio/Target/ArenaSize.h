//===- ArenaSize.h - how much working memory a compiled program takes -------------*- C++ -*-===//

#ifndef INTAGLIO_TARGET_ARENASIZE_H
#define INTAGLIO_TARGET_ARENASIZE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace intaglio {

/// `intaglio_model_arena_bytes` of a compiled program, whatever machine that is for: the function
/// is arithmetic on sizes, and is compiled for this one.
class ArenaSize {
public:
  /// `compiled` is the module of a `CompiledModel`; it is not changed.
  static llvm::Expected<ArenaSize> create(mlir::ModuleOp compiled);
  ArenaSize(ArenaSize &&);
  ~ArenaSize();

  /// Bytes for these sizes of `ModelInfo::dims`.
  int64_t bytes(llvm::ArrayRef<int64_t> dims, int32_t threads) const {
    return function(dims.data(), threads);
  }

private:
  ArenaSize();

  std::unique_ptr<llvm::orc::LLJIT> jit;
  int64_t (*function)(const int64_t *, int32_t) = nullptr;
};

} // namespace intaglio

#endif // INTAGLIO_TARGET_ARENASIZE_H
