//===- OutputFiles.h - several files that appear together ----------------------------------===//

#ifndef INTAGLIO_TARGET_OUTPUTFILES_H
#define INTAGLIO_TARGET_OUTPUTFILES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace intaglio {

/// Files with names of our own (`OUT.tmp-a1b2c3-...`) beside an output; `commit` renames them into
/// place. What has not been moved goes when this object goes, or when the process is interrupted.
class OutputFiles {
public:
  explicit OutputFiles(llvm::StringRef output) : output(output) {}
  ~OutputFiles();
  OutputFiles(const OutputFiles &) = delete;

  /// Finds names that are free; fails where nothing can be written beside the output.
  llvm::Error open();

  /// Where to make the output itself.
  std::string main() { return made(output); }
  /// Where to make the file that will be called like the output, with another ending (".h").
  std::string beside(llvm::StringRef ending);
  /// A file that is never moved into place.
  std::string scratch(llvm::StringRef name);

  /// Writes a whole file.
  llvm::Error write(llvm::StringRef path, llvm::ArrayRef<char> bytes);

  /// The name that a file given by `main` or `beside` will have.
  std::string finalName(llvm::StringRef path) const;

  /// Moves the files into place, the output last.
  llvm::Error commit();
  /// What has been moved, the output first.
  std::vector<std::string> finalNames() const;

private:
  std::string made(llvm::StringRef final);
  std::string temporary(llvm::StringRef name);

  std::string output;
  std::string prefix;                                       ///< of all temporary names
  std::vector<std::string> names;                           ///< temporary files
  std::vector<std::pair<std::string, std::string>> renames; ///< temporary and final name
};

} // namespace intaglio

#endif // INTAGLIO_TARGET_OUTPUTFILES_H
