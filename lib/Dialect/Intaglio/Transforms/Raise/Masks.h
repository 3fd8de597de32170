//===- Masks.h - which tokens take part -----------------------------------------------------===//

#ifndef INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_RAISE_MASKS_H
#define INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_RAISE_MASKS_H

#include "intaglio/Analysis/SymbolicTensors.h"

namespace intaglio::raise {

/// A tensor as `factor * data` where a mask's element is not 0, and as blocked (very negative)
/// where it is.
struct MaskedValue {
  double factor = 1;
  mlir::Value mask;    ///< an i64 input [batch, sequence]; null where nothing is masked
  std::string problem; ///< why it is not that; empty where it is
};

/// Reads `value`, of which `data` of the same shape is a part, in this way. The mask's element may
/// depend on the batch (axis 0) and on the coordinate along `tokenAxis` only. What is added to all
/// that takes part makes no difference, and is dropped, when `shifts` says so (softmax).
MaskedValue splitMask(SymbolicTensors &tensors, mlir::Value value, mlir::Value data,
                      size_t tokenAxis, bool shifts = true);

} // namespace intaglio::raise

#endif // INTAGLIO_LIB_DIALECT_INTAGLIO_TRANSFORMS_RAISE_MASKS_H
