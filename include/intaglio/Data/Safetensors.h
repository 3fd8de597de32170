//===- Safetensors.h - tensors in a mapped file ---------------------------------------------===//

#ifndef INTAGLIO_DATA_SAFETENSORS_H
#define INTAGLIO_DATA_SAFETENSORS_H

#include "intaglio/Data/Array.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <vector>

namespace intaglio {

/// Maps one safetensors file and gives its tensors in the order of their data. Nothing is copied:
/// an array's bytes point into the mapping, which lives as long as any array of the file.
///
/// The format: 8 bytes, little endian: the size n of the header; n bytes of JSON, an object from
/// name to `{"dtype": .., "shape": [..], "data_offsets": [begin, end]}`, where `__metadata__` maps
/// strings to strings; then the data, which the tensors cover without holes or overlap. A header
/// above 100 MB is refused, as the format's reference implementation does, and so is all that
/// departs from the above; the error names the file and the tensor.
llvm::Expected<std::vector<Array>> readSafetensors(llvm::StringRef path);

/// The same for a file that is already in memory: the arrays share `buffer`.
llvm::Expected<std::vector<Array>> parseSafetensors(std::shared_ptr<llvm::MemoryBuffer> buffer,
                                                    llvm::StringRef path);

/// The tensors of a model directory, by name: of `model.safetensors`, or of all the shards that
/// `model.safetensors.index.json` names, which lie in the directory itself.
llvm::Expected<std::vector<Array>> readSafetensorsDirectory(llvm::StringRef directory);

/// Writes arrays as a safetensors file: sorted by element size (largest first) and then by name, so
/// that each is aligned to its elements, the data aligned to 64 bytes. The same arrays give the
/// same bytes. The file appears under its name only when it is whole.
llvm::Error writeSafetensors(llvm::StringRef path, llvm::ArrayRef<Array> arrays);

} // namespace intaglio

#endif // INTAGLIO_DATA_SAFETENSORS_H
