//===- SmoothActivations.h - outlier channels move into weights -----------------*- C++ -*-===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_SMOOTHACTIVATIONS_H
#define INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_SMOOTHACTIVATIONS_H

#include "intaglio/Calibration/Statistics.h"
#include "mlir/IR/BuiltinOps.h"

namespace intaglio {

/// Divides what `linear` ops read of an observed `layer_norm` or `rms_norm` by a factor for each
/// channel and multiplies their weights by it: `max|x_c|^alpha / max|w_c|^(1 - alpha)`, the
/// geometric mean being 1. Exact in real numbers. The smoothed edge gets statistics of its own
/// (extremes by channel, no histogram); those of an edge that nothing reads any more are dropped.
/// `alpha` is 0 ...
/// 1. Xiao et al., SmoothQuant, arXiv 2211.10438.
llvm::LogicalResult smoothActivations(mlir::ModuleOp module, Statistics &statistics, double alpha);

} // namespace intaglio

#endif // INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_SMOOTHACTIVATIONS_H
