//===- OpNoise.h - the noise that integers add to each op -----------------------*- C++ -*-===//

#ifndef INTAGLIO_CALIBRATION_OPNOISE_H
#define INTAGLIO_CALIBRATION_OPNOISE_H

#include "intaglio/Calibration/Collect.h"

namespace intaglio {

/// Sums over the elements of an op's result: x in the float program, y in the integer one, z what
/// the float op makes of the integer program's operands. Rows that are padding do not count.
struct NoiseSums {
  double signal = 0;    ///< x^2
  double noise = 0;     ///< (y - x)^2
  double own = 0;       ///< (y - z)^2: what the op itself adds
  double inherited = 0; ///< (z - x)^2: what comes with its operands
};

/// An op of a calibrated graph and what its result is in integers. A `fake_quant` that is no part
/// of its maker counts as an op: `intaglio.requantize`, or `intaglio.quantize` behind float.
struct OpNoise {
  std::string name;        ///< that of the source's node, with `#1` and so on where it is taken
  std::string source;      ///< the source's node, "" where it has no name
  std::string op;          ///< "intaglio.linear"
  mlir::Type element;      ///< of the result: a quantized type, or f32 where the op is float
  std::string floatReason; ///< why it is float, "" where it is not
  NoiseSums sums;
  double budget = 0; ///< the share of the noise in the outputs that begins here, 0 to 1
};

/// The noise of all ops, in the graph's order.
struct NoiseReport {
  int64_t samples = 0; ///< that were measured; 0: no data, and all sums are 0
  std::vector<OpNoise> ops;
};

/// Of more samples the first are measured: the programs of this measurement keep every edge.
constexpr int64_t mostNoiseSamples = 32;

/// The ops of `calibrated`, a graph with `fake_quant`, in the integers that they become. Failure
/// comes with a diagnostic.
llvm::FailureOr<NoiseReport> describeQuantizedOps(mlir::ModuleOp calibrated);

/// Runs a float and an integer program made of `calibrated` on data (as `collectStatistics` does;
/// no saved statistics) and compares every op's result. `nonlinear` is the set of integer
/// functions. The sums are those of the samples in order, whatever the number of threads.
///
/// The budget: noise in the outputs, which count alike, is traced back. Of what arrives at an op
/// its own share is own / (own + inherited); the rest goes on to the makers of its operands, in
/// proportion to their noise where it adds them, else to their noise over their signal.
llvm::FailureOr<NoiseReport> measureOpNoise(mlir::ModuleOp calibrated,
                                            llvm::ArrayRef<std::string> paths,
                                            llvm::StringRef nonlinear,
                                            const CollectOptions &options = {});

/// The same graph without `fake_quant`: the float program that a calibrated one approximates.
mlir::OwningOpRef<mlir::ModuleOp> withoutFakeQuant(mlir::ModuleOp calibrated);

} // namespace intaglio

#endif // INTAGLIO_CALIBRATION_OPNOISE_H
