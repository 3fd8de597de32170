//===- Inputs.h - named arrays as the arguments of a model -----------------------------------===//

#ifndef INTAGLIO_TARGET_INPUTS_H
#define INTAGLIO_TARGET_INPUTS_H

#include "intaglio/Analysis/ModelInfo.h"
#include "intaglio/Data/Array.h"

#include "llvm/Support/Error.h"

namespace intaglio {

/// The type of arrays that hold elements of `type`; nothing for types that arrays do not have.
std::optional<DType> dtypeOf(mlir::Type type);

/// Arguments of one run.
struct BoundInputs {
  llvm::SmallVector<int64_t> dims; ///< sizes of `ModelInfo::dims`
  std::vector<Array> inputs;       ///< in the model's order; zeros where an optional one is missing
};

/// Finds the sizes of the model's dynamic dims and orders the arrays, by name. Each of these is an
/// error that says what is expected and what was found: a name that is missing, unknown or given
/// twice; another type of elements; another shape; a dim that two arrays disagree on, or above its
/// largest size. Elements are not looked at.
llvm::Expected<BoundInputs> bindInputs(const ModelInfo &info, llvm::ArrayRef<Array> arrays);

/// Checks the elements of `array`, which is bound to `input`: integers lie in the input's range,
/// floats are finite. The error names the first element that is wrong; `first` is where the array
/// begins on the first axis of what its caller has.
llvm::Error checkElements(const TensorInfo &input, const Array &array, int64_t first = 0);

/// Zeroed arrays for the outputs of a run with these dims.
llvm::Expected<std::vector<Array>> makeOutputs(const ModelInfo &info, llvm::ArrayRef<int64_t> dims,
                                               llvm::SmallVectorImpl<void *> &data);

} // namespace intaglio

#endif // INTAGLIO_TARGET_INPUTS_H
