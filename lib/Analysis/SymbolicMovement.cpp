//===- SymbolicMovement.cpp - symbolic meaning of the source ops that move elements ---------===//

#include "SymbolicOps.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using Exprs = SymbolicTensor::Exprs;
using Kind = SymbolicAtom::Kind;

SymbolicTensor OpEvaluator::move(const Exprs &shape, const Exprs &indices) {
  SymbolicTensor result;
  result.shape = shape;
  if (std::optional<SymbolicExpr> body = tensors.getBody(input(0)))
    result.body = context.substitute(*body, indices, shape);
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
static std::optional<SymbolicExpr> clampBound(const SymbolicExpr &bound, const SymbolicExpr &size) {
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
