//===- NoiseProbe.h - programs that show the result of every op -------------------*- C++ -*-===//

#ifndef INTAGLIO_LIB_CALIBRATION_NOISEPROBE_H
#define INTAGLIO_LIB_CALIBRATION_NOISEPROBE_H

#include "intaglio/Calibration/OpNoise.h"

#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"

namespace intaglio {

/// An op of the graph and those that make its float operands, by their indices.
struct ProbedOp {
  OpNoise facts;
  bool adds = false;   ///< its operands are summed
  bool isPart = false; ///< a `fake_quant` that is its maker's own rounding: not an op
  llvm::SmallVector<int64_t, 3> makers;
};

/// Two programs with the inputs of a calibrated graph, in which `observe` ops show every op's
/// result:
///
///   float:    %y = intaglio.linear %x, %w, %b             intaglio.observe %y {id = "7"}
///   integer:  %y = intaglio.linear %x8, %w8, %b32         intaglio.observe (dequantize %y) {id =
///   "7"}
///             %z = intaglio.linear (dequantize %x8), %w, %b
///                                                         intaglio.observe %z {id = "7.own"}
///
/// %z is the float op on the operands of the integer program: its distance to %y is what this op
/// adds by itself, its distance to the float %y what it inherits.
class NoiseProbe {
public:
  /// Makes both programs; the integer one is quantized, not yet integer. `calibrated` is not
  /// changed. Failure comes with a diagnostic.
  static llvm::FailureOr<NoiseProbe> create(mlir::ModuleOp calibrated);

  /// Takes the integer program to integers.
  llvm::LogicalResult integerize(llvm::StringRef nonlinear);

  /// The index of the op that an `observe` shows, and whether it is the float op's result.
  static std::pair<int64_t, bool> parseId(llvm::StringRef id);

  std::vector<ProbedOp> ops;
  std::vector<int64_t> outputs; ///< the makers of the results that hold floats
  mlir::OwningOpRef<mlir::ModuleOp> floatProgram, integerProgram;
};

} // namespace intaglio

#endif // INTAGLIO_LIB_CALIBRATION_NOISEPROBE_H
