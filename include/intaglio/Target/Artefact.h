//===- Artefact.h - a compiled program to files --------------------------------------------===//

#ifndef INTAGLIO_TARGET_ARTEFACT_H
#define INTAGLIO_TARGET_ARTEFACT_H

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Target/Machine.h"
#include "intaglio/Target/VerifyNoFloat.h"

#include <optional>
#include <string>

namespace intaglio {

/// The forms of code.
enum class ArtefactKind { Library, Object, LLVMIR, Assembly };

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
  /// Object members that the artefact's `proofs` has besides the one of machine code.
  llvm::json::Object proofs;
  /// The folder `lib/intaglio` of the installation, with the runtime of each target.
  std::string runtimeDirectory;
};

/// What was written.
struct Artefact {
  std::vector<std::string> files; ///< the artefact first
  std::optional<CodeProof> code;  ///< of integer programs
  std::string instructionSets;
  int64_t weightBytes = 0, artefactBytes = 0;
};

/// Compiles `model` to machine code, proves it, links it and writes it as `output`, with its header
/// and its weights file beside it. All files appear at once at the very end; after a failure, which
/// comes with a diagnostic, nothing has been written.
llvm::FailureOr<Artefact> emitArtefact(const CompiledModel &model, const ArtefactOptions &options,
                                       llvm::StringRef output);

} // namespace intaglio

#endif // INTAGLIO_TARGET_ARTEFACT_H
