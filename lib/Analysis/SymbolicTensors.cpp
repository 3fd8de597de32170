//===- SymbolicTensors.cpp - shapes and contents of imported graphs -------------------------===//

#include "intaglio/Analysis/SymbolicTensors.h"

#include "SymbolicOps.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using Exprs = SymbolicTensor::Exprs;

/// Integer constants with more elements have no known contents.
static constexpr int64_t kMaxConstant = 65536;

namespace {

/// The elements of an integer constant.
std::optional<std::vector<double>> readConstant(ElementsAttr attribute) {
  Type element = attribute.getElementType();
  int64_t count = attribute.getNumElements();
  std::vector<double> values;
  if (count > kMaxConstant || !isa<IntegerType>(element))
    return std::nullopt;
  if (auto resource = dyn_cast<DenseI64ResourceElementsAttr>(attribute)) {
    std::optional<ArrayRef<int64_t>> data = resource.tryGetAsArrayRef();
    if (!data || int64_t(data->size()) != count)
      return std::nullopt;
    return std::vector<double>(data->begin(), data->end());
  }
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (!dense)
    return std::nullopt;
  if (element.isInteger(1))
    for (bool value : dense.getValues<bool>())
      values.push_back(value);
  else
    for (const APInt &value : dense.getValues<APInt>())
      values.push_back(double(value.getSExtValue()));
  return values;
}

/// `start + step * coordinate` along the last axis where the elements are that, in every row.
std::optional<SymbolicExpr> findProgression(SymbolicContext &context, ArrayRef<double> values,
                                            ArrayRef<int64_t> shape) {
  int64_t columns = shape.empty() ? 1 : shape.back();
  double start = values[0], step = columns > 1 ? values[1] - values[0] : 0;
  for (size_t index = 0; index < values.size(); ++index)
    if (values[index] != start + step * double(index % columns))
      return std::nullopt;
  if (step == 0)
    return SymbolicExpr(start);
  return SymbolicExpr(start) + context.index(shape.size() - 1) * step;
}

/// The contents of a constant.
SymbolicTensor makeConstant(SymbolicContext &context, ElementsAttr attribute) {
  SymbolicTensor tensor;
  ArrayRef<int64_t> shape = attribute.getShapedType().getShape();
  tensor.shape = Exprs(shape.begin(), shape.end());
  // A matrix is a weight or a table, whatever it holds: it is looked for as a tensor.
  bool isMatrix =
      attribute.getElementType().isF32() && shape.size() == 2 && shape[0] > 1 && shape[1] > 1;
  if (isMatrix)
    return tensor;
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute); dense && dense.isSplat()) {
    Type element = dense.getElementType();
    if (element.isF32())
      tensor.body = SymbolicExpr(dense.getSplatValue<float>());
    else if (element.isInteger(1))
      tensor.body = SymbolicExpr(dense.getSplatValue<bool>());
    else if (isa<IntegerType>(element))
      tensor.body = SymbolicExpr(double(dense.getSplatValue<APInt>().getSExtValue()));
    return tensor;
  }
  std::optional<std::vector<double>> values = readConstant(attribute);
  if (!values)
    return tensor;
  if (values->size() <= kMaxElements)
    tensor.elements = Exprs(values->begin(), values->end());
  if (!values->empty())
    tensor.body = findProgression(context, *values, shape);
  return tensor;
}

} // namespace

SymbolicTensors::SymbolicTensors(func::FuncOp function) {
  for (BlockArgument argument : function.getArguments())
    addArgument(argument,
                function.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), "intaglio.dims"));
  // In program order, so that the depth of the graph is not that of the stack.
  for (Operation &op : function.getBody().front())
    for (OpResult result : op.getResults()) {
      SymbolicTensor tensor = evaluateOp(&op, result.getResultNumber());
      const SymbolicAtom *atom = tensor.body ? tensor.body->getAtom() : nullptr;
      bool unknown = !tensor.body || (atom && atom->kind == SymbolicAtom::Opaque);
      if (unknown && !tensor.elements && tensor.shape &&
          isa<FloatType>(getElementTypeOrSelf(result.getType())))
        tensor.body = load(result, getIdentity(*tensor.shape));
      else if (tensor.body && tensor.shape && llvm::is_contained(*tensor.shape, SymbolicExpr(1)))
        tensor.body = context.substitute(*tensor.body, getIdentity(*tensor.shape), *tensor.shape);
      tensors[result] = std::move(tensor);
    }
}

