//===- SymbolicOps.cpp - symbolic meaning of the source ops ---------------------------------===//

#include "SymbolicOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using Exprs = SymbolicTensor::Exprs;
using Kind = SymbolicAtom::Kind;

//===----------------------------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------------------------===//

std::optional<Exprs> OpEvaluator::shapeOf(unsigned index) {
  Value value = input(index);
  return value ? tensors.getShape(value) : std::nullopt;
}

std::optional<SmallVector<int64_t>> OpEvaluator::axes(StringRef name, unsigned index) {
  if (std::optional<SmallVector<int64_t>> values = access.integers(name))
    return values;
  Value value = input(index);
  std::optional<SmallVector<double>> values = value ? tensors.getConstants(value) : std::nullopt;
  if (!values)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (double number : *values)
    result.push_back(std::fabs(number) < 0x1p62 ? int64_t(number)
                                                : int64_t(std::copysign(0x1p62, number)));
  return result;
}

bool OpEvaluator::isInteger() {
  return isa<IntegerType>(getElementTypeOrSelf(op.getInputs()[0].getType()));
}

std::optional<int64_t> OpEvaluator::axisAttr(StringRef name, int64_t missing, size_t rank) {
  return normalizeAxis(access.integer(name, missing), rank);
}

//===----------------------------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------------------------===//

std::optional<Exprs> OpEvaluator::broadcast(ArrayRef<Exprs> shapes) {
  size_t rank = 0;
  for (const Exprs &shape : shapes)
    rank = std::max(rank, shape.size());
  Exprs result(rank, SymbolicExpr(1));
  for (const Exprs &shape : shapes)
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      SymbolicExpr &size = result[rank - shape.size() + axis];
      const SymbolicExpr &other = shape[axis];
      if (size == SymbolicExpr(1))
        size = other;
      else if (other != SymbolicExpr(1) && other != size && !size.getConstant())
        size = other.getConstant() ? other : context.opaque();
    }
  return result;
}

std::optional<SymbolicExpr> OpEvaluator::apply(ArrayRef<SymbolicExpr> args) {
  StringRef name = op.getOpType();
  const SymbolicExpr &a = args[0], &b = args.size() > 1 ? args[1] : args[0];
  std::optional<double> x = a.getConstant(), y = b.getConstant();
  SymbolicExpr one(1);
  if (args.size() > 2 || name == "Where")
    return name == "Where" && args.size() == 3 ? std::optional(context.make(Kind::Select, 0, args))
                                               : std::nullopt;
  if (name == "Add" || name == "Sub")
    return context.limit(name == "Add" ? a + b : a - b);
  if (name == "Mul" || name == "And")
    return context.multiply(a, b);
  if (name == "Or")
    return context.limit(a + b - context.multiply(a, b));
  if (name == "Not")
    return one - a;
  if (name == "Equal")
    return context.isEqual(a, b);
  if (name == "GreaterOrEqual" || name == "LessOrEqual")
    return name == "GreaterOrEqual" ? context.isAtLeast(a, b) : context.isAtLeast(b, a);
  if (name == "Greater" || name == "Less")
    return one - (name == "Greater" ? context.isAtLeast(b, a) : context.isAtLeast(a, b));
  if (name == "Neg")
    return a * -1.0;
  if (name == "Mod")
    return args.size() == 2 ? std::optional(context.make(Kind::Mod, 0, args)) : std::nullopt;
  if (name == "Identity" || name == "Dropout")
    return a;
  if (name == "IsNaN")
    return isSoftmax(a) ? std::optional(SymbolicExpr(0)) : std::nullopt;
  if (name == "Div") {
    if (!isInteger())
      return y && *y != 0 ? std::optional(context.multiply(a, SymbolicExpr(1 / *y))) : std::nullopt;
    std::optional<SymbolicExpr> exact = context.divideExactly(a, b);
    return exact || args.size() < 2 ? exact : context.make(Kind::FloorDiv, 0, args);
  }
  if (name == "Cast") {
    Type from = getElementTypeOrSelf(op.getInputs()[0].getType());
    Type to = getElementTypeOrSelf(op.getResult(0).getType());
    if (to.isInteger(1) && !from.isInteger(1))
      return one - context.make(Kind::Equal0, 0, {a});
    if (isa<IntegerType>(to) && isa<FloatType>(from))
      return x ? std::optional(SymbolicExpr(std::trunc(*x))) : std::nullopt;
    return a;
  }
  if (name == "Pow" && !x && y && (*y == 2 || *y == 3)) {
    SymbolicExpr square = context.multiply(a, a);
    return *y == 2 ? square : context.multiply(square, a);
  }
  if (!x || !y)
    return std::nullopt;
  if (name == "Sqrt")
    return SymbolicExpr(std::sqrt(*x));
  if (name == "Reciprocal")
    return SymbolicExpr(1 / *x);
  if (name == "Pow")
    return SymbolicExpr(std::pow(*x, *y));
  if (name == "Max" || name == "Min")
    return SymbolicExpr(name == "Max" ? std::max(*x, *y) : std::min(*x, *y));
  return std::nullopt;
}

