//===- Calibrate.cpp - the order of the passes from a float graph to fake_quant -------------===//

#include "intaglio/Pipelines/Calibrate.h"
#include "intaglio/Calibration/Passes.h"
#include "intaglio/Dialect/Intaglio/Transforms/ApplyCalibration.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace intaglio;

static SmallVector<std::string> toVector(ArrayRef<std::string> texts) {
  return SmallVector<std::string>(texts.begin(), texts.end());
}

void intaglio::buildObservePipeline(OpPassManager &pm, const CalibratePipelineOptions &options) {
  InsertObserversPassOptions observe;
  observe.keepFloat = toVector(options.keepFloat);
  observe.byteActivations = options.byteActivations;
  pm.addPass(createInsertObserversPass(observe));
}

void intaglio::buildCalibratePipeline(OpPassManager &pm, const CalibratePipelineOptions &options) {
  buildObservePipeline(pm, options);
  // The program runs; what it shows stays in memory, and goes to a file where that is wanted.
  auto statistics = std::make_shared<Statistics>();
  CollectStatisticsPassOptions collect;
  collect.data = toVector(options.data);
  collect.save = options.save;
  collect.threads = options.threads;
  collect.batchSize = options.batchSize;
  collect.progress = options.progress;
  pm.addPass(createCollectStatisticsPass(collect, statistics));
  // Every edge that was observed gets its range.
  ApplyCalibrationPassOptions apply;
  apply.observer = options.observer;
  apply.observerFor = toVector(options.observerFor);
  apply.headroom = options.headroom;
  apply.smoothing = options.smoothing;
  pm.addPass(createApplyCalibrationPass(apply, statistics));
  pm.addPass(createVerifyCalibratedPass());
}

void intaglio::registerCalibratePipeline() {
  PassPipelineRegistration<CalibratePipelineOptions>(
      "intaglio-calibrate", "a float graph and data to a fake-quantized graph",
      buildCalibratePipeline);
}
