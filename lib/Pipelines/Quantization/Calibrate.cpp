//===- Calibrate.cpp - the order of the passes from a float graph to fake_quant -------------===//

#include "intaglio/Pipelines/Calibrate.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace intaglio;

static SmallVector<std::string> toVector(ArrayRef<std::string> texts) {
  return SmallVector<std::string>(texts.begin(), texts.end());
}

void intaglio::buildObservePipeline(OpPassManager &pm, const CalibratePipelineOptions &options) {
  InsertObserversPassOptions observe;
  observe.keepFloat = toVector(options.keepFloat);
  pm.addPass(createInsertObserversPass(observe));
}

void intaglio::buildApplyCalibrationPipeline(OpPassManager &pm,
                                             const CalibratePipelineOptions &options) {
  ApplyCalibrationPassOptions apply;
  apply.statistics = options.statistics;
  apply.observer = options.observer;
  apply.observerFor = toVector(options.observerFor);
  apply.headroom = options.headroom;
  pm.addPass(createApplyCalibrationPass(apply));
  pm.addPass(createVerifyCalibratedPass());
}

void intaglio::buildCalibratePipeline(OpPassManager &pm, const CalibratePipelineOptions &options) {
  buildObservePipeline(pm, options);
  buildApplyCalibrationPipeline(pm, options);
}

void intaglio::registerCalibratePipeline() {
  PassPipelineRegistration<CalibratePipelineOptions>(
      "intaglio-calibrate", "a float graph and saved statistics to a fake-quantized graph",
      buildCalibratePipeline);
}
