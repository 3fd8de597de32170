//===- Stream.h - arrays that are read piece by piece ---------------------------------------===//

#ifndef INTAGLIO_DATA_STREAM_H
#define INTAGLIO_DATA_STREAM_H

#include "intaglio/Data/Array.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace intaglio {

/// An array of a file, read from its first element to its last: memory does not grow with its size.
class ArrayStream {
public:
  virtual ~ArrayStream();

  /// Name, type and shape; the array has no bytes.
  const Array &getHeader() const { return header; }

  /// Reads the next bytes of the row-major elements; no more may be asked for than are left. The
  /// read of the last ones finds out whether the file is damaged.
  virtual llvm::Error read(llvm::MutableArrayRef<char> into) = 0;

protected:
  explicit ArrayStream(Array header) : header(std::move(header)) {}

private:
  Array header;
};

/// Opens the arrays of a `.npz`, `.safetensors` or `.npy` file, or of a folder of `.npy` files, by
/// name. Files are mapped where they can be, and their pages given back after each read; members of
/// archives are inflated while they are read. Errors name the file and the member.
llvm::Expected<std::vector<std::unique_ptr<ArrayStream>>> openArrays(llvm::StringRef path);

} // namespace intaglio

#endif // INTAGLIO_DATA_STREAM_H
