//===- File.h - whole files of unknown origin ------------------------------------------------===//

#ifndef INTAGLIO_DATA_FILE_H
#define INTAGLIO_DATA_FILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace intaglio {

/// An llvm::FileError where `path` is something else than a regular file: a folder cannot be read,
/// a pipe may never begin, and a device may never end. What is not there at all is left to the
/// caller.
llvm::Error checkRegularFile(llvm::StringRef path);

/// The bytes of a regular file, mapped where it is large.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> mapFile(llvm::StringRef path);

} // namespace intaglio

#endif // INTAGLIO_DATA_FILE_H
