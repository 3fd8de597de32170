//===- LoadedArtefact.h - a compiled model in this process ----------------------------------===//

#ifndef INTAGLIO_TOOLS_INTAGLIO_RUN_LOADEDARTEFACT_H
#define INTAGLIO_TOOLS_INTAGLIO_RUN_LOADEDARTEFACT_H

#include "intaglio/Runtime/abi.h"
#include "intaglio/Target/Inputs.h"

#include "mlir/IR/MLIRContext.h"

#include <chrono>
#include <memory>

namespace intaglio::run {

/// The functions of abi.h in a library that was loaded, and what the model says of itself.
class LoadedArtefact {
public:
  /// Loads the library at `path`. Fails for a file that is no library of Intaglio, or of another
  /// version of the ABI.
  static llvm::Expected<std::unique_ptr<LoadedArtefact>> load(llvm::StringRef path);
  ~LoadedArtefact();

  /// Starts `threads` threads. Fails where the processor lacks what the code needs.
  llvm::Error start(unsigned threads);

  /// Checks `arrays` against the model and prepares everything that runs need.
  llvm::Error bind(llvm::ArrayRef<Array> arrays);

  /// One run on what was bound. With an array for them (see `intaglio_run_profiled`), the times are
  /// noted.
  llvm::Error run(llvm::MutableArrayRef<uint64_t> ticks = {});

  const intaglio_model_info &getModel() const { return *model; }
  const ModelInfo &getInfo() const { return info; }
  const BoundInputs &getInputs() const { return inputs; }
  const std::vector<Array> &getOutputs() const { return outputs; }
  /// Bytes of the arena for these sizes.
  llvm::Expected<int64_t> arenaBytes(llvm::ArrayRef<int64_t> dims, unsigned threads) const;

private:
  explicit LoadedArtefact(llvm::StringRef path) : path(path) {}
  llvm::Error findFunctions();
  llvm::Error readModelInfo();
  TensorInfo tensorInfo(const intaglio_tensor_info &tensor);
  llvm::Error statusError(intaglio_status status) const;

  std::string path;
  void *library = nullptr;
  decltype(&intaglio_get_model_info) getModelInfo = nullptr;
  decltype(&intaglio_arena_bytes) getArenaBytes = nullptr;
  decltype(&intaglio_context_create) contextCreate = nullptr;
  decltype(&intaglio_context_destroy) contextDestroy = nullptr;
  decltype(&intaglio_run) runModel = nullptr;
  decltype(&intaglio_run_profiled) runProfiled = nullptr;
  decltype(&intaglio_status_text) statusText = nullptr;

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED}; ///< of `info`'s types
  const intaglio_model_info *model = nullptr;
  ModelInfo info;

  unsigned threads = 1;
  intaglio_context *started = nullptr;
  BoundInputs inputs;
  std::vector<Array> outputs;
  llvm::SmallVector<const void *> inputData;
  llvm::SmallVector<void *> outputData;
  std::optional<Array> arena;
  char *arenaData = nullptr;
};

} // namespace intaglio::run

#endif // INTAGLIO_TOOLS_INTAGLIO_RUN_LOADEDARTEFACT_H
