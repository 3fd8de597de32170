//===- Integerize.cpp - the order of the passes to an integer program -----------------------===//

#include "intaglio/Pipelines/Integerize.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace intaglio;

void intaglio::buildIntegerizePipeline(OpPassManager &pm,
                                       const IntegerizePipelineOptions &options) {
  // Integer ops in the place of graph ops.
  ConvertToIntegersPassOptions convert;
  convert.nonlinear = options.nonlinear;
  pm.addPass(createConvertToIntegersPass(convert));
  // Float stays behind in @main.
  pm.addPass(createSplitBoundaryPass());
  // The contracts.
  pm.addPass(createVerifyIntegerOnlyPass());
  pm.addPass(createVerifyRangesPass());
}

void intaglio::registerIntegerizePipeline() {
  PassPipelineRegistration<IntegerizePipelineOptions>(
      "intaglio-integerize", "a quantized graph to an integer program", buildIntegerizePipeline);
}