bool OpEvaluator::isSoftmax(const SymbolicExpr &expr) {
  const SymbolicAtom *atom = expr.getAtom();
  Value value = atom ? tensors.getLoaded(*atom) : Value();
  auto source = value ? value.getDefiningOp<SourceOp>() : SourceOp();
  return source && source.getOpType() == "Softmax";
}

SymbolicTensor OpEvaluator::elementwise() {
  SymbolicTensor result;
  SmallVector<Exprs> shapes;
  for (Value operand : op.getInputs()) {
    std::optional<Exprs> shape = tensors.getShape(operand);
    if (!shape)
      return result;
    shapes.push_back(*shape);
  }
  result.shape = broadcast(shapes);
  // Element by element where all operands are small vectors of integers, else by coordinates.
  std::optional<double> count =
      result.shape->size() == 1 ? result.shape->front().getConstant() : std::optional<double>();
  if (count && *count > 1 && !isa<IntegerType>(getElementTypeOrSelf(op.getResult(0).getType())))
    count = std::nullopt;
  SmallVector<Exprs> elements;
  for (Value operand : op.getInputs())
    if (std::optional<Exprs> values = count ? tensors.getElements(operand) : std::nullopt;
        values && (values->size() == 1 || double(values->size()) == *count))
      elements.push_back(*values);
  if (elements.size() == op.getInputs().size() && *count <= double(kMaxElements)) {
    result.elements.emplace();
    for (size_t index = 0; index < size_t(*count); ++index) {
      Exprs args;
      for (const Exprs &values : elements)
        args.push_back(values[values.size() == 1 ? 0 : index]);
      std::optional<SymbolicExpr> value = apply(args);
      result.elements->push_back(value ? *value : context.opaque());
    }
    return result;
  }
  Exprs args;
  for (Value operand : op.getInputs()) {
    std::optional<SymbolicExpr> body = tensors.getBodyIn(operand, *result.shape);
    if (!body)
      return result;
    args.push_back(*body);
  }
  result.body = apply(args);
  return result;
}

SymbolicTensor OpEvaluator::like() {
  SymbolicTensor result;
  result.shape = shapeOf(0);
  return result;
}

//===----------------------------------------------------------------------------------------===//
// Reductions and products
//===----------------------------------------------------------------------------------------===//

SymbolicTensor OpEvaluator::cumSum() {
  SymbolicTensor result = like();
  std::optional<double> axis = tensors.getSplat(input(1));
  std::optional<SymbolicExpr> body = tensors.getBody(input(0));
  if (!result.shape || !axis || std::fabs(*axis) > double(result.shape->size()) || !body ||
      tensors.hasData(*body) || access.integer("exclusive", 0) || access.integer("reverse", 0))
    return result;
  std::optional<int64_t> at = normalizeAxis(int64_t(*axis), result.shape->size());
  Exprs args = {*body};
  for (size_t i = 0; i < result.shape->size(); ++i)
    args.push_back(context.index(i));
  if (at)
    result.body = context.make(Kind::CumSum, *at, args);
  return result;
}

