//===- Npy.h - NumPy's array files ----------------------------------------------------------===//

#ifndef INTAGLIO_DATA_NPY_H
#define INTAGLIO_DATA_NPY_H

#include "intaglio/Data/Array.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

namespace intaglio {

/// Reads the `.npy` text `bytes` (format versions 1 to 3), which `owner` keeps alive: the result
/// points into it. Booleans, integers and floats, little endian, C order; all else is refused, and
/// so is a size that differs from what the shape needs. `file` is named in errors
/// (llvm::FileError).
llvm::Expected<Array> parseNpy(llvm::ArrayRef<char> bytes, std::shared_ptr<void> owner,
                               llvm::StringRef name, llvm::StringRef file);

/// What a `.npy` text says before its data.
struct NpyHeader {
  DType dtype;
  llvm::SmallVector<int64_t> shape;
  int64_t dataBytes;  ///< what the shape and type need
  int64_t dataOffset; ///< from the text's first byte
};

/// Reads the header of a `.npy` text, of which `bytes` is the begin, as `parseNpy` does; the data
/// may be cut off.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::ArrayRef<char> bytes, llvm::StringRef file);

/// Fails unless `found` bytes of data are what the header needs.
llvm::Error checkNpyData(const NpyHeader &header, uint64_t found, llvm::StringRef file);

/// Maps a `.npy` file; the array's name is the file's name without its ending.
llvm::Expected<Array> readNpy(llvm::StringRef path);

/// The paths of all `.npy` files of a folder, at least one, in the order of their names.
llvm::Expected<std::vector<std::string>> listNpyDirectory(llvm::StringRef path);

/// Reads all `.npy` files of a folder, in the order of their names.
llvm::Expected<std::vector<Array>> readNpyDirectory(llvm::StringRef path);

/// Writes `array` as `.npy` of format version 1. BF16, which NumPy lacks, is refused.
llvm::Error printNpy(const Array &array, llvm::raw_ostream &os);

/// Writes a `.npy` file; it appears under its name only when it is whole.
llvm::Error writeNpy(llvm::StringRef path, const Array &array);

} // namespace intaglio

#endif // INTAGLIO_DATA_NPY_H