void SymbolicTensors::addArgument(BlockArgument argument, ArrayAttr dims) {
  SymbolicTensor &tensor = tensors[argument];
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (!type)
    return;
  tensor.shape.emplace();
  for (auto [axis, size] : enumerate(type.getShape())) {
    auto name = dims && axis < dims.size() ? dyn_cast<StringAttr>(dims[axis]) : StringAttr();
    if (!ShapedType::isDynamic(size))
      tensor.shape->push_back(double(size));
    else if (name)
      tensor.shape->push_back(context.symbol(name));
    else
      tensor.shape->push_back(
          context.symbol(("input" + Twine(argument.getArgNumber()) + "_dim_" + Twine(axis)).str()));
  }
  tensor.body = load(argument, getIdentity(*tensor.shape));
}

Exprs SymbolicTensors::getIdentity(ArrayRef<SymbolicExpr> shape) {
  Exprs indices;
  for (auto [axis, size] : enumerate(shape))
    indices.push_back(size == SymbolicExpr(1) ? SymbolicExpr(0) : context.index(axis));
  return indices;
}

Value SymbolicTensors::getLoaded(const SymbolicAtom &atom) {
  return atom.kind == SymbolicAtom::Load ? loaded[atom.number] : Value();
}

SymbolicExpr SymbolicTensors::load(Value value, ArrayRef<SymbolicExpr> indices) {
  auto [known, isNew] = numbers.try_emplace(value, loaded.size());
  if (isNew)
    loaded.push_back(value);
  return context.make(SymbolicAtom::Load, known->second, indices);
}

bool SymbolicTensors::hasData(const SymbolicExpr &expr) {
  bool found = false;
  forEachAtom(expr, [&](const SymbolicAtom &atom) {
    Value value = getLoaded(atom);
    found |= value && isa<FloatType>(getElementTypeOrSelf(value.getType()));
  });
  return found;
}

void SymbolicTensors::replace(Value value, Value replacement) {
  auto found = tensors.find(value);
  if (found != tensors.end() && !tensors.contains(replacement)) {
    SymbolicTensor tensor = found->second;
    tensors[replacement] = std::move(tensor);
  }
  auto number = numbers.find(value);
  if (number == numbers.end())
    return;
  int64_t known = number->second; // a copy: the map may grow and move
  loaded[known] = replacement;
  numbers.try_emplace(replacement, known);
}

void SymbolicTensors::forget(Value value) {
  tensors.erase(value);
  numbers.erase(value);
}

SymbolicTensor SymbolicTensors::evaluateOp(Operation *op, unsigned result) {
  SymbolicTensor tensor;
  ElementsAttr attribute;
  if (matchPattern(op, m_Constant(&attribute)))
    return makeConstant(context, attribute);
  // Ids in another width are the same.
  if (auto widened = dyn_cast<arith::ExtSIOp>(op))
    return get(widened.getIn());
  if (auto source = dyn_cast<SourceOp>(op)) {
    if (result == 0)
      tensor = evaluateSource(*this, source);
  } else if (auto embedding = dyn_cast<EmbeddingOp>(op)) {
    tensor.shape = get(embedding.getIds()).shape;
    if (tensor.shape)
      tensor.shape->push_back(double(embedding.getType().getShape().back()));
  } else if (auto pool = dyn_cast<PoolOp>(op)) {
    tensor.shape = get(pool.getX()).shape;
    if (tensor.shape)
      tensor.shape->erase(tensor.shape->begin() + 1);
  } else if (isa_and_nonnull<IntaglioDialect>(op->getDialect()) && op->getNumOperands() > 0) {
    tensor.shape = get(op->getOperand(0)).shape;
    auto type = dyn_cast<RankedTensorType>(op->getResult(result).getType());
    if (tensor.shape && type && type.getRank() == int64_t(tensor.shape->size()) && type.getRank() &&
        !ShapedType::isDynamic(type.getShape().back()))
      tensor.shape->back() = double(type.getShape().back());
  }
  auto type = dyn_cast<RankedTensorType>(op->getResult(result).getType());
  if (!type || (tensor.shape && int64_t(tensor.shape->size()) == type.getRank()))
    return tensor;
  tensor.shape.emplace();
  for (int64_t size : type.getShape())
    tensor.shape->push_back(ShapedType::isDynamic(size) ? context.opaque()
                                                        : SymbolicExpr(double(size)));
  return tensor;
}

const SymbolicTensor &SymbolicTensors::get(Value value) { return tensors[value]; }

std::optional<Exprs> SymbolicTensors::getShape(Value value) { return get(value).shape; }

