//===- Tensor.cpp - a tensor while a program is interpreted ---------------------------------===//

#include "intaglio/Reference/Tensor.h"

#include "intaglio/IntMath/Affine.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;
using quant::QuantizedType;
using quant::UniformQuantizedPerAxisType;
using quant::UniformQuantizedType;

/// Larger tensors are refused: they come from a wrong program, not from a model.
constexpr int64_t maxTensorBytes = int64_t(1) << 36;

std::optional<DType> reference::storageOf(Type element) {
  if (element.isF32())
    return DType::F32;
  if (element.isF64())
    return DType::F64;
  if (element.isIndex())
    return DType::I64;
  auto quantized = dyn_cast<QuantizedType>(element);
  if (quantized && !isa<UniformQuantizedType, UniformQuantizedPerAxisType>(element))
    return std::nullopt;
  auto integer = dyn_cast<IntegerType>(quantized ? quantized.getStorageType() : element);
  if (!integer || integer.getWidth() > 64)
    return std::nullopt;
  if (integer.getWidth() == 1)
    return DType::Bool;
  bool isUnsigned = quantized ? !quantized.isSigned() : integer.isUnsigned();
  constexpr DType types[] = {DType::I8, DType::I16, DType::I32, DType::I64,
                             DType::U8, DType::U16, DType::U32, DType::U64};
  unsigned log = llvm::Log2_32_Ceil(std::max(integer.getWidth(), 8u)) - 3;
  return types[log + (isUnsigned ? 4 : 0)];
}

/// Bytes of a tensor, or nothing where the type has no meaning or is too large.
static std::optional<int64_t> bytesOf(RankedTensorType type) {
  std::optional<DType> storage = storageOf(type.getElementType());
  if (!storage || !type.hasStaticShape())
    return std::nullopt;
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(type.getElementType())) {
    int64_t axis = perAxis.getQuantizedDimension(), channels = perAxis.getScales().size();
    if (axis >= type.getRank() || type.getDimSize(axis) != channels)
      return std::nullopt;
  }
  std::optional<int64_t> bytes = byteSize(*storage, type.getShape());
  return bytes && *bytes <= maxTensorBytes ? bytes : std::nullopt;
}

std::optional<Tensor> Tensor::zeros(RankedTensorType type) {
  if (!bytesOf(type))
    return std::nullopt;
  DType storage = *storageOf(type.getElementType());
  char *data = nullptr;
  std::optional<Array> array = makeArray("", storage, type.getShape(), data);
  if (!array)
    return std::nullopt;
  Tensor tensor;
  tensor.type = type;
  tensor.storage = storage;
  tensor.data = data;
  tensor.owner = array->owner;
  return tensor;
}

std::optional<Tensor> Tensor::of(RankedTensorType type, ArrayRef<char> bytes,
                                 std::shared_ptr<void> owner) {
  if (bytesOf(type) != int64_t(bytes.size()))
    return std::nullopt;
  DType storage = *storageOf(type.getElementType());
  if (reinterpret_cast<uintptr_t>(bytes.data()) % sizeOf(storage) != 0) {
    std::optional<Tensor> copy = zeros(type);
    if (copy)
      std::memcpy(const_cast<char *>(copy->data), bytes.data(), bytes.size());
    return copy;
  }
  Tensor tensor;
  tensor.type = type;
  tensor.storage = storage;
  tensor.data = bytes.data();
  tensor.owner = std::move(owner);
  return tensor;
}

std::optional<Tensor> Tensor::reinterpret(RankedTensorType other) const {
  return of(other, getBytes(), owner);
}

ArrayRef<char> Tensor::getBytes() const {
  return {data, size_t(getNumElements() * sizeOf(storage))};
}

/// Calls `fn` with a zero of the storage's C type.
template <typename Fn>
static auto withStorage(DType storage, Fn fn) {
  switch (storage) {
  case DType::Bool:
  case DType::U8:
    return fn(uint8_t());
  case DType::I8:
    return fn(int8_t());
  case DType::I16:
    return fn(int16_t());
  case DType::U16:
    return fn(uint16_t());
  case DType::I32:
    return fn(int32_t());
  case DType::U32:
    return fn(uint32_t());
  case DType::F32:
    return fn(float());
  case DType::F64:
    return fn(double());
  default:
    return fn(int64_t());
  }
}

int64_t Tensor::getInteger(int64_t index) const {
  return withStorage(storage, [&](auto zero) { return int64_t(get<decltype(zero)>()[index]); });
}

void Tensor::setInteger(int64_t index, int64_t value) {
  withStorage(storage, [&](auto zero) {
    using T = decltype(zero);
    getMutable<T>()[index] = T(value);
  });
}

std::vector<int32_t> Tensor::getCodes(int64_t first, int64_t count) const {
  return withStorage(storage, [&](auto zero) {
    auto codes = get<decltype(zero)>().slice(first, count);
    return std::vector<int32_t>(codes.begin(), codes.end());
  });
}

void Tensor::setCodes(int64_t first, ArrayRef<int32_t> codes) {
  withStorage(storage,
              [&](auto zero) { llvm::copy(codes, getMutable<decltype(zero)>().begin() + first); });
}

QuantParameters::QuantParameters(RankedTensorType type) {
  Type element = type.getElementType();
  if (auto perAxis = dyn_cast<UniformQuantizedPerAxisType>(element)) {
    for (auto [scale, zero] : llvm::zip(perAxis.getScales(), perAxis.getZeroPoints()))
      channels.push_back({scale, zero});
    for (int64_t size : type.getShape().drop_front(perAxis.getQuantizedDimension() + 1))
      inner *= size;
  } else {
    auto uniform = cast<UniformQuantizedType>(element);
    channels.push_back({uniform.getScale(), uniform.getZeroPoint()});
  }
}

std::vector<double> Tensor::getReals() const {
  std::vector<double> values(getNumElements());
  withStorage(storage, [&](auto zero) { llvm::copy(get<decltype(zero)>(), values.begin()); });
  if (!isa<QuantizedType>(getElementType()))
    return values;
  QuantParameters parameters(type);
  for (auto [index, value] : llvm::enumerate(values)) {
    const intmath::UniformParameters &p = parameters[index];
    value = p.scale * (value - double(p.zeroPoint));
  }
  return values;
}

std::optional<Tensor> Tensor::ofReals(RankedTensorType type, ArrayRef<double> values) {
  std::optional<Tensor> tensor = zeros(type);
  if (!tensor)
    return std::nullopt;
  if (isa<FloatType>(type.getElementType())) {
    if (tensor->storage == DType::F32)
      llvm::copy(values, tensor->getMutable<float>().begin());
    else
      llvm::copy(values, tensor->getMutable<double>().begin());
    return tensor;
  }
  if (llvm::any_of(values, [](double value) { return std::isnan(value); }))
    return std::nullopt;
  auto quantized = dyn_cast<QuantizedType>(type.getElementType());
  if (!quantized) {
    for (auto [index, value] : llvm::enumerate(values))
      tensor->setInteger(index, int64_t(std::nearbyint(std::clamp(value, -0x1p62, 0x1p62))));
    return tensor;
  }
  QuantParameters parameters(type);
  intmath::Storage range{quantized.getStorageTypeMin(), quantized.getStorageTypeMax(), false};
  for (auto [index, value] : llvm::enumerate(values))
    tensor->setInteger(index, intmath::quantize(value, parameters[index], range));
  return tensor;
}
