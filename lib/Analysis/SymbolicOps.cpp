//===- SymbolicOps.cpp - symbolic meaning of the source ops ---------------------------------===//

#include "SymbolicOps.h"

#include "intaglio/Analysis/SourceAccess.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using Exprs = SymbolicTensor::Exprs;
using Kind = SymbolicAtom::Kind;

namespace {

/// Evaluates one op. Each function gives what is known; a rank that cannot be stays unknown.
class OpEvaluator {
public:
  OpEvaluator(SymbolicTensors &tensors, SourceOp op)
      : tensors(tensors), context(tensors.getContext()), op(op), access(op) {}

  SymbolicTensor evaluate();

private:
  Value input(unsigned index) { return access.input(index); }
  std::optional<Exprs> shapeOf(unsigned index);
  /// The integers of the attribute `name`, or of input `index` in newer opsets.
  std::optional<SmallVector<int64_t>> axes(StringRef name, unsigned index);
  std::optional<int64_t> axisAttr(StringRef name, int64_t missing, size_t rank);
  bool isInteger() { return isa<IntegerType>(getElementTypeOrSelf(op.getInputs()[0].getType())); }

  std::optional<Exprs> broadcast(ArrayRef<Exprs> shapes);
  /// A tensor of `shape` whose element at its coordinates is that of input 0 at `indices`.
  SymbolicTensor move(const Exprs &shape, const Exprs &indices);

  SymbolicTensor elementwise();
  std::optional<SymbolicExpr> apply(ArrayRef<SymbolicExpr> args);
  /// Whether this is an element of a softmax, which is taken to be a number: a row with no key
  /// gives zeros, where some exporters' graphs make NaN and replace it.
  bool isSoftmax(const SymbolicExpr &expr);
  SymbolicTensor shape();
  SymbolicTensor gather();
  SymbolicTensor gatherElements();
  SymbolicTensor gatherND();
  SymbolicTensor unsqueeze();
  SymbolicTensor squeeze();
  SymbolicTensor concat();
  SymbolicTensor slice();
  SymbolicTensor range();
  SymbolicTensor expand();
  SymbolicTensor constantOfShape();
  SymbolicTensor reshapeOp();
  SymbolicTensor flatten();
  SymbolicTensor reshape(const Exprs &shape);
  SymbolicTensor transpose();
  SymbolicTensor cumSum();
  SymbolicTensor reduce();
  SymbolicTensor matMul();
  SymbolicTensor gemm();
  SymbolicTensor like();

  SymbolicTensors &tensors;
  SymbolicContext &context;
  SourceOp op;
  SourceAccess access;
};

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

std::optional<int64_t> OpEvaluator::axisAttr(StringRef name, int64_t missing, size_t rank) {
  return normalizeAxis(access.integer(name, missing), rank);
}

SymbolicTensor OpEvaluator::move(const Exprs &shape, const Exprs &indices) {
  SymbolicTensor result;
  result.shape = shape;
  if (std::optional<SymbolicExpr> body = tensors.getBody(input(0)))
    result.body = context.substitute(*body, indices, shape);
  return result;
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

//===----------------------------------------------------------------------------------------===//
// Shapes and movement
//===----------------------------------------------------------------------------------------===//

SymbolicTensor OpEvaluator::like() {
  SymbolicTensor result;
  result.shape = shapeOf(0);
  return result;
}

SymbolicTensor OpEvaluator::shape() {
  SymbolicTensor result;
  std::optional<Exprs> shape = shapeOf(0);
  if (!shape)
    return result;
  int64_t rank = shape->size(), start = access.integer("start", 0),
          end = access.integer("end", rank);
  start = std::clamp<int64_t>(start < 0 ? start + rank : start, 0, rank);
  end = std::clamp<int64_t>(end < 0 ? end + rank : end, start, rank);
  result.elements = Exprs(ArrayRef(*shape).slice(start, end - start));
  result.shape = Exprs{SymbolicExpr(double(end - start))};
  return result;
}

SymbolicTensor OpEvaluator::gather() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0), ids = shapeOf(1);
  std::optional<int64_t> axis = data ? axisAttr("axis", 0, data->size()) : std::nullopt;
  if (!axis || !ids)
    return result;
  result.shape = Exprs(ArrayRef(*data).take_front(*axis));
  result.shape->append(*ids);
  result.shape->append(data->begin() + *axis + 1, data->end());
  std::optional<SymbolicExpr> index = tensors.getBody(input(1));
  if (!index || !tensors.getBody(input(0)))
    return result;
  Exprs shifted, indices;
  for (size_t i = 0; i < ids->size(); ++i)
    shifted.push_back(context.index(*axis + i));
  SymbolicExpr at = context.substitute(*index, shifted, *result.shape);
  if (std::optional<double> constant = at.getConstant(); constant && *constant < 0)
    at = at + (*data)[*axis];
  for (int64_t i = 0; i < int64_t(data->size()); ++i)
    indices.push_back(i < *axis    ? context.index(i)
                      : i == *axis ? at
                                   : context.index(i - 1 + ids->size()));
  return move(*result.shape, indices);
}

