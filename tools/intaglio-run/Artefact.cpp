//===- Artefact.cpp - runs compiled models --------------------------------------------------===//

#include "Commands.h"

using namespace llvm;
using namespace intaglio;

static Error unsupported(StringRef artefact) {
  return createFileError(artefact, createStringError("compiled models are not supported yet"));
}

Expected<std::vector<Array>> run::evaluateArtefact(StringRef artefact, ArrayRef<Array> arrays,
                                                   unsigned threads) {
  return unsupported(artefact);
}

Error run::runArtefact(StringRef artefact, const Options &options) { return unsupported(artefact); }

Error run::printInfo(StringRef artefact) { return unsupported(artefact); }
