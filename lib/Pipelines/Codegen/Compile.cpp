//===- Compile.cpp - a program to an LLVM module and its weights ---------------------------===//

#include "intaglio/Codegen/Compile.h"
#include "intaglio/Codegen/DescribeStep.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Pipelines/Codegen.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;
using namespace intaglio;

/// The resources that hold constants of the program.
static DenseSet<const void *> resourcesOf(ModuleOp program) {
  DenseSet<const void *> resources;
  program.walk([&](arith::ConstantOp op) {
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(op.getValue()))
      resources.insert(resource.getRawHandle().getResource());
  });
  return resources;
}

/// The bytes of a constant, in memory order. A blob that is not the program's is taken out of the
/// context, which would keep it for ever.
static Chunk chunkOf(Attribute data, int64_t offset, const DenseSet<const void *> &ofProgram) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data)) {
    auto *entry = resource.getRawHandle().getResource();
    if (AsmResourceBlob *blob = entry->getBlob()) {
      if (ofProgram.contains(entry))
        return {offset, blob->getData(), nullptr};
      auto owner = std::make_shared<AsmResourceBlob>(std::move(*blob));
      entry->setBlob(AsmResourceBlob());
      return {offset, owner->getData(), owner};
    }
  }
  auto dense = cast<DenseElementsAttr>(data);
  if (!dense.isSplat())
    return {offset, dense.getRawData(), nullptr};
  auto owner = std::make_shared<std::vector<char>>();
  for (int64_t i = 0, e = dense.getNumElements(); i < e; ++i)
    llvm::append_range(*owner, dense.getRawData());
  return {offset, ArrayRef<char>(*owner), owner};
}

/// Tells all lowerings how wide an `index` is.
static void setIndexWidth(ModuleOp module, unsigned bits) {
  OpBuilder b(module.getContext());
  module.getContext()->loadDialect<DLTIDialect>();
  DataLayoutEntryInterface width =
      DataLayoutEntryAttr::get(b.getIndexType(), b.getI32IntegerAttr(int32_t(bits)));
  module->setAttr(DLTIDialect::kDataLayoutAttrName,
                  DataLayoutSpecAttr::get(module.getContext(), width));
}

/// What `describeStep` wrote, and the name of the kernel.
static StepInfo stepOf(DictionaryAttr step, const ModelInfo &model) {
  auto text = [&](StringRef key) { return step.getAs<StringAttr>(key).str(); };
  StepInfo info{text("kernel"), text("kind"), text("source")};
  info.multiplyAdds = step.getAs<IntegerAttr>("multiply_adds").getInt();
  info.dimPowers.resize(model.dims.size());
  for (auto name : step.getAs<ArrayAttr>("dims").getAsRange<StringAttr>())
    ++info.dimPowers[llvm::find(model.dims, name.getValue()) - model.dims.begin()];
  return info;
}

FailureOr<CompiledModel> intaglio::compileToLLVM(ModuleOp program, const CodegenOptions &options) {
  CompiledModel model;
  FailureOr<ModelInfo> info = describeModel(program);
  if (failed(info))
    return failure();
  model.info = std::move(*info);
  model.module = program.clone();
  setIndexWidth(*model.module, options.target.indexBits);
  PassManager pm(program.getContext());
  if (options.configure && failed(options.configure(pm)))
    return failure();
  buildCodegenPipeline(pm, options);
  if (failed(pm.run(*model.module)))
    return failure();
  DenseSet<const void *> ofProgram = resourcesOf(program);
  auto weights = (*model.module)->getAttrOfType<ArrayAttr>("intaglio.weights");
  for (Attribute data : weights) {
    Chunk chunk = chunkOf(data, model.weightBytes, ofProgram);
    model.weightBytes = llvm::alignTo(model.weightBytes + chunk.bytes.size(), weightsAlignment);
    model.weights.push_back(std::move(chunk));
  }
  (*model.module)->removeAttr("intaglio.weights");
  // LLVM's own description of the machine says this and more.
  (*model.module)->removeAttr(DLTIDialect::kDataLayoutAttrName);
  auto steps = (*model.module)->getAttrOfType<ArrayAttr>(stepsAttr);
  for (auto step : steps.getAsRange<DictionaryAttr>())
    model.info.steps.push_back(stepOf(step, model.info));
  (*model.module)->removeAttr(stepsAttr);
  return model;
}
