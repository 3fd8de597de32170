//===- Json.h - JSON text of unknown origin -------------------------------------------------===//

#ifndef INTAGLIO_DATA_JSON_H
#define INTAGLIO_DATA_JSON_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace intaglio {

/// An llvm::FileError: what is wrong with the file `path`.
llvm::Error fileError(llvm::StringRef path, const llvm::Twine &message);

/// Parses `text`, which came out of the file `path`. Beyond what llvm::json::parse refuses, values
/// nested deeper than 64 levels are refused (its parser recurses), and objects that have one key
/// twice (it would keep the last). Errors are `fileError`s.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text, llvm::StringRef path);

/// Reads and parses a whole file of at most 64 MiB.
llvm::Expected<llvm::json::Value> readJson(llvm::StringRef path);

} // namespace intaglio

#endif // INTAGLIO_DATA_JSON_H
