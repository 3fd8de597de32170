//===- ModelInfo.cpp - the interface of a program -------------------------------------------===//

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

using namespace mlir;
using namespace intaglio;

std::string intaglio::dimName(func::FuncOp entry, unsigned argument, int64_t axis) {
  if (auto names = entry.getArgAttrOfType<ArrayAttr>(argument, "intaglio.dims"))
    if (axis < int64_t(names.size()))
      if (auto name = dyn_cast<StringAttr>(names[axis]))
        return name.str();
  return axis == 0 ? "batch" : axis == 1 ? "sequence" : "dim" + std::to_string(axis);
}

static std::string nameOf(Attribute attribute, StringRef otherwise, unsigned number) {
  if (auto name = dyn_cast_or_null<StringAttr>(attribute))
    return name.str();
  return (otherwise + Twine(number)).str();
}

static TensorInfo describe(RankedTensorType type, DictionaryAttr attributes, StringRef otherwise,
                           unsigned number) {
  auto get = [&](StringRef key) { return attributes ? attributes.get(key) : Attribute(); };
  TensorInfo info;
  info.name = nameOf(get("intaglio.name"), otherwise, number);
  info.elementType = type.getElementType();
  info.optional = bool(get("intaglio.optional"));
  if (auto range = dyn_cast_or_null<DenseI64ArrayAttr>(get("intaglio.range"));
      range && range.size() == 2)
    info.range = {range[0], range[1]};
  auto names = dyn_cast_or_null<ArrayAttr>(get("intaglio.dims"));
  for (auto [axis, size] : llvm::enumerate(type.getShape())) {
    DimInfo dim;
    dim.size = ShapedType::isDynamic(size) ? -1 : size;
    dim.name = dim.size >= 0 ? std::to_string(size) : axis == 0 ? "batch" : "sequence";
    if (names && axis < names.size())
      dim.name = nameOf(names[axis], "dim", axis);
    info.dims.push_back(dim);
  }
  return info;
}

FailureOr<ModelInfo> intaglio::describeModel(ModuleOp program) {
  auto entry = program.lookupSymbol<func::FuncOp>("main");
  if (!entry)
    return program.emitError("the module has no function @main");
  ModelInfo info;
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return entry.emitOpError("argument #") << i << " is no ranked tensor";
    TensorInfo input = describe(tensor, entry.getArgAttrDict(i), "input", i);
    for (auto [axis, dim] : llvm::enumerate(input.dims)) {
      if (dim.size >= 0)
        continue;
      dim.name = dimName(entry, i, axis);
      if (!llvm::is_contained(info.dims, dim.name))
        info.dims.push_back(dim.name);
    }
    info.inputs.push_back(std::move(input));
  }
  for (auto [i, type] : llvm::enumerate(entry.getResultTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return entry.emitOpError("result #") << i << " is no ranked tensor";
    TensorInfo output = describe(tensor, entry.getResultAttrDict(i), "output", i);
    for (const DimInfo &dim : output.dims)
      if (dim.size < 0 && !llvm::is_contained(info.dims, dim.name))
        return entry.emitOpError("result #")
               << i << " has the dim '" << dim.name << "', which no argument has";
    info.outputs.push_back(std::move(output));
  }
  auto largest = entry->getAttrOfType<DictionaryAttr>("intaglio.max_dims");
  for (const std::string &name : info.dims) {
    auto size = largest ? largest.getAs<IntegerAttr>(name) : IntegerAttr();
    info.maxDims.push_back(size ? size.getInt() : -1);
  }
  entry.walk([&](ObserveOp op) { info.observed.push_back(op.getId().str()); });
  return info;
}
