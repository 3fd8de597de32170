//===- Raise.cpp - the order of the passes from source ops to a graph -----------------------===//

#include "intaglio/Pipelines/Raise.h"

#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h"

#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace intaglio;

void intaglio::buildRaisePipeline(OpPassManager &pm) {
  OpPassManager &main = pm.nest<func::FuncOp>();
  // What computes nothing is gone.
  main.addPass(createFoldSourcePass());
  // What holds sums of its own comes before sums, sums before what reads the residual stream.
  main.addPass(createRaiseEmbeddingPass());
  main.addPass(createRaiseLinearPass());
  main.addPass(createRaiseActivationPass());
  main.addPass(createRaiseResidualPass());
  main.addPass(createRaiseNormPass());
  main.addPass(createRaiseAttentionPass());
  main.addPass(createRaisePoolPass());
  // What is left over and stands for itself.
  main.addPass(createRaiseElementwisePass());
  main.addPass(createRaiseInputsPass());
  // No source op is left.
  main.addPass(createVerifyRaisedPass());
}

void intaglio::registerRaisePipeline() {
  PassPipelineRegistration<>("intaglio-raise",
                             "an imported model's source ops to graph ops: linear, attention, ...",
                             buildRaisePipeline);
}
