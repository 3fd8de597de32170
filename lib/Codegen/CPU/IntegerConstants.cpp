//===- IntegerConstants.cpp - numbers in every lane of a vector -----------------------------===//

#include "IntegerConstants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace intaglio::cpu;

std::optional<int64_t> intaglio::cpu::splatOf(Value value) {
  DenseIntElementsAttr attribute;
  if (!matchPattern(value, m_Constant(&attribute)) || !attribute.isSplat())
    return std::nullopt;
  return attribute.getSplatValue<APInt>().getSExtValue();
}

Value intaglio::cpu::integerConstant(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  TypedAttr attribute = b.getIntegerAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(b, attribute);
}
