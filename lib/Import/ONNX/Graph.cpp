//===- Graph.cpp - an ONNX graph as a function ----------------------------------------------===//
//
//   y = Add(x, bias)     ->     %y = intaglio.source "Add" opset 17 (%x, %bias) : ...
//
//===----------------------------------------------------------------------------------------===//

#include "Graph.h"

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Import/SourceLocation.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace intaglio;
using namespace intaglio::onnx_import;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;
using ::onnx::ValueInfoProto;

GraphImporter::GraphImporter(StringRef file, int64_t opset, ModuleOp module)
    : file(file), opset(opset), module(module), builder(module.getContext()),
      tensors(sys::path::parent_path(file), module.getContext()),
      fileLocation(FileLineColLoc::get(module.getContext(), file, 0, 0)) {}

InFlightDiagnostic GraphImporter::error(Location at) {
  hasFailed = true;
  return emitError(at);
}

Location GraphImporter::locationOf(const NodeProto &node, unsigned index) {
  std::string name = node.name();
  if (name.empty())
    name = node.output_size() ? node.output(0) : ("#" + Twine(index)).str();
  return getSourceLocation(builder.getContext(), file, name, node.op_type(), opset);
}

LogicalResult GraphImporter::import(::onnx::GraphProto &graph) {
  builder.setInsertionPointToEnd(module.getBody());
  function = func::FuncOp::create(builder, fileLocation, "main", builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  for (const NodeProto &node : graph.node())
    for (const std::string &name : node.output())
      made.insert(name);
  if (graph.sparse_initializer_size())
    error(fileLocation) << "sparse initializers are not supported";
  for (TensorProto &tensor : *graph.mutable_initializer())
    addInitializer(tensor);
  for (const ValueInfoProto &input : graph.input())
    addInput(input);
  for (auto [index, node] : enumerate(*graph.mutable_node()))
    addNode(node, index);
  addOutputs(graph);
  return failure(hasFailed);
}

void GraphImporter::define(const std::string &name, Value value, Location at) {
  if (name.empty())
    return;
  if (!values.try_emplace(name, value).second)
    error(at) << "'" << name << "' is defined more than once";
}

Value GraphImporter::lookUp(const std::string &name, Location at) {
  auto found = values.find(name);
  if (found != values.end())
    return found->second;
  if (made.contains(name))
    error(at) << "reads '" << name << "' before it is made: the graph has a cycle or is not sorted";
  else
    error(at) << "reads '" << name << "', which no input, initializer or node makes";
  auto type = UnrankedTensorType::get(builder.getF32Type());
  auto standIn = SourceOp::create(builder, at, TypeRange(type), builder.getStringAttr("Missing"),
                                  builder.getI64IntegerAttr(opset), ValueRange(), nullptr, nullptr);
  return values[name] = standIn->getResult(0);
}

//===----------------------------------------------------------------------------------------===//
// Inputs, initializers, outputs
//===----------------------------------------------------------------------------------------===//

/// The name of an axis that has none. The first two of all inputs are taken to be the same: what is
/// called by one name is compared when a program runs.
static std::string nameOfDim(const std::string &input, int64_t size, size_t axis) {
  if (!ShapedType::isDynamic(size))
    return std::to_string(size);
  return axis == 0 ? "batch" : axis == 1 ? "sequence" : (input + "_dim_" + Twine(axis)).str();
}

RankedTensorType GraphImporter::typeOf(const ValueInfoProto &info, ArrayAttr &dims) {
  const auto &tensor = info.type().tensor_type();
  Type element = elementTypeOf(tensor.elem_type(), builder.getContext());
  if (!info.type().has_tensor_type() || !element || !tensor.has_shape()) {
    error(fileLocation) << "'" << info.name()
                        << "' must be a tensor of FLOAT, INT64, INT32 or BOOL with a known rank";
    return nullptr;
  }
  SmallVector<int64_t> shape;
  SmallVector<Attribute> names;
  for (const auto &dim : tensor.shape().dim()) {
    std::string name = dim.dim_param();
    int64_t size = dim.has_dim_value() ? dim.dim_value() : ShapedType::kDynamic;
    if (dim.has_dim_value() && size < 1) {
      error(fileLocation) << "'" << info.name() << "' has the dimension " << size;
      return nullptr;
    }
    if (name.empty())
      name = nameOfDim(info.name(), size, shape.size());
    shape.push_back(size);
    names.push_back(builder.getStringAttr(name));
  }
  dims = builder.getArrayAttr(names);
  return RankedTensorType::get(shape, element);
}

void GraphImporter::addInput(const ValueInfoProto &input) {
  // Old files list initializers among the inputs.
  auto known = values.find(input.name());
  if (known != values.end() && !isa<BlockArgument>(known->second))
    return;
  ArrayAttr dims;
  RankedTensorType type = typeOf(input, dims);
  if (!type) {
    lookUp(input.name(), fileLocation);
    return;
  }
  unsigned index = function.getNumArguments();
  if (failed(function.insertArgument(
          index, type,
          builder.getDictionaryAttr(
              {builder.getNamedAttr("intaglio.name", builder.getStringAttr(input.name())),
               builder.getNamedAttr("intaglio.dims", dims)}),
          fileLocation)))
    hasFailed = true;
  define(input.name(), function.getArgument(index), fileLocation);
}

void GraphImporter::addInitializer(TensorProto &tensor) {
  Location at = NameLoc::get(builder.getStringAttr(tensor.name()), fileLocation);
  FailureOr<TypedAttr> attribute = tensors.read(tensor, fileLocation);
  if (succeeded(attribute)) {
    define(tensor.name(), arith::ConstantOp::create(builder, at, *attribute), fileLocation);
    return;
  }
  hasFailed = true;
  made.erase(tensor.name());
  auto type = RankedTensorType::get({}, builder.getF32Type());
  Attribute zero = builder.getF32FloatAttr(0);
  define(tensor.name(), arith::ConstantOp::create(builder, at, DenseElementsAttr::get(type, zero)),
         fileLocation);
}

void GraphImporter::addOutputs(const ::onnx::GraphProto &graph) {
  SmallVector<Value> results;
  for (const ValueInfoProto &output : graph.output())
    results.push_back(lookUp(output.name(), fileLocation));
  if (results.empty())
    error(fileLocation) << "the graph has no output";
  func::ReturnOp::create(builder, fileLocation, results);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), TypeRange(results)));
  for (auto [index, output] : enumerate(graph.output()))
    function.setResultAttr(index, "intaglio.name", builder.getStringAttr(output.name()));
}

