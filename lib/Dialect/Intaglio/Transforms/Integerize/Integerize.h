//===- Integerize.h - what the patterns of integerize share ---------------------*- C++ -*-===//

#ifndef INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_INTEGERIZE_H
#define INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_INTEGERIZE_H

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"
#include "intaglio/IntMath/Dyadic.h"
#include "mlir/Transforms/DialectConversion.h"

namespace intaglio {

/// What the integers of a quantized value mean.
struct Codes {
  llvm::SmallVector<double> scales; ///< one, or one for each channel
  int64_t zeroPoint = 0;
  unsigned width = 0;
  int64_t minimum = 0, maximum = 0;

  /// Of a value of uniform quantized elements.
  static Codes of(mlir::Value value);
  /// Symmetric codes of `width` bits and one scale.
  static Codes word(double scale, unsigned width = 32);
  /// The scale; only of codes with one.
  double getScale() const { return scales.front(); }
  /// The real factor from codes of this meaning to `to`, for each channel.
  llvm::SmallVector<double> ratioTo(const Codes &to) const;
  /// Whether they reach the ends of their width: then an integer op's own clamp is enough.
  bool isFullRange() const;
};

/// The tensor type of `value` with integers of `width` bits.
mlir::RankedTensorType withInteger(mlir::Value value, unsigned width);

/// `multipliers` as a constant operand.
mlir::Value buildMultipliers(mlir::OpBuilder &builder, mlir::Location location,
                             const intmath::Dyadics &dyadics);

/// `codes` (plain integers) of the meaning `from` to `to`, clamped to its range. `real` names the
/// quantized value in diagnostics. Fails where a scale has no dyadic.
llvm::FailureOr<mlir::Value> buildRescale(mlir::OpBuilder &builder, mlir::Operation *op,
                                          mlir::Value codes, const Codes &from, const Codes &to);

/// Clamps the result of an op that gives the whole range of its width, where `codes` are narrower.
mlir::Value clampTo(mlir::OpBuilder &builder, mlir::Value value, const Codes &codes);

/// The patterns by family.
void populateIntegerizeProductPatterns(mlir::TypeConverter &converter,
                                       mlir::RewritePatternSet &patterns);
void populateIntegerizeNormPatterns(mlir::TypeConverter &converter,
                                    mlir::RewritePatternSet &patterns, NonLinear set);
void populateIntegerizeElementwisePatterns(mlir::TypeConverter &converter,
                                           mlir::RewritePatternSet &patterns, NonLinear set);
void populateIntegerizeAttentionPatterns(mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns, NonLinear set);
void populateIntegerizeSequencePatterns(mlir::TypeConverter &converter,
                                        mlir::RewritePatternSet &patterns);

} // namespace intaglio

#endif // INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_INTEGERIZE_H
