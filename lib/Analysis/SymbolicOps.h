//===- SymbolicOps.h - symbolic meaning of the source ops -----------------------------------===//

#ifndef INTAGLIO_LIB_ANALYSIS_SYMBOLICOPS_H
#define INTAGLIO_LIB_ANALYSIS_SYMBOLICOPS_H

#include "intaglio/Analysis/SymbolicTensors.h"

namespace intaglio {

/// Tensors with more elements are not read one by one.
inline constexpr size_t kMaxElements = 64;

/// What the op's first result is, from what its operands are.
SymbolicTensor evaluateSource(SymbolicTensors &tensors, SourceOp op);

} // namespace intaglio

#endif // INTAGLIO_LIB_ANALYSIS_SYMBOLICOPS_H
