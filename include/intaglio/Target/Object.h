//===- Object.h - LLVM IR to machine code --------------------------------------------------===//

#ifndef INTAGLIO_TARGET_OBJECT_H
#define INTAGLIO_TARGET_OBJECT_H

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Codegen/Compile.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace intaglio {

/// Bytes of an object file or of assembly.
using ObjectBytes = llvm::SmallVector<char, 0>;

/// Translates a module of the LLVM dialect for `machine`. Jump tables are switched off: every
/// indirect jump in the machine code would be one to a place that nothing can name. On boards code
/// is kept small. Fails with a diagnostic.
llvm::FailureOr<std::unique_ptr<llvm::Module>> translateToLLVMIR(mlir::ModuleOp module,
                                                                 const llvm::TargetMachine &machine,
                                                                 llvm::LLVMContext &context);

/// LLVM's default pipeline at -O3, then `scalarizeSingleLaneStores`.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

/// Machine code of `module` as an object file or as assembly text.
llvm::Expected<ObjectBytes> emitCode(llvm::Module &module, llvm::TargetMachine &machine,
                                     llvm::CodeGenFileType type);

/// What `intaglio_model_data` says apart from the interface.
struct ModelFacts {
  std::string target;
  std::string isa;
  uint64_t cpuFeatures = 0;
  std::string proofs = "{}"; ///< JSON
  int64_t weightBytes = 0;
  std::string weightsFile; ///< "": the weights are in the artefact
  std::string weightsId;   ///< 64 bytes, of a weights file
};

/// An object file with `intaglio_model_data`, the constant that the runtime reads. Fails for an
/// element type that the ABI lacks.
llvm::Expected<ObjectBytes> emitModelData(const ModelInfo &info, const ModelFacts &facts,
                                          llvm::TargetMachine &machine);

/// An object file with `intaglio_model_weights`, written section by section without ever being IR:
/// read-only, aligned to 64 bytes. Gaps between chunks are zeros.
llvm::Expected<ObjectBytes> emitWeights(llvm::ArrayRef<Chunk> weights, int64_t bytes,
                                        const llvm::TargetMachine &machine);

} // namespace intaglio

#endif // INTAGLIO_TARGET_OBJECT_H
