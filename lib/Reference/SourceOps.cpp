//===- SourceOps.cpp - operators of imported ONNX graphs that move or reduce elements --------===//

#include "SourceOps.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <cmath>

using namespace mlir;
using namespace intaglio;
using namespace intaglio::reference;

int64_t reference::attribute(SourceOp op, StringRef name, int64_t otherwise) {
  DictionaryAttr attributes = op.getNodeAttributesAttr();
  auto value = attributes ? attributes.getAs<IntegerAttr>(name) : IntegerAttr();
  return value ? value.getInt() : otherwise;
}

ArrayRef<int64_t> reference::listAttribute(SourceOp op, StringRef name) {
  DictionaryAttr attributes = op.getNodeAttributesAttr();
  auto value = attributes ? attributes.getAs<DenseI64ArrayAttr>(name) : DenseI64ArrayAttr();
  return value ? value.asArrayRef() : ArrayRef<int64_t>();
}

/// The same elements in the shape of the result, of which one size may be open.
static FailureOr<Reals> reshape(SourceOp op, ArrayRef<Reals> in) {
  Reals x = in[0];
  auto shape = llvm::to_vector(cast<RankedTensorType>(op.getResult(0).getType()).getShape());
  bool fromInput = op.getOpType() == "Reshape";
  if (fromInput && in[1].values.size() != shape.size())
    return op.emitOpError("expects as many sizes as the result has axes");
  int64_t known = 1, open = -1;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    int64_t size = fromInput ? int64_t(in[1].values[axis]) : shape[axis];
    if (fromInput && size == 0 && axis < x.shape.size() && !attribute(op, "allowzero", 0))
      size = x.shape[axis];
    if (size >= 0)
      known *= size;
    else if (std::exchange(open, int64_t(axis)) >= 0)
      return op.emitOpError("has two open sizes");
    shape[axis] = size;
  }
  if (open >= 0)
    shape[open] = known ? int64_t(x.values.size()) / known : 0;
  if (sizeOf(shape) != int64_t(x.values.size()))
    return op.emitOpError("cannot give ") << int64_t(x.values.size()) << " elements that shape";
  x.shape = shape;
  return x;
}

/// Axes of one are put in, or taken out.
static FailureOr<Reals> moveAxes(SourceOp op, ArrayRef<Reals> in, bool insert) {
  Reals x = in[0];
  int64_t rank = x.shape.size() + (insert ? in[1].values.size() : 0);
  SmallVector<int64_t> axes;
  if (in.size() > 1)
    for (double axis : in[1].values)
      axes.push_back(normalizeAxis(int64_t(axis), rank));
  SmallVector<int64_t> shape;
  for (int64_t axis = 0, from = 0; axis < rank; ++axis) {
    bool named = llvm::is_contained(axes, axis);
    if (insert)
      shape.push_back(named ? 1 : x.shape[from++]);
    else if (!(in.size() > 1 ? named : x.shape[axis] == 1))
      shape.push_back(x.shape[axis]);
  }
  if (sizeOf(shape) != int64_t(x.values.size()))
    return op.emitOpError("expects axes of size one");
  x.shape = shape;
  return x;
}
static FailureOr<Reals> unsqueeze(SourceOp op, ArrayRef<Reals> in) {
  return moveAxes(op, in, /*insert=*/true);
}
static FailureOr<Reals> squeeze(SourceOp op, ArrayRef<Reals> in) {
  return moveAxes(op, in, /*insert=*/false);
}

static FailureOr<Reals> shapeOf(SourceOp op, ArrayRef<Reals> in) {
  if (attribute(op, "start", 0) != 0 || attribute(op, "end", INT64_MAX) != INT64_MAX)
    return op.emitOpError("is interpreted for whole shapes only");
  std::vector<double> sizes(in[0].shape.begin(), in[0].shape.end());
  return Reals{{int64_t(sizes.size())}, std::move(sizes)};
}

static FailureOr<Reals> expand(SourceOp op, ArrayRef<Reals> in) {
  Reals ones;
  for (double size : in[1].values)
    ones.shape.push_back(int64_t(size));
  ones.values.assign(sizeOf(ones.shape), 1);
  return broadcast(op, {in[0], ones}, [](ArrayRef<double> x) { return x[0]; });
}

