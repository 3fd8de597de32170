//===- Npz.h - NumPy's archives of arrays ---------------------------------------------------===//

#ifndef INTAGLIO_DATA_NPZ_H
#define INTAGLIO_DATA_NPZ_H

#include "intaglio/Data/Array.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace intaglio {

/// Reads all arrays of a `.npz` file (stored or deflated members that end in `.npy`), by name, in
/// the archive's order. A damaged member, two members of one name and a member above 16 GiB are
/// refused; the error names the file and the member.
llvm::Expected<std::vector<Array>> readNpz(llvm::StringRef path);

/// Writes arrays as an uncompressed `.npz` with a fixed time stamp: the same arrays give the same
/// bytes. The file appears under its name only when it is whole.
llvm::Error writeNpz(llvm::StringRef path, llvm::ArrayRef<Array> arrays);

/// Reads arrays from a `.npz`, a `.npy` or a folder of `.npy` files, chosen by the name's ending.
llvm::Expected<std::vector<Array>> readArrays(llvm::StringRef path);

} // namespace intaglio

#endif // INTAGLIO_DATA_NPZ_H
