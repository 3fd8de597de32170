//===- Compile.cpp - a program to an LLVM module and its weights ---------------------------===//

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Pipelines/Codegen.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace intaglio;

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
    info.outputs.push_back(describe(tensor, entry.getResultAttrDict(i), "output", i));
  }
  auto largest = entry->getAttrOfType<DictionaryAttr>("intaglio.max_dims");
  for (const std::string &name : info.dims) {
    auto size = largest ? largest.getAs<IntegerAttr>(name) : IntegerAttr();
    info.maxDims.push_back(size ? size.getInt() : -1);
  }
  entry.walk([&](ObserveOp op) { info.observed.push_back(op.getId().str()); });
  return info;
}

/// The bytes of a constant, in memory order.
static Chunk chunkOf(Attribute data, int64_t offset) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data))
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      return {offset, blob->getData(), nullptr};
  auto dense = cast<DenseElementsAttr>(data);
  if (!dense.isSplat())
    return {offset, dense.getRawData(), nullptr};
  auto owner = std::make_shared<std::vector<char>>();
  for (int64_t i = 0, e = dense.getNumElements(); i < e; ++i)
    llvm::append_range(*owner, dense.getRawData());
  return {offset, ArrayRef<char>(*owner), owner};
}

FailureOr<CompiledModel> intaglio::compileToLLVM(ModuleOp program, const CodegenOptions &options) {
  CompiledModel model;
  FailureOr<ModelInfo> info = describeModel(program);
  if (failed(info))
    return failure();
  model.info = std::move(*info);
  model.module = program.clone();
  PassManager pm(program.getContext());
  buildCodegenPipeline(pm, options);
  if (failed(pm.run(*model.module)))
    return failure();
  auto weights = (*model.module)->getAttrOfType<ArrayAttr>("intaglio.weights");
  for (Attribute data : weights) {
    Chunk chunk = chunkOf(data, model.weightBytes);
    model.weightBytes = llvm::alignTo(model.weightBytes + chunk.bytes.size(), weightsAlignment);
    model.weights.push_back(std::move(chunk));
  }
  (*model.module)->removeAttr("intaglio.weights");
  return model;
}
