//===- Artefact.h - a compiled program to files --------------------------------------------===//

#ifndef INTAGLIO_TARGET_ARTEFACT_H
#define INTAGLIO_TARGET_ARTEFACT_H

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Target/Bare.h"
#include "intaglio/Target/Machine.h"
#include "intaglio/Target/VerifyNoFloat.h"

#include <optional>
#include <string>

namespace intaglio {

/// The forms of code.
enum class ArtefactKind { Library, Executable, Object, LLVMIR, Assembly };

/// Where the weights go.
enum class WeightsPlace { Embed, File };

/// Blobs above so many bytes always go into a file.
constexpr int64_t mostEmbeddedBytes = int64_t(1) << 30;

struct ArtefactOptions {
  ArtefactKind kind = ArtefactKind::Library;
  WeightsPlace weights = WeightsPlace::Embed;
  Machine machine; ///< resolved
  /// The contract of machine code; off for float programs.
  bool verifyNoFloat = true;
  /// Whether the boundary may hold float instructions.
  bool floatUnit = true;
  /// Object members that the artefact's `proofs` has besides the one of machine code.
  llvm::json::Object proofs;
  /// The folder `lib/intaglio` of the installation, with runtime and program of each target.
  std::string runtimeDirectory;
  /// Of a board; nothing: those of a board that QEMU emulates.
  std::optional<BoardMemory> memory;
};

/// What was written.
struct Artefact {
  std::vector<std::string> files; ///< the artefact first
  std::optional<CodeProof> code;  ///< of integer programs
  std::string instructionSets;
  int64_t weightBytes = 0, artefactBytes = 0;
  std::optional<MemoryUse> memory;   ///< of bare targets
  std::optional<int64_t> stackBytes; ///< the most that a run takes, of bare targets
};

/// What the report says of a bare artefact's memory: `flash_bytes`, `ram_bytes` (without arena and
/// stack) and `stack_bytes`; empty for other targets.
llvm::json::Object describeMemory(const Artefact &artefact);

/// Compiles `model` to machine code, proves it, links it and writes it as `output`, with its header
/// (of a library or an object) and its weights file beside it. An executable is what was proved and
/// a program around it (lib/Runtime/Program), which is of the host and in no proof. All files
/// appear at once at the very end; after a failure, which comes with a diagnostic, nothing has been
/// written.
llvm::FailureOr<Artefact> emitArtefact(const CompiledModel &model, const ArtefactOptions &options,
                                       llvm::StringRef output);

} // namespace intaglio

#endif // INTAGLIO_TARGET_ARTEFACT_H
