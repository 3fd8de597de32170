//===- JIT.h - a compiled program as functions of this process -------------------------------===//

#ifndef INTAGLIO_TARGET_JIT_H
#define INTAGLIO_TARGET_JIT_H

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Data/Array.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace llvm::orc {
class LLJIT;
}

namespace intaglio {

/// How the JIT compiles.
struct JitOptions {
  /// LLVM's optimization level, 0 to 3.
  unsigned optimizationLevel = 2;
  /// Whether each run begins with its working memory full of ones, which are NaN as floats: tests
  /// find reads of what nobody wrote.
  bool poisonArena = false;
};

/// Sees the rows of edge number `edge` (an index of `ModelInfo::observed`): `rows` times `columns`
/// values, and the elements of the mask that the `observe` op names, or null. Called by one thread
/// of a run, one call after another.
using ObserveFn = llvm::function_ref<void(int32_t edge, const float *data, const int64_t *mask,
                                          int64_t rows, int64_t columns)>;

/// A program that was compiled for this machine, its weights, and nothing that a run changes: runs
/// may go on at the same time. The module's context must outlive it.
class JitModel {
public:
  /// Compiles with ORC for the host's processor. Constants are copied once, into the one blob that
  /// the code reads; each is let go once it is copied.
  static llvm::Expected<std::unique_ptr<JitModel>> create(CompiledModel model,
                                                          const JitOptions &options = {});
  ~JitModel();

  const ModelInfo &getInfo() const { return info; }

  /// Bytes of working memory that a run with these sizes of `ModelInfo::dims` takes.
  int64_t getArenaBytes(llvm::ArrayRef<int64_t> dims, int threads = 1) const;

  /// Runs on `threads` threads (1 to 1024). The arrays are those of `ModelInfo`, in its order, and
  /// are not checked. Fails only where memory or threads are short.
  llvm::Error run(llvm::ArrayRef<int64_t> dims, llvm::ArrayRef<const void *> inputs,
                  llvm::ArrayRef<void *> outputs, int threads = 1,
                  std::optional<ObserveFn> observe = std::nullopt) const;

  /// Checks named inputs (see `bindInputs` and `checkElements`, which takes `first`), runs, and
  /// returns the outputs in the model's order.
  llvm::Expected<std::vector<Array>> run(llvm::ArrayRef<Array> inputs, int threads = 1,
                                         std::optional<ObserveFn> observe = std::nullopt,
                                         int64_t first = 0) const;

private:
  JitModel();

  using ForwardFn = void (*)(int32_t, int32_t, void *, const char *, char *, const int64_t *,
                             const void *const *, void *const *, uint64_t *);
  using ArenaBytesFn = int64_t (*)(const int64_t *, int32_t);

  ModelInfo info;
  std::unique_ptr<llvm::MemoryBuffer> weights;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  ForwardFn forward = nullptr;
  ArenaBytesFn arenaBytes = nullptr;
  bool poisonArena = false;
};

/// Compiles a program, which is not changed, for this machine. Failure comes with a diagnostic.
llvm::FailureOr<std::unique_ptr<JitModel>> compileInProcess(mlir::ModuleOp program,
                                                            const JitOptions &options = {});

} // namespace intaglio

#endif // INTAGLIO_TARGET_JIT_H
