//===- Array.cpp - named arrays of numbers --------------------------------------------------===//

#include "intaglio/Data/Array.h"

#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/ErrorHandling.h"

#include <cstdlib>
#include <cstring>

using namespace llvm;
using namespace intaglio;

unsigned intaglio::sizeOf(DType dtype) {
  switch (dtype) {
  case DType::Bool:
  case DType::I8:
  case DType::U8:
    return 1;
  case DType::I16:
  case DType::U16:
  case DType::F16:
  case DType::BF16:
    return 2;
  case DType::I32:
  case DType::U32:
  case DType::F32:
    return 4;
  case DType::I64:
  case DType::U64:
  case DType::F64:
    return 8;
  }
  llvm_unreachable("covered switch");
}

StringRef intaglio::nameOf(DType dtype) {
  constexpr StringLiteral names[] = {"bool",     "int8",    "uint8",  "int16",  "uint16",
                                     "int32",    "uint32",  "int64",  "uint64", "float16",
                                     "bfloat16", "float32", "float64"};
  return names[static_cast<unsigned>(dtype)];
}

std::optional<int64_t> intaglio::byteSize(DType dtype, ArrayRef<int64_t> shape) {
  int64_t bytes = sizeOf(dtype);
  for (int64_t size : shape) {
    std::optional<int64_t> product = size < 0 ? std::nullopt : checkedMul(bytes, size);
    if (!product)
      return std::nullopt;
    bytes = *product;
  }
  return bytes;
}

std::optional<Array> intaglio::makeArray(StringRef name, DType dtype, ArrayRef<int64_t> shape,
                                         char *&data) {
  constexpr size_t alignment = 64;
  std::optional<int64_t> bytes = byteSize(dtype, shape);
  if (!bytes || *bytes > INT64_MAX - int64_t(alignment))
    return std::nullopt;
  size_t padded = (size_t(*bytes) / alignment + 1) * alignment;
  data = static_cast<char *>(std::aligned_alloc(alignment, padded));
  if (!data)
    return std::nullopt;
  std::memset(data, 0, padded);
  Array array;
  array.name = name.str();
  array.dtype = dtype;
  array.shape.assign(shape.begin(), shape.end());
  array.bytes = ArrayRef<char>(data, *bytes);
  array.owner = std::shared_ptr<void>(data, std::free);
  return array;
}
