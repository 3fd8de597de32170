//===- Quantize.cpp - the order of the passes from fake_quant to quantized types ------------===//

#include "intaglio/Pipelines/Quantize.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace intaglio;

void intaglio::buildQuantizePipeline(OpPassManager &pm) {
  pm.addPass(createFoldFakeQuantPass());
  pm.addPass(createVerifyQuantizedPass());
}

void intaglio::registerQuantizePipeline() {
  PassPipelineRegistration<>("intaglio-quantize", "a fake-quantized graph to a quantized one",
                             buildQuantizePipeline);
}
