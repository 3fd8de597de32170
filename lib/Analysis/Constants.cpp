//===- Constants.cpp - reading and making the arrays in a program --------------------------===//

#include "intaglio/Analysis/Constants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace intaglio;

/// Arrays of up to this many elements are attributes that a printed program shows.
constexpr size_t largestPrintedArray = 64;

template <typename T>
static Type elementType(MLIRContext *context) {
  if constexpr (std::is_same_v<T, float>)
    return Float32Type::get(context);
  else
    return IntegerType::get(context, sizeof(T) * 8);
}

template <typename T>
std::optional<ConstantArray<T>> ConstantArray<T>::get(Value value) {
  if (auto cast = value.getDefiningOp<quant::StorageCastOp>())
    value = cast.getInput();
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!constant || !type || type.getElementType() != elementType<T>(value.getContext()))
    return std::nullopt;
  ConstantArray array;
  size_t count = type.getNumElements();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue())) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() != count * sizeof(T) ||
        reinterpret_cast<uintptr_t>(blob->getData().data()) % alignof(T) != 0)
      return std::nullopt;
    array.elements = ArrayRef<T>(reinterpret_cast<const T *>(blob->getData().data()), count);
    return array;
  }
  auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
  if (!dense)
    return std::nullopt;
  array.owned.assign(dense.getValues<T>().begin(), dense.getValues<T>().end());
  return array;
}

template <typename T>
Value intaglio::buildConstant(OpBuilder &builder, Location location, StringRef name,
                              ArrayRef<int64_t> shape, std::vector<T> elements) {
  auto type = RankedTensorType::get(shape, elementType<T>(builder.getContext()));
  if (elements.size() <= largestPrintedArray)
    return arith::ConstantOp::create(builder, location, type,
                                     DenseElementsAttr::get(type, ArrayRef<T>(elements)));
  auto owner = std::make_shared<std::vector<T>>(std::move(elements));
  ArrayRef<char> bytes(reinterpret_cast<const char *>(owner->data()), owner->size() * sizeof(T));
  AsmResourceBlob blob(
      bytes, alignof(T), [owner](void *, size_t, size_t) {}, /*dataIsMutable=*/false);
  return arith::ConstantOp::create(builder, location, type,
                                   DenseResourceElementsAttr::get(type, name, std::move(blob)));
}

#define INSTANTIATE(T)                                                                             \
  template class intaglio::ConstantArray<T>;                                                       \
  template Value intaglio::buildConstant<T>(OpBuilder &, Location, StringRef, ArrayRef<int64_t>,   \
                                            std::vector<T>);
INSTANTIATE(float)
INSTANTIATE(int8_t)
INSTANTIATE(int16_t)
INSTANTIATE(int32_t)
INSTANTIATE(int64_t)
#undef INSTANTIATE
