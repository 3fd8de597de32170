//===- Tensors.cpp - ONNX tensors as attributes ---------------------------------------------===//

#include "Tensors.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

#include <cmath>
#include <cstring>

using namespace llvm;
using namespace mlir;
using namespace intaglio::onnx_import;
using ::onnx::TensorProto;

/// Constants with more bytes than this are resources: they are neither uniqued nor copied again.
static constexpr size_t kDenseBytes = 4096;

mlir::Type intaglio::onnx_import::elementTypeOf(int32_t dataType, MLIRContext *context) {
  switch (dataType) {
  case TensorProto::FLOAT:
    return Float32Type::get(context);
  case TensorProto::INT64:
    return IntegerType::get(context, 64);
  case TensorProto::INT32:
    return IntegerType::get(context, 32);
  case TensorProto::BOOL:
    return IntegerType::get(context, 1);
  default:
    return nullptr;
  }
}

namespace {

std::string typeName(int32_t dataType) {
  return TensorProto::DataType_IsValid(dataType)
             ? TensorProto::DataType_Name(static_cast<TensorProto::DataType>(dataType))
             : std::to_string(dataType);
}

/// Bytes of one element in the format.
size_t storageBytes(Type element) {
  return element.isInteger(1) ? 1 : element.getIntOrFloatBitWidth() / 8;
}

/// The number of bytes of the shape; none where a dimension is negative or the product too large.
std::optional<uint64_t> countBytes(ArrayRef<int64_t> shape, size_t elementBytes) {
  uint64_t count = elementBytes;
  for (int64_t size : shape) {
    bool overflow = false;
    if (size < 0)
      return std::nullopt;
    count = SaturatingMultiply(count, static_cast<uint64_t>(size), &overflow);
    if (overflow)
      return std::nullopt;
  }
  return count > std::numeric_limits<int64_t>::max() ? std::nullopt : std::optional(count);
}

/// Copies the typed field `values` as elements of type `T`.
template <typename T, typename Field>
std::shared_ptr<std::string> pack(const Field &values) {
  auto bytes = std::make_shared<std::string>();
  bytes->reserve(values.size() * sizeof(T));
  for (auto value : values) {
    T element = static_cast<T>(value);
    bytes->append(reinterpret_cast<const char *>(&element), sizeof(T));
  }
  return bytes;
}

std::shared_ptr<std::string> packTyped(const TensorProto &tensor) {
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return pack<float>(tensor.float_data());
  case TensorProto::INT64:
    return pack<int64_t>(tensor.int64_data());
  case TensorProto::INT32:
    return pack<int32_t>(tensor.int32_data());
  default:
    return pack<char>(tensor.int32_data());
  }
}

/// One value of `external_data`, a number where it is one.
std::optional<StringRef> externalField(const TensorProto &tensor, StringRef key) {
  for (const auto &entry : tensor.external_data())
    if (StringRef(entry.key()) == key)
      return StringRef(entry.value());
  return std::nullopt;
}

/// The first element that is no number; none where all are.
std::optional<size_t> findNaN(ArrayRef<char> bytes) {
  // Four bytes at a time, whatever the alignment; blocks, so that the loop is one of vectors.
  constexpr size_t block = 4096;
  auto at = [&](size_t index) {
    float value;
    std::memcpy(&value, bytes.data() + index * sizeof(float), sizeof(float));
    return value;
  };
  for (size_t first = 0, count = bytes.size() / sizeof(float); first < count; first += block) {
    bool found = false;
    for (size_t index = first; index < std::min(first + block, count); ++index)
      found |= std::isnan(at(index));
    for (size_t index = first; found; ++index)
      if (std::isnan(at(index)))
        return index;
  }
  return std::nullopt;
}

DenseElementsAttr makeDense(RankedTensorType type, ArrayRef<char> bytes) {
  if (!type.getElementType().isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  SmallVector<bool> values(map_range(bytes, [](char byte) { return byte != 0; }));
  return DenseElementsAttr::get(type, values);
}

} // namespace