static FailureOr<Reals> transpose(SourceOp op, ArrayRef<Reals> in) {
  const Reals &x = in[0];
  int64_t rank = x.shape.size();
  SmallVector<int64_t> permutation(listAttribute(op, "perm"));
  if (permutation.empty())
    for (int64_t axis = rank; axis-- > 0;)
      permutation.push_back(axis);
  if (int64_t(permutation.size()) != rank || !isPermutationVector(permutation))
    return op.emitOpError("expects a permutation of ") << rank << " axes";
  Reals result{{}, std::vector<double>(x.values.size())};
  SmallVector<int64_t> strides(rank, 1);
  for (int64_t axis = rank - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * x.shape[axis + 1];
  for (int64_t axis : permutation)
    result.shape.push_back(x.shape[axis]);
  for (auto [position, value] : llvm::enumerate(result.values)) {
    int64_t rest = position, index = 0;
    for (int64_t axis = rank; axis-- > 0; rest /= result.shape[axis])
      index += rest % result.shape[axis] * strides[permutation[axis]];
    value = x.values[index];
  }
  return result;
}

/// Slices of an axis, one for each index.
static FailureOr<Reals> gather(SourceOp op, ArrayRef<Reals> in) {
  const Reals &x = in[0], &indices = in[1];
  int64_t rank = x.shape.size(), axis = normalizeAxis(attribute(op, "axis", 0), rank);
  if (axis < 0)
    return op.emitOpError("expects an axis of its operand");
  Reals result{SmallVector<int64_t>(ArrayRef(x.shape).take_front(axis)), {}};
  result.shape.append(indices.shape);
  result.shape.append(x.shape.begin() + axis + 1, x.shape.end());
  int64_t outer = sizeOf(ArrayRef(x.shape).take_front(axis)), size = x.shape[axis];
  int64_t inner = sizeOf(ArrayRef(x.shape).drop_front(axis + 1));
  for (int64_t o = 0; o < outer; ++o)
    for (double index : indices.values) {
      int64_t at = normalizeAxis(int64_t(index), size);
      if (at < 0)
        return op.emitOpError("has no index ") << int64_t(index) << " in an axis of " << size;
      auto first = x.values.begin() + (o * size + at) * inner;
      result.values.insert(result.values.end(), first, first + inner);
    }
  return result;
}

static FailureOr<Reals> concat(SourceOp op, ArrayRef<Reals> in) {
  int64_t rank = in[0].shape.size(), axis = normalizeAxis(attribute(op, "axis", 0), rank);
  if (axis < 0)
    return op.emitOpError("expects an axis of its operands");
  Reals result{in[0].shape, {}};
  result.shape[axis] = 0;
  for (const Reals &x : in) {
    SmallVector<int64_t> others(x.shape), expected(in[0].shape);
    if (int64_t(others.size()) != rank)
      return op.emitOpError("expects operands of one rank");
    others[axis] = expected[axis];
    if (failed(expectSameShape(op, expected, others)))
      return failure();
    result.shape[axis] += x.shape[axis];
  }
  for (int64_t o = 0, e = sizeOf(ArrayRef(in[0].shape).take_front(axis)); o < e; ++o)
    for (const Reals &x : in) {
      int64_t step = sizeOf(ArrayRef(x.shape).drop_front(axis));
      auto first = x.values.begin() + o * step;
      result.values.insert(result.values.end(), first, first + step);
    }
  return result;
}

void reference::addShapeSourceOps(llvm::StringMap<SourceFn> &functions) {
  functions["Reshape"] = functions["Flatten"] = reshape;
  functions["Unsqueeze"] = unsqueeze;
  functions["Squeeze"] = squeeze;
  functions["Shape"] = shapeOf;
  functions["Expand"] = expand;
  functions["Transpose"] = transpose;
  functions["Gather"] = gather;
  functions["Concat"] = concat;
}

void reference::addSourceOps(Interpreter &interpreter) {
  llvm::StringMap<SourceFn> functions;
  addElementwiseSourceOps(functions);
  addShapeSourceOps(functions);
  interpreter.add(
      SourceOp::getOperationName(),
      [functions](Operation *operation, ArrayRef<Tensor> operands) -> FailureOr<Tensors> {
        auto op = cast<SourceOp>(operation);
        auto known = functions.find(op.getOpType());
        if (known == functions.end() || op.getPresentAttr() || op->getNumResults() != 1)
          return op.emitOpError("of this operator is not known to the interpreter: ")
                 << op.getOpType();
        auto reals = llvm::map_to_vector(operands, toReals);
        FailureOr<Reals> result = known->second(op, reals);
        if (failed(result))
          return failure();
        FailureOr<Tensor> rounded = roundResult(op, *result);
        if (failed(rounded))
          return failure();
        return Tensors{*rounded};
      });
}