//===----------------------------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------------------------===//

bool GraphImporter::checkOperator(const NodeProto &node, const Operator *op, Location at) {
  if (!node.domain().empty() && node.domain() != "ai.onnx") {
    error(at) << "operators of the domain '" << node.domain() << "' are not supported";
    return false;
  }
  if (!op) {
    error(at) << "operator '" << node.op_type() << "' is not supported; nearest is '"
              << nearestOperator(node.op_type()) << "'";
    return false;
  }
  if (size_t(node.input_size()) >= op->minInputs && size_t(node.input_size()) <= op->maxInputs)
    return true;
  error(at) << "has " << node.input_size() << " inputs, expected "
            << (unsigned(node.input_size()) < op->minInputs ? "at least " : "at most ")
            << (unsigned(node.input_size()) < op->minInputs ? op->minInputs : op->maxInputs);
  return false;
}

void GraphImporter::addNode(NodeProto &node, unsigned index) {
  Location at = locationOf(node, index);
  for (const AttributeProto &attribute : node.attribute())
    if (attribute.type() == AttributeProto::GRAPH || attribute.type() == AttributeProto::GRAPHS) {
      error(at) << "subgraphs ('" << attribute.name() << "') are not supported";
      for (const std::string &name : node.output())
        made.erase(name);
    }
  if (node.op_type() == "Constant")
    return addConstant(node, at);
  const Operator *op = findOperator(node.op_type());
  addSource(node, at, checkOperator(node, op, at) ? op : nullptr);
}

Attribute GraphImporter::attributeOf(const AttributeProto &attribute, Location at) {
  switch (attribute.type()) {
  case AttributeProto::INT:
    return builder.getI64IntegerAttr(attribute.i());
  case AttributeProto::FLOAT:
    return builder.getF32FloatAttr(attribute.f());
  case AttributeProto::STRING:
    return builder.getStringAttr(attribute.s());
  case AttributeProto::INTS:
    return builder.getDenseI64ArrayAttr(
        SmallVector<int64_t>(attribute.ints().begin(), attribute.ints().end()));
  case AttributeProto::FLOATS:
    return builder.getDenseF32ArrayAttr(
        SmallVector<float>(attribute.floats().begin(), attribute.floats().end()));
  case AttributeProto::TENSOR: {
    TensorProto tensor = attribute.t();
    FailureOr<TypedAttr> value = tensors.read(tensor, at);
    hasFailed |= failed(value);
    return failed(value) ? Attribute(builder.getUnitAttr()) : Attribute(*value);
  }
  case AttributeProto::GRAPH:
  case AttributeProto::GRAPHS:
    return nullptr; // refused already
  default:
    error(at) << "attribute '" << attribute.name() << "' has a type that is not supported";
    return nullptr;
  }
}

