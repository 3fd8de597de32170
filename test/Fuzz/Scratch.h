//===- Scratch.h - files for parsers that take a path ---------------------------------------===//

#ifndef INTAGLIO_TEST_FUZZ_SCRATCH_H
#define INTAGLIO_TEST_FUZZ_SCRATCH_H

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <string>

namespace intaglio::fuzz {

/// A folder of this process under the system's folder for temporary files; gone when it exits.
class Scratch {
public:
  Scratch() {
    if (llvm::sys::fs::createUniqueDirectory("intaglio-fuzz", folder))
      std::abort();
  }
  ~Scratch() { (void)llvm::sys::fs::remove_directories(folder); }

  llvm::StringRef path() const { return folder; }

  /// The path of `name` in the folder.
  std::string path(llvm::StringRef name) const {
    llvm::SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  /// Writes a file; an empty text removes it.
  void write(llvm::StringRef name, llvm::StringRef text) const {
    std::string file = path(name);
    (void)llvm::sys::fs::remove(file);
    if (text.empty())
      return;
    (void)llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file));
    std::error_code code;
    llvm::raw_fd_ostream os(file, code);
    if (code)
      std::abort();
    os << text;
  }

private:
  llvm::SmallString<128> folder;
};

} // namespace intaglio::fuzz

#endif // INTAGLIO_TEST_FUZZ_SCRATCH_H
