//===- Array.h - named arrays of numbers ----------------------------------------------------===//

#ifndef INTAGLIO_DATA_ARRAY_H
#define INTAGLIO_DATA_ARRAY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace intaglio {

/// Element types of arrays, as NumPy and safetensors know them.
enum class DType { Bool, I8, U8, I16, U16, I32, U32, I64, U64, F16, BF16, F32, F64 };

/// Bytes of one element.
unsigned sizeOf(DType dtype);

/// NumPy's name of the type: "bool", "int8", ..., "float32"; "bfloat16" for BF16.
llvm::StringRef nameOf(DType dtype);

/// A named, dense, row-major, little-endian array. The bytes live as long as `owner`; they need not
/// be aligned to their elements.
struct Array {
  std::string name;
  DType dtype = DType::F32;
  llvm::SmallVector<int64_t> shape;
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<void> owner;
};

/// Bytes of a dense array of that shape, or nothing when a dimension is negative or the size does
/// not fit 63 bits.
std::optional<int64_t> byteSize(DType dtype, llvm::ArrayRef<int64_t> shape);

/// A zeroed array, aligned to 64 bytes, and through `data` its memory. Nothing when the shape has
/// no `byteSize`.
std::optional<Array> makeArray(llvm::StringRef name, DType dtype, llvm::ArrayRef<int64_t> shape,
                               char *&data);

} // namespace intaglio

#endif // INTAGLIO_DATA_ARRAY_H
