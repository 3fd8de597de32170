//===- Weights.cpp - the tensors of a checkpoint, each accounted for ------------------------===//

#include "Weights.h"

#include "intaglio/Data/Float32.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::huggingface;

namespace {

std::string shapeText(ArrayRef<int64_t> shape) {
  return "[" +
         llvm::join(map_range(shape, [](int64_t size) { return std::to_string(size); }), ", ") +
         "]";
}

ArrayRef<float> floats(const Array &array) {
  return ArrayRef<float>(reinterpret_cast<const float *>(array.bytes.data()),
                         array.bytes.size() / sizeof(float));
}

/// The array as a constant over its own memory.
Value buildConstant(OpBuilder &builder, Location location, const Array &array) {
  auto type = RankedTensorType::get(array.shape, builder.getF32Type());
  AsmResourceBlob blob(
      array.bytes, alignof(float), [owner = array.owner](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  auto attribute = DenseResourceElementsAttr::get(type, array.name, std::move(blob));
  return arith::ConstantOp::create(builder, location, type, attribute);
}

/// Stands for a tensor that could not be used, after its error.
Value buildZeros(OpBuilder &builder, Location location, ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return arith::ConstantOp::create(builder, location, type,
                                   DenseElementsAttr::get(type, builder.getF32FloatAttr(0)));
}

} // namespace

Weights::Weights(StringRef directory, StringRef prefix, std::vector<Array> all,
                 MLIRContext *context)
    : location(FileLineColLoc::get(context, directory, 0, 0)), arrays(std::move(all)) {
  for (const Array &array : arrays)
    byName[array.name] = &array;
  if (any_of(arrays, [&](const Array &array) { return StringRef(array.name).starts_with(prefix); }))
    this->prefix = prefix;
}

InFlightDiagnostic Weights::error() {
  hasFailed = true;
  return emitError(location);
}

bool Weights::hasAny(StringRef name) const {
  std::string whole = (prefix + name).str();
  return any_of(arrays,
                [&](const Array &array) { return StringRef(array.name).starts_with(whole); });
}

unsigned Weights::leaveOut(StringRef name) {
  unsigned count = 0;
  for (const Array &array : arrays)
    if (StringRef(array.name).starts_with(name))
      count += accounted.insert(array.name).second;
  return count;
}

/// Old checkpoints call weight and bias of a LayerNorm gamma and beta.
const Array *Weights::findWithOldNames(StringRef name) const {
  if (const Array *array = byName.lookup(name))
    return array;
  StringRef module = name;
  if (module.consume_back("LayerNorm.weight"))
    return byName.lookup((module + "LayerNorm.gamma").str());
  if (module.consume_back("LayerNorm.bias"))
    return byName.lookup((module + "LayerNorm.beta").str());
  return nullptr;
}

const Array *Weights::find(StringRef name) const {
  if (const Array *array = findWithOldNames((prefix + name).str()))
    return array;
  return findWithOldNames(name);
}

std::optional<Array> Weights::checked(StringRef name, ArrayRef<int64_t> shape) {
  const Array *array = find(name);
  if (!array) {
    error() << "tensor '" << name << "' " << shapeText(shape) << " is missing";
    return std::nullopt;
  }
  accounted.insert(array->name);
  if (ArrayRef<int64_t>(array->shape) != shape) {
    error() << "tensor '" << array->name << "': expected shape " << shapeText(shape) << ", found "
            << shapeText(array->shape);
    return std::nullopt;
  }
  std::optional<Array> wide = asFloat32(*array);
  if (!wide) {
    error() << "tensor '" << array->name << "': expected elements f32, f16 or bf16, found "
            << nameOf(array->dtype);
    return std::nullopt;
  }
  const float *bad = find_if_not(floats(*wide), [](float value) { return std::isfinite(value); });
  if (bad != floats(*wide).end()) {
    error() << "tensor '" << array->name << "': element " << bad - floats(*wide).begin()
            << " is not finite";
    return std::nullopt;
  }
  return wide;
}

Value Weights::constant(OpBuilder &builder, StringRef name, ArrayRef<int64_t> shape) {
  Location at = NameLoc::get(builder.getStringAttr(name));
  if (std::optional<Array> array = checked(name, shape))
    return buildConstant(builder, at, *array);
  return buildZeros(builder, at, shape);
}

LogicalResult Weights::finish() {
  for (const Array &array : arrays)
    if (!accounted.contains(array.name))
      error() << "tensor '" << array.name << "' " << shapeText(array.shape)
              << " is not used by this kind of model";
  return failure(hasFailed);
}