void GraphImporter::addConstant(NodeProto &node, Location at) {
  auto vector = [&](auto values, Type element) -> Attribute {
    using Element = typename decltype(values)::value_type;
    return DenseElementsAttr::get(
        RankedTensorType::get({static_cast<int64_t>(values.size())}, element),
        ArrayRef<Element>(values));
  };
  if (node.attribute_size() != 1 || node.output_size() != 1 || node.input_size() != 0) {
    error(at) << "a Constant has one attribute, one output and no input";
    return;
  }
  AttributeProto &attribute = *node.mutable_attribute(0);
  Attribute value;
  if (attribute.name() == "value_int")
    value = DenseElementsAttr::get(RankedTensorType::get({}, builder.getI64Type()), attribute.i());
  else if (attribute.name() == "value_float")
    value = DenseElementsAttr::get(RankedTensorType::get({}, builder.getF32Type()), attribute.f());
  else if (attribute.name() == "value_ints")
    value = vector(std::vector<int64_t>(attribute.ints().begin(), attribute.ints().end()),
                   builder.getI64Type());
  else if (attribute.name() == "value_floats")
    value = vector(std::vector<float>(attribute.floats().begin(), attribute.floats().end()),
                   builder.getF32Type());
  else if (attribute.name() == "value" && attribute.type() == AttributeProto::TENSOR) {
    FailureOr<TypedAttr> read = tensors.read(*attribute.mutable_t(), at);
    hasFailed |= failed(read);
    if (succeeded(read))
      value = *read;
    else
      value = DenseElementsAttr::get(RankedTensorType::get({}, builder.getF32Type()), 0.0f);
  }
  auto typed = dyn_cast_or_null<TypedAttr>(value);
  if (!typed) {
    error(at) << "constants of the kind '" << attribute.name() << "' are not supported";
    return;
  }
  define(node.output(0), arith::ConstantOp::create(builder, at, typed), at);
}

Type GraphImporter::resultElement(const Operator *op, ValueRange inputs,
                                  DictionaryAttr attributes) {
  auto elementOf = [&](unsigned index) {
    return index < inputs.size() ? getElementTypeOrSelf(inputs[index].getType())
                                 : Type(builder.getF32Type());
  };
  switch (op->element) {
  case ElementRule::First:
    return elementOf(0);
  case ElementRule::Second:
    return elementOf(1);
  case ElementRule::Bool:
    return builder.getI1Type();
  case ElementRule::Int64:
    return builder.getI64Type();
  case ElementRule::To: {
    auto to = attributes.getAs<IntegerAttr>("to");
    return to ? elementTypeOf(to.getInt(), builder.getContext()) : Type();
  }
  case ElementRule::Value: {
    auto value = attributes.getAs<ElementsAttr>("value");
    return value ? value.getElementType() : builder.getF32Type();
  }
  }
  llvm_unreachable("all rules are handled");
}

void GraphImporter::addSource(NodeProto &node, Location at, const Operator *op) {
  SmallVector<Value> inputs;
  SmallVector<bool> present;
  for (const std::string &name : node.input()) {
    present.push_back(!name.empty());
    if (!name.empty())
      inputs.push_back(lookUp(name, at));
  }
  NamedAttrList list;
  for (const AttributeProto &attribute : node.attribute())
    if (Attribute value = attributeOf(attribute, at))
      list.set(attribute.name(), value);
  DictionaryAttr attributes = list.getDictionary(builder.getContext());
  Type element = op ? resultElement(op, inputs, attributes) : builder.getF32Type();
  if (!element) {
    error(at) << "casts to an element type that is not supported: FLOAT, INT64, INT32 and BOOL are";
    element = builder.getF32Type();
  }
  SmallVector<Type> types(node.output_size(), UnrankedTensorType::get(element));
  auto source = SourceOp::create(
      builder, at, types, builder.getStringAttr(node.op_type()), builder.getI64IntegerAttr(opset),
      inputs, attributes.empty() ? DictionaryAttr() : attributes,
      is_contained(present, false) ? builder.getDenseBoolArrayAttr(present) : nullptr);
  for (auto [name, value] : zip(node.output(), source.getOutputs()))
    define(name, value, at);
}