SymbolicTensor OpEvaluator::gatherElements() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0), ids = shapeOf(1);
  std::optional<int64_t> axis = data ? axisAttr("axis", 0, data->size()) : std::nullopt;
  if (!axis || !ids)
    return result;
  result.shape = ids;
  std::optional<SymbolicExpr> body = tensors.getBody(input(0)), index = tensors.getBody(input(1));
  if (body && body->getConstant())
    result.body = body;
  if (!body || !index || result.body)
    return result;
  Exprs indices;
  for (int64_t i = 0; i < int64_t(data->size()); ++i)
    indices.push_back(i == *axis ? *index : context.index(i));
  return move(*ids, indices);
}

SymbolicTensor OpEvaluator::gatherND() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0), ids = shapeOf(1);
  if (!data || !ids || ids->empty() || access.integer("batch_dims", 0) != 0)
    return result;
  std::optional<double> depth = ids->back().getConstant();
  if (!depth || *depth < 1 || *depth > double(data->size()))
    return result;
  size_t outer = ids->size() - 1, count = size_t(*depth);
  result.shape = Exprs(ArrayRef(*ids).drop_back());
  result.shape->append(data->begin() + count, data->end());
  std::optional<SymbolicExpr> index = tensors.getBody(input(1));
  if (!index)
    return result;
  Exprs indices;
  for (size_t axis = 0; axis < data->size(); ++axis) {
    if (axis >= count) {
      indices.push_back(context.index(outer + axis - count));
      continue;
    }
    Exprs at;
    for (size_t i = 0; i < outer; ++i)
      at.push_back(context.index(i));
    at.push_back(SymbolicExpr(double(axis)));
    indices.push_back(context.substitute(*index, at, *result.shape));
  }
  return move(*result.shape, indices);
}

SymbolicTensor OpEvaluator::unsqueeze() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0);
  std::optional<SmallVector<int64_t>> added = axes("axes", 1);
  if (!data || !added || data->size() + added->size() > kMaxElements)
    return result;
  size_t rank = data->size() + added->size();
  SmallVector<bool> isNew(rank, false);
  for (int64_t axis : *added) {
    std::optional<int64_t> at = normalizeAxis(axis, rank);
    if (!at || isNew[*at])
      return result;
    isNew[*at] = true;
  }
  Exprs shape, indices;
  for (size_t axis = 0; axis < rank; ++axis) {
    if (!isNew[axis])
      indices.push_back(context.index(axis));
    shape.push_back(isNew[axis] ? SymbolicExpr(1) : (*data)[indices.size() - 1]);
  }
  result = move(shape, indices);
  if (result.shape->size() == 1)
    result.elements = tensors.getElements(input(0));
  return result;
}

SymbolicTensor OpEvaluator::squeeze() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0);
  std::optional<SmallVector<int64_t>> removed = axes("axes", 1);
  if (!data || (!removed && input(1)))
    return result;
  SmallVector<bool> isGone(data->size(), false);
  for (size_t axis = 0; axis < data->size() && !removed; ++axis)
    isGone[axis] = (*data)[axis] == SymbolicExpr(1);
  for (int64_t axis : removed.value_or(SmallVector<int64_t>())) {
    std::optional<int64_t> at = normalizeAxis(axis, data->size());
    if (!at)
      return result;
    isGone[*at] = true;
  }
  Exprs shape, indices;
  for (size_t axis = 0; axis < data->size(); ++axis) {
    indices.push_back(isGone[axis] ? SymbolicExpr(0) : context.index(shape.size()));
    if (!isGone[axis])
      shape.push_back((*data)[axis]);
  }
  return move(shape, indices);
}

