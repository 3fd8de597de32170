//===- Tensor.h - a tensor while a program is interpreted -----------------------------------===//

#ifndef INTAGLIO_REFERENCE_TENSOR_H
#define INTAGLIO_REFERENCE_TENSOR_H

#include "intaglio/Data/Array.h"
#include "intaglio/IntMath/Affine.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include <memory>

namespace intaglio::reference {

/// How the elements of an IR type lie in memory: a quantized element as its storage, `i1` and
/// widths below 8 as one byte. Nothing for types that the interpreter does not know.
std::optional<DType> storageOf(mlir::Type element);

/// A tensor of known shape. Elements lie row-major, each in the C type of its storage. Copies share
/// the elements; nobody writes to them once the op that made them is done.
class Tensor {
public:
  Tensor() = default;

  /// A tensor of zeros. Nothing where the type is not static, its elements have no storage, or they
  /// do not fit the memory.
  static std::optional<Tensor> zeros(mlir::RankedTensorType type);

  /// A tensor of elements that are there already; they are copied where they are not aligned.
  /// Nothing where `bytes` is not what the type needs.
  static std::optional<Tensor> of(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes,
                                  std::shared_ptr<void> owner);

  explicit operator bool() const { return bool(type); }
  mlir::RankedTensorType getType() const { return type; }
  mlir::Type getElementType() const { return type.getElementType(); }
  llvm::ArrayRef<int64_t> getShape() const { return type.getShape(); }
  int64_t getDim(unsigned axis) const { return type.getDimSize(axis); }
  int64_t getNumElements() const { return type.getNumElements(); }
  DType getStorage() const { return storage; }

  /// The same bytes as another type; nothing where that needs more or fewer bytes.
  std::optional<Tensor> reinterpret(mlir::RankedTensorType other) const;

  /// The elements; `T` is the C type of the storage.
  template <typename T>
  llvm::ArrayRef<T> get() const {
    return {reinterpret_cast<const T *>(data), size_t(getNumElements())};
  }
  template <typename T>
  llvm::MutableArrayRef<T> getMutable() {
    return {reinterpret_cast<T *>(const_cast<char *>(data)), size_t(getNumElements())};
  }

  /// Element `index` of integers or of a quantized type's storage.
  int64_t getInteger(int64_t index) const;
  void setInteger(int64_t index, int64_t value);

  /// `count` integers from `first` on, which fit i32.
  std::vector<int32_t> getCodes(int64_t first, int64_t count) const;
  void setCodes(int64_t first, llvm::ArrayRef<int32_t> codes);

  /// All elements as real numbers: floats widened, integers converted (64 bits are rounded),
  /// quantized elements as `S * (q - z)`.
  std::vector<double> getReals() const;

  /// A tensor of `type` with these values, each rounded once: to the nearest float, or
  /// `clamp(rne(x / S) + z)` for quantized elements, or to the nearest integer. Nothing where
  /// `type` has no zeros() or a NaN meets integers.
  static std::optional<Tensor> ofReals(mlir::RankedTensorType type, llvm::ArrayRef<double> values);

  /// The elements in memory order.
  llvm::ArrayRef<char> getBytes() const;
  const std::shared_ptr<void> &getOwner() const { return owner; }

private:
  mlir::RankedTensorType type;
  DType storage = DType::F32;
  const char *data = nullptr;
  std::shared_ptr<void> owner;
};

/// The scales and zero points of a tensor of quantized elements.
class QuantParameters {
public:
  explicit QuantParameters(mlir::RankedTensorType type);

  llvm::ArrayRef<intmath::UniformParameters> getChannels() const { return channels; }
  int64_t channelOf(int64_t element) const { return element / inner % int64_t(channels.size()); }
  /// Those of an element of the row-major order.
  const intmath::UniformParameters &operator[](int64_t element) const {
    return channels[channelOf(element)];
  }

private:
  std::vector<intmath::UniformParameters> channels;
  int64_t inner = 1; ///< elements from one channel to the next
};

} // namespace intaglio::reference

#endif // INTAGLIO_REFERENCE_TENSOR_H
