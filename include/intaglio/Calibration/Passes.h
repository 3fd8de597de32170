//===- Passes.h - statistics of a program as a pass
//--------------------------------------------===//

#ifndef INTAGLIO_CALIBRATION_PASSES_H
#define INTAGLIO_CALIBRATION_PASSES_H

#include "intaglio/Calibration/Statistics.h"

#include "mlir/Pass/Pass.h"

namespace intaglio {

#define GEN_PASS_DECL
#include "intaglio/Calibration/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "intaglio/Calibration/Passes.h.inc"

/// The pass that leaves what it finds in `result`, for a later pass of the pipeline.
std::unique_ptr<mlir::Pass> createCollectStatisticsPass(const CollectStatisticsPassOptions &options,
                                                        std::shared_ptr<Statistics> result);

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_PASSES_H