SymbolicTensor OpEvaluator::reduce() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0);
  std::optional<SmallVector<int64_t>> over = axes("axes", 1);
  if (!data || (!over && input(1)))
    return result;
  bool keep = access.integer("keepdims", 1);
  SmallVector<bool> isReduced(data->size(), !over);
  for (int64_t axis : over.value_or(SmallVector<int64_t>())) {
    std::optional<int64_t> at = normalizeAxis(axis, data->size());
    if (!at)
      return result;
    isReduced[*at] = true;
  }
  result.shape.emplace();
  Exprs indices;
  for (size_t axis = 0; axis < data->size(); ++axis) {
    indices.push_back(isReduced[axis] ? SymbolicExpr(0) : context.index(result.shape->size()));
    if (!isReduced[axis] || keep)
      result.shape->push_back(isReduced[axis] ? SymbolicExpr(1) : (*data)[axis]);
  }
  std::optional<SymbolicExpr> body = tensors.getBody(input(0));
  if (body && !tensors.hasData(*body) && op.getOpType() == "ReduceSum" &&
      llvm::count(isReduced, true) == 1) {
    Exprs args = {*body};
    args.append(indices);
    result.body = context.make(Kind::Sum, llvm::find(isReduced, true) - isReduced.begin(), args);
  }
  return result;
}

SymbolicTensor OpEvaluator::matMul() {
  SymbolicTensor result;
  std::optional<Exprs> a = shapeOf(0), b = shapeOf(1);
  if (!a || !b || a->size() < 2 || b->size() < 2)
    return result;
  result.shape = broadcast({Exprs(ArrayRef(*a).drop_back(2)), Exprs(ArrayRef(*b).drop_back(2))});
  result.shape->push_back((*a)[a->size() - 2]);
  result.shape->push_back(b->back());
  return result;
}

SymbolicTensor OpEvaluator::gemm() {
  SymbolicTensor result;
  std::optional<Exprs> a = shapeOf(0), b = shapeOf(1);
  if (!a || !b || a->size() != 2 || b->size() != 2)
    return result;
  result.shape =
      Exprs{(*a)[access.integer("transA", 0) ? 1 : 0], (*b)[access.integer("transB", 0) ? 0 : 1]};
  return result;
}

//===----------------------------------------------------------------------------------------===//
// All
//===----------------------------------------------------------------------------------------===//

SymbolicTensor OpEvaluator::evaluate() {
  if (op.getInputs().empty() || !input(0))
    return {};
  using Method = SymbolicTensor (OpEvaluator::*)();
  auto method =
      llvm::StringSwitch<Method>(op.getOpType())
          .Cases({"Add", "And", "Cast", "Div", "Equal"}, &OpEvaluator::elementwise)
          .Cases({"Dropout", "Greater", "GreaterOrEqual", "Identity", "IsNaN"},
                 &OpEvaluator::elementwise)
          .Cases({"Less", "LessOrEqual"}, &OpEvaluator::elementwise)
          .Cases({"Max", "Min", "Mod", "Mul", "Neg", "Not", "Or"}, &OpEvaluator::elementwise)
          .Cases({"Pow", "Reciprocal", "Sqrt", "Sub", "Where"}, &OpEvaluator::elementwise)
          .Case("Concat", &OpEvaluator::concat)
          .Case("ConstantOfShape", &OpEvaluator::constantOfShape)
          .Case("CumSum", &OpEvaluator::cumSum)
          .Case("Expand", &OpEvaluator::expand)
          .Case("Flatten", &OpEvaluator::flatten)
          .Case("Gather", &OpEvaluator::gather)
          .Case("GatherElements", &OpEvaluator::gatherElements)
          .Case("GatherND", &OpEvaluator::gatherND)
          .Case("Gemm", &OpEvaluator::gemm)
          .Case("MatMul", &OpEvaluator::matMul)
          .Case("Range", &OpEvaluator::range)
          .Cases({"ReduceL2", "ReduceMax", "ReduceMean", "ReduceSum"}, &OpEvaluator::reduce)
          .Case("Reshape", &OpEvaluator::reshapeOp)
          .Case("Shape", &OpEvaluator::shape)
          .Case("Slice", &OpEvaluator::slice)
          .Case("Squeeze", &OpEvaluator::squeeze)
          .Case("Transpose", &OpEvaluator::transpose)
          .Case("Unsqueeze", &OpEvaluator::unsqueeze)
          .Default(&OpEvaluator::like);
  return (this->*method)();
}

SymbolicTensor intaglio::evaluateSource(SymbolicTensors &tensors, SourceOp op) {
  return OpEvaluator(tensors, op).evaluate();
}
