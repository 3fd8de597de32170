//===- Constants.h - reading and making the arrays in a program -----------------*- C++ -*-===//
//
// Weights are `dense_resource` constants over mapped files: their bytes are read in place. Arrays
// that passes make are held once, outside of the uniqued attributes, unless they are small enough
// to be read in a printed program.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_ANALYSIS_CONSTANTS_H
#define INTAGLIO_ANALYSIS_CONSTANTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>
#include <vector>

namespace intaglio {

/// The elements of a constant tensor of `T` (float, int8_t ... int64_t), in row-major order.
template <typename T>
class ConstantArray {
public:
  /// The elements of the `arith.constant` (or its `quant.scast`) that `value` is, or nothing where
  /// it is none, has another element type, or its bytes are not at hand.
  static std::optional<ConstantArray> get(mlir::Value value);

  llvm::ArrayRef<T> getElements() const {
    return owned.empty() ? elements : llvm::ArrayRef<T>(owned);
  }
  const T &operator[](size_t index) const { return getElements()[index]; }
  size_t size() const { return getElements().size(); }

private:
  llvm::ArrayRef<T> elements;
  std::vector<T> owned; ///< of splats and of attributes that are not laid out as `T`
};

/// A constant of `elements` with static `shape`. `name` is the key of large ones.
template <typename T>
mlir::Value buildConstant(mlir::OpBuilder &builder, mlir::Location location, llvm::StringRef name,
                          llvm::ArrayRef<int64_t> shape, std::vector<T> elements);

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_CONSTANTS_H