SymbolicTensor OpEvaluator::concat() {
  SymbolicTensor result;
  std::optional<Exprs> first = shapeOf(0);
  std::optional<int64_t> axis = first ? axisAttr("axis", 0, first->size()) : std::nullopt;
  if (!axis)
    return result;
  Exprs elements, parts = {context.index(*axis)};
  bool known = first->size() == 1, single = true;
  SymbolicExpr size;
  for (Value operand : op.getInputs()) {
    std::optional<Exprs> shape = tensors.getShape(operand);
    if (!shape || shape->size() != first->size())
      return result;
    size = size + (*shape)[*axis];
    std::optional<Exprs> values = known ? tensors.getElements(operand) : std::nullopt;
    known &= values.has_value();
    if (values)
      elements.append(*values);
    std::optional<SymbolicExpr> body = tensors.getBody(operand);
    single &= body && (*shape)[*axis] == SymbolicExpr(1);
    if (single)
      parts.push_back(*body);
  }
  result.shape = first;
  (*result.shape)[*axis] = size;
  if (known && elements.size() <= kMaxElements)
    result.elements = elements;
  else if (single && parts.size() <= kMaxElements)
    result.body = context.make(Kind::Choice, 0, parts);
  return result;
}

/// A bound of a slice as an expression in [0, size]; none where that is not known.
std::optional<SymbolicExpr> clampBound(const SymbolicExpr &bound, const SymbolicExpr &size) {
  std::optional<double> number = bound.getConstant();
  std::optional<double> limit = size.getConstant();
  if (!number)
    return bound; // a slice by a computed dimension is taken to lie inside
  if (*number < 0) {
    if (*number < -0x1p31)
      return SymbolicExpr(0);
    return limit ? SymbolicExpr(std::max(0.0, *limit + *number)) : size + bound;
  }
  if (*number > 0x1p31)
    return size;
  return limit ? SymbolicExpr(std::min(*limit, *number)) : bound;
}

SymbolicTensor OpEvaluator::slice() {
  SymbolicTensor result;
  std::optional<Exprs> data = shapeOf(0);
  std::optional<Exprs> starts = tensors.getElements(input(1)), ends = tensors.getElements(input(2));
  std::optional<SmallVector<int64_t>> which, steps;
  if (input(3) ? !(which = axes("axes", 3)) : false)
    return result;
  if (input(4) ? !(steps = axes("steps", 4)) : false)
    return result;
  if (!data || !starts || !ends || starts->size() != ends->size() ||
      (which && which->size() != starts->size()) || (steps && steps->size() != starts->size()))
    return result;
  Exprs shape = *data, indices;
  for (size_t axis = 0; axis < data->size(); ++axis)
    indices.push_back(context.index(axis));
  for (size_t i = 0; i < starts->size(); ++i) {
    std::optional<int64_t> axis = normalizeAxis(which ? (*which)[i] : int64_t(i), data->size());
    if (!axis || (steps && (*steps)[i] != 1))
      return result;
    std::optional<SymbolicExpr> from = clampBound((*starts)[i], (*data)[*axis]);
    std::optional<SymbolicExpr> to = clampBound((*ends)[i], (*data)[*axis]);
    shape[*axis] = *to - *from;
    indices[*axis] = indices[*axis] + *from;
  }
  result = move(shape, indices);
  std::optional<Exprs> elements = data->size() == 1 ? tensors.getElements(input(0)) : std::nullopt;
  std::optional<double> count = shape.empty() ? std::nullopt : shape[0].getConstant();
  std::optional<double> from =
      indices.empty() ? std::nullopt : (indices[0] - context.index(0)).getConstant();
  if (elements && count && from && *count >= 0 && *from >= 0 &&
      *from + *count <= double(elements->size()))
    result.elements = Exprs(ArrayRef(*elements).slice(size_t(*from), size_t(*count)));
  return result;
}

SymbolicTensor OpEvaluator::range() {
  SymbolicTensor result;
  std::optional<SymbolicExpr> start = tensors.getBody(input(0)), limit = tensors.getBody(input(1));
  std::optional<double> step = tensors.getSplat(input(2));
  result.shape = Exprs{context.opaque()};
  if (!start || !limit || !step || *step != 1)
    return result;
  result.shape = Exprs{*limit - *start};
  result.body = *start + context.index(0);
  return result;
}

SymbolicTensor OpEvaluator::expand() {
  std::optional<Exprs> data = shapeOf(0), target = tensors.getElements(input(1));
  if (!data || !target)
    return {};
  std::optional<Exprs> shape = broadcast({*data, *target});
  SymbolicTensor result;
  result.shape = shape;
  result.body = tensors.getBodyIn(input(0), *shape);
  return result;
}

