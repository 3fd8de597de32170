//===- FilePages.h - memory of mapped files that is not needed for now -----------------------===//

#ifndef INTAGLIO_DATA_FILEPAGES_H
#define INTAGLIO_DATA_FILEPAGES_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace intaglio {

/// The mappings of files that this process could only read when the object was made. Weights are
/// such mappings: after a pass over all of them the whole file is resident.
class FilePages {
public:
  /// Asks the system; where it does not tell, there are none.
  FilePages();

  /// Gives the memory of the whole pages in `bytes` back where they are a file's: the next access
  /// reads the file again. Leaves everything else as it is. `bytes` must hold a file's own bytes,
  /// or memory that was never part of a mapped file.
  void giveBack(llvm::ArrayRef<char> bytes) const;

private:
  std::vector<std::pair<uintptr_t, uintptr_t>> mappings; ///< begin and end
};

} // namespace intaglio

#endif // INTAGLIO_DATA_FILEPAGES_H