std::optional<SymbolicExpr> SymbolicTensors::getBody(Value value) {
  const SymbolicTensor &tensor = get(value);
  if (tensor.body || !tensor.elements || tensor.elements->empty())
    return tensor.body;
  if (llvm::all_equal(*tensor.elements))
    return tensor.elements->front();
  if (tensor.shape->size() != 1)
    return std::nullopt;
  Exprs args = {context.index(0)};
  args.append(tensor.elements->begin(), tensor.elements->end());
  return context.make(SymbolicAtom::Choice, 0, args);
}

std::optional<SymbolicExpr> SymbolicTensors::getBodyIn(Value value,
                                                       ArrayRef<SymbolicExpr> resultShape) {
  std::optional<SymbolicExpr> body = getBody(value);
  std::optional<Exprs> shape = get(value).shape;
  if (!body || !shape || shape->size() > resultShape.size())
    return std::nullopt;
  Exprs indices;
  for (auto [axis, size] : enumerate(*shape)) {
    size_t at = axis + resultShape.size() - shape->size();
    bool isOne = size == SymbolicExpr(1);
    if (!isOne && size.getConstant() && resultShape[at].getConstant() && size != resultShape[at])
      return std::nullopt;
    indices.push_back(isOne ? SymbolicExpr(0) : context.index(at));
  }
  return context.substitute(*body, indices, resultShape);
}

std::optional<Exprs> SymbolicTensors::getElements(Value value) {
  const SymbolicTensor &tensor = get(value);
  if (tensor.elements || !tensor.shape)
    return tensor.elements;
  std::optional<SymbolicExpr> body = tensor.body;
  double count = 1;
  for (const SymbolicExpr &size : *tensor.shape)
    count *= size.getConstant().value_or(kMaxElements + 1);
  if (!body || tensor.shape->size() > 1 || count > double(kMaxElements))
    return std::nullopt;
  Exprs elements;
  for (double index = 0; index < count; ++index)
    elements.push_back(context.substitute(*body, {SymbolicExpr(index)}, {}));
  return elements;
}

std::optional<SmallVector<double>> SymbolicTensors::getConstants(Value value) {
  std::optional<Exprs> elements = getElements(value);
  if (!elements)
    return std::nullopt;
  SmallVector<double> values;
  for (const SymbolicExpr &element : *elements) {
    std::optional<double> number = element.getConstant();
    if (!number)
      return std::nullopt;
    values.push_back(*number);
  }
  return values;
}

std::optional<double> SymbolicTensors::getSplat(Value value) {
  std::optional<SymbolicExpr> body = getBody(value);
  return body ? body->getConstant() : std::nullopt;
}

/// The size of an axis where it is a constant that a type can hold.
static std::optional<int64_t> getStaticSize(const SymbolicExpr &size) {
  std::optional<double> constant = size.getConstant();
  bool usable = constant && *constant >= 0 && *constant < 0x1p53;
  return usable ? std::optional(int64_t(*constant)) : std::nullopt;
}

Type SymbolicTensors::getType(Value value) {
  std::optional<Exprs> shape = get(value).shape;
  Type element = getElementTypeOrSelf(value.getType());
  if (!shape)
    return UnrankedTensorType::get(element);
  SmallVector<int64_t> sizes;
  for (const SymbolicExpr &size : *shape)
    sizes.push_back(getStaticSize(size).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(sizes, element);
}

void intaglio::inferSourceTypes(func::FuncOp function) {
  SymbolicTensors tensors(function);
  function.walk([&](SourceOp op) {
    for (Value result : op.getOutputs())
      result.setType(tensors.getType(result));
  });
  Operation *terminator = function.getBody().front().getTerminator();
  Builder builder(function.getContext());
  function.setType(
      builder.getFunctionType(function.getArgumentTypes(), terminator->getOperandTypes()));
  for (OpOperand &operand : terminator->getOpOperands()) {
    std::optional<Exprs> shape = tensors.getShape(operand.get());
    SmallVector<Attribute> names;
    for (auto [axis, size] : enumerate(shape.value_or(Exprs()))) {
      std::optional<int64_t> constant = getStaticSize(size);
      StringRef symbol = tensors.getContext().getSymbolName(size);
      names.push_back(constant          ? builder.getStringAttr(Twine(*constant))
                      : !symbol.empty() ? builder.getStringAttr(symbol)
                                        : builder.getStringAttr("dim_" + Twine(axis)));
    }
    if (shape)
      function.setResultAttr(operand.getOperandNumber(), "intaglio.dims",
                             builder.getArrayAttr(names));
  }
}
