//===- InitAll.h - registration of all that the tools know ---------------------------------===//

#ifndef INTAGLIO_INITALL_H
#define INTAGLIO_INITALL_H

#include "intaglio/Calibration/Passes.h"
#include "intaglio/Codegen/CPU/Passes.h"
#include "intaglio/Codegen/Passes.h"
#include "intaglio/Conversion/Passes.h"
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "intaglio/Dialect/Intaglio/Transforms/Raise/Passes.h"
#include "intaglio/Pipelines/Calibrate.h"
#include "intaglio/Pipelines/Codegen.h"
#include "intaglio/Pipelines/Integerize.h"
#include "intaglio/Pipelines/Quantize.h"
#include "intaglio/Pipelines/Raise.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"

namespace intaglio {

/// Registers the project's dialect and upstream's.
inline void registerAllDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<IntaglioDialect>();
}

/// Registers the project's passes and pipelines.
inline void registerAllPasses() {
  cpu::registerCodegenCPUPasses();
  cpu::registerCPUPipelines();
  registerIntaglioCodegenPasses();
  registerIntaglioCollectPasses();
  registerIntaglioConversionPasses();
  registerIntaglioRaisePasses();
  registerIntaglioTransformsPasses();
  registerCalibratePipeline();
  registerCodegenPipeline();
  registerIntegerizePipeline();
  registerQuantizePipeline();
  registerRaisePipeline();
}

} // namespace intaglio

#endif // INTAGLIO_INITALL_H