FailureOr<TypedAttr> TensorReader::read(TensorProto &tensor, Location location) {
  auto error = [&] { return emitError(location) << "tensor '" << tensor.name() << "': "; };
  Type element = elementTypeOf(tensor.data_type(), context);
  if (!element)
    return error() << "element type " << typeName(tensor.data_type())
                   << " is not supported: FLOAT, INT64, INT32 and BOOL are";
  SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  std::optional<uint64_t> expected = countBytes(shape, storageBytes(element));
  if (!expected)
    return error() << "dimensions are negative or too large";
  auto type = RankedTensorType::get(shape, element);
  FailureOr<Bytes> bytes = readBytes(tensor, type, error);
  if (failed(bytes))
    return failure();
  if (bytes->data.size() != *expected)
    return error() << "expected " << *expected << " bytes of data, found " << bytes->data.size();
  std::optional<size_t> notANumber = element.isF32() ? findNaN(bytes->data) : std::nullopt;
  if (notANumber)
    return error() << "element " << *notANumber << " is NaN";
  if (bytes->data.size() <= kDenseBytes || element.isInteger(1))
    return TypedAttr(makeDense(type, bytes->data));
  size_t alignment = storageBytes(element);
  if (reinterpret_cast<uintptr_t>(bytes->data.data()) % alignment) {
    AsmResourceBlob copy = HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes->data, alignment);
    return TypedAttr(DenseResourceElementsAttr::get(type, tensor.name(), std::move(copy)));
  }
  AsmResourceBlob blob(
      bytes->data, alignment, [owner = bytes->owner](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return TypedAttr(DenseResourceElementsAttr::get(type, tensor.name(), std::move(blob)));
}

FailureOr<TensorReader::Bytes> TensorReader::readBytes(TensorProto &tensor, RankedTensorType type,
                                                       Emitter error) {
  if (tensor.data_location() == TensorProto::EXTERNAL)
    return readExternal(tensor, error);
  auto text = tensor.has_raw_data() ? std::shared_ptr<std::string>(tensor.release_raw_data())
                                    : packTyped(tensor);
  return Bytes{ArrayRef(text->data(), text->size()), text};
}

FailureOr<TensorReader::Bytes> TensorReader::readExternal(const TensorProto &tensor,
                                                          Emitter error) {
  std::optional<StringRef> location = externalField(tensor, "location");
  if (!location)
    return error() << "external data without a location";
  uint64_t offset = 0, length = 0;
  std::optional<StringRef> offsetText = externalField(tensor, "offset");
  std::optional<StringRef> lengthText = externalField(tensor, "length");
  if ((offsetText && offsetText->getAsInteger(10, offset)) ||
      (lengthText && lengthText->getAsInteger(10, length)))
    return error() << "offset and length of external data must be numbers";
  FailureOr<std::shared_ptr<MemoryBuffer>> file = map(*location, error);
  if (failed(file))
    return failure();
  uint64_t size = (*file)->getBufferSize();
  if (!lengthText && offset <= size)
    length = size - offset;
  if (offset > size || length > size - offset)
    return error() << "external data [" << offset << ", +" << length << ") lies outside of '"
                   << *location << "', which has " << size << " bytes";
  return Bytes{ArrayRef((*file)->getBufferStart() + offset, length), *file};
}

FailureOr<std::shared_ptr<MemoryBuffer>> TensorReader::map(StringRef location, Emitter error) {
  if (auto known = files.find(location); known != files.end())
    return known->second;
  if (location.empty() || location.contains('\0') || sys::path::is_absolute(location) ||
      is_contained(make_range(sys::path::begin(location), sys::path::end(location)), ".."))
    return error() << "external data '" << location << "' lies outside of the model's folder";
  SmallString<256> path(folder);
  for (auto part = sys::path::begin(location), end = sys::path::end(location); part != end;
       ++part) {
    sys::path::append(path, *part);
    if (sys::fs::is_symlink_file(path))
      return error() << "external data '" << location
                     << "' is reached through a symbolic link, which may leave the model's folder";
  }
  if (!sys::fs::is_regular_file(path))
    return error() << "external data '" << location << "' is no file in the model's folder";
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return error() << "external data '" << location << "': " << buffer.getError().message();
  return files[location] = std::move(*buffer);
}
