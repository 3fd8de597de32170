//===- Header.h - the C header of an artefact ----------------------------------------------===//

#ifndef INTAGLIO_TARGET_HEADER_H
#define INTAGLIO_TARGET_HEADER_H

#include "intaglio/Analysis/ModelInfo.h"

#include <string>

namespace intaglio {

/// The C header beside an artefact called `name` ("minilm"): constants for the positions of
/// dimensions, inputs and outputs (`MINILM_INPUT_IDS`), each with type, shape and range; and all of
/// abi.h, so that the header is complete.
std::string makeHeader(const ModelInfo &info, llvm::StringRef name);

} // namespace intaglio

#endif // INTAGLIO_TARGET_HEADER_H