SymbolicTensor OpEvaluator::constantOfShape() {
  SymbolicTensor result;
  result.shape = tensors.getElements(input(0));
  DictionaryAttr attributes = op.getNodeAttributesAttr();
  auto value = attributes ? attributes.getAs<DenseElementsAttr>("value") : DenseElementsAttr();
  if (!value)
    result.body = SymbolicExpr(0);
  else if (value.getNumElements() == 1 && value.getElementType().isF32())
    result.body = SymbolicExpr(value.getSplatValue<float>());
  else if (value.getNumElements() == 1 && value.getElementType().isInteger(1))
    result.body = SymbolicExpr(value.getSplatValue<bool>());
  else if (value.getNumElements() == 1)
    result.body = SymbolicExpr(double(value.getSplatValue<APInt>().getSExtValue()));
  return result;
}

SymbolicTensor OpEvaluator::reshapeOp() {
  std::optional<Exprs> data = shapeOf(0), target = tensors.getElements(input(1));
  if (!data || !target)
    return {};
  SymbolicExpr total(1), rest(1);
  for (const SymbolicExpr &size : *data)
    total = context.multiply(total, size);
  std::optional<size_t> open;
  for (size_t axis = 0; axis < target->size(); ++axis) {
    SymbolicExpr &size = (*target)[axis];
    if (size == SymbolicExpr(0) && !access.integer("allowzero", 0) && axis < data->size())
      size = (*data)[axis];
    if (size == SymbolicExpr(-1))
      open = axis;
    else
      rest = context.multiply(rest, size);
  }
  if (open) {
    std::optional<SymbolicExpr> size = context.divideExactly(total, rest);
    (*target)[*open] = size ? *size : context.opaque();
  }
  return reshape(*target);
}

SymbolicTensor OpEvaluator::flatten() {
  std::optional<Exprs> data = shapeOf(0);
  if (!data)
    return {};
  int64_t axis = access.integer("axis", 1);
  axis = axis < 0 ? axis + int64_t(data->size()) : axis;
  SymbolicExpr outer(1), inner(1);
  for (size_t i = 0; i < data->size(); ++i)
    (int64_t(i) < axis ? outer : inner) =
        context.multiply(int64_t(i) < axis ? outer : inner, (*data)[i]);
  return reshape({outer, inner});
}

SymbolicTensor OpEvaluator::reshape(const Exprs &shape) {
  SymbolicTensor result;
  result.shape = shape;
  std::optional<Exprs> data = shapeOf(0);
  if (std::optional<Exprs> elements = tensors.getElements(input(0)); elements && shape.size() <= 1)
    result.elements = elements;
  if (!tensors.getBody(input(0)))
    return result;
  // The coordinates as one number, split by the sizes of the data.
  SymbolicExpr linear, stride(1);
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] != SymbolicExpr(1))
      linear = linear + context.multiply(context.index(axis), stride);
    stride = context.multiply(stride, shape[axis]);
  }
  Exprs indices(data->size());
  stride = SymbolicExpr(1);
  for (size_t axis = data->size(); axis-- > 0;) {
    SymbolicExpr at = context.make(Kind::FloorDiv, 0, {linear, stride}, shape);
    bool outermost = llvm::all_of(ArrayRef(*data).take_front(axis),
                                  [](const SymbolicExpr &size) { return size == SymbolicExpr(1); });
    indices[axis] = (*data)[axis] == SymbolicExpr(1) ? SymbolicExpr(0)
                    : outermost ? at
                                : context.make(Kind::Mod, 0, {at, (*data)[axis]}, shape);
    stride = context.multiply(stride, (*data)[axis]);
  }
  SymbolicTensor moved = move(shape, indices);
  moved.elements = result.elements;
  return moved;
}

SymbolicTensor OpEvaluator::transpose() {
  std::optional<Exprs> data = shapeOf(0);
  if (!data)
    return {};
  SmallVector<int64_t> order = access.integers("perm").value_or(SmallVector<int64_t>());
  if (order.empty())
    for (size_t axis = data->size(); axis-- > 0;)
      order.push_back(axis);
  if (order.size() != data->size())
    return {};
  Exprs shape, indices(data->size());
  for (auto [axis, from] : enumerate(order)) {
    if (from < 0 || from >= int64_t(data->size()))
      return {};
    shape.push_back((*data)[from]);
    indices[from] = context.index(axis);
  }
  return move(shape, indices);
}

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

//===----------------------------------------------------------------------------------------===//
// Products and reductions
//===----------------------------------------------------------------------------------------===//

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

} // namespace

SymbolicTensor intaglio::evaluateSource(SymbolicTensors &tensors, SourceOp op) {
  return OpEvaluator(tensors, op).evaluate();
}
