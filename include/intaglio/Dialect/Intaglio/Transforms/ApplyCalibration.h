//===- ApplyCalibration.h - statistics become fake_quant ------------------------*- C++ -*-===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_APPLYCALIBRATION_H
#define INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_APPLYCALIBRATION_H

#include "intaglio/Calibration/Observers.h"
#include "intaglio/Dialect/Intaglio/Transforms/Passes.h"
#include "mlir/IR/BuiltinOps.h"

namespace intaglio {

/// How ranges follow from statistics.
struct CalibrationOptions {
  /// The observer of i8 edges.
  ObserverOptions observer;
  /// Others by id: the first whose regular expression matches; these hold for i16 edges too.
  std::vector<std::pair<std::string, Observer>> observerFor;
  /// How far beyond the extremes an i16 edge reaches, as a factor.
  double headroom = 2;
  /// `alpha` of `smoothActivations`, which runs first; negative: it does not.
  double smoothing = 0.5;
};

/// Parses "REGEX=OBSERVER"; the error names what is wrong.
llvm::Expected<std::pair<std::string, Observer>> parseObserverFor(llvm::StringRef text);

/// Replaces every `observe` of the module's `@main` by `fake_quant`, and puts `fake_quant` on
/// weights and tables. Fails with a diagnostic when an edge has no statistics, or statistics no
/// edge.
llvm::LogicalResult applyCalibration(mlir::ModuleOp module, const Statistics &statistics,
                                     const CalibrationOptions &options);

/// The pass that reads, in place of a file, the statistics that an earlier pass of the pipeline
/// leaves in `statistics`.
std::unique_ptr<mlir::Pass>
createApplyCalibrationPass(const ApplyCalibrationPassOptions &options,
                           std::shared_ptr<const Statistics> statistics);

} // namespace intaglio

#endif // INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_APPLYCALIBRATION_H
