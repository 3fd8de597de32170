//===- Commands.h - what intaglio-run can do ------------------------------------------------===//

#ifndef INTAGLIO_TOOLS_INTAGLIO_RUN_COMMANDS_H
#define INTAGLIO_TOOLS_INTAGLIO_RUN_COMMANDS_H

#include "intaglio/Data/Array.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace intaglio::run {

/// The flags of the command line; a file that is not given has an empty name.
struct Options {
  std::string inputs, outputs, json;
  unsigned threads = 1, repeat = 1, warmup = 0;
  bool profile = false, profileSteps = false; ///< a table on standard output; of single steps
  std::string profileJson = {};               ///< where the profile also goes; "-": instead
};

/// Runs an artefact on `arrays` with `threads` threads and gives its outputs.
llvm::Expected<std::vector<Array>> evaluateArtefact(llvm::StringRef artefact,
                                                    llvm::ArrayRef<Array> arrays, unsigned threads);

/// The default command: runs an artefact on `--inputs`, writes `--outputs`, measures for `--json`
/// and `--profile`.
llvm::Error runArtefact(llvm::StringRef artefact, const Options &options);

/// Interprets the program of a `.mlir` or `.mlirbc` file on `arrays`.
llvm::Expected<std::vector<Array>> evaluateProgram(llvm::StringRef program,
                                                   llvm::ArrayRef<Array> arrays);

/// `--reference`: interprets a program on `--inputs`, writes `--outputs`.
llvm::Error runReference(llvm::StringRef program, const Options &options);

/// `--info`: prints inputs, outputs, target, sizes and proofs of an artefact.
llvm::Error printInfo(llvm::StringRef artefact);

/// `--compare`: prints for each output of `a` and `b` how many elements are equal, the largest
/// difference and the signal-to-noise ratio. Each is a file of arrays or a model, which runs on
/// `--inputs`. With `exact` a difference is an error.
llvm::Error compare(llvm::StringRef a, llvm::StringRef b, const Options &options, bool exact);

} // namespace intaglio::run

#endif // INTAGLIO_TOOLS_INTAGLIO_RUN_COMMANDS_H
