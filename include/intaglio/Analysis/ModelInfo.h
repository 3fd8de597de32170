//===- ModelInfo.h - the interface of a program ---------------------------------------------===//

#ifndef INTAGLIO_ANALYSIS_MODELINFO_H
#define INTAGLIO_ANALYSIS_MODELINFO_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intaglio {

/// One axis of an input or output.
struct DimInfo {
  std::string name;  ///< "batch"; of a static axis its size
  int64_t size = -1; ///< -1: dynamic
};

/// One input or output of a model.
struct TensorInfo {
  std::string name;
  mlir::Type elementType;
  std::vector<DimInfo> dims;
  bool optional = false;                            ///< a missing input reads as zeros
  std::optional<std::pair<int64_t, int64_t>> range; ///< legal values, both ends included
};

/// One kernel call of a compiled model: `intaglio_step_info` of Runtime/abi.h.
struct StepInfo {
  std::string kernel, kind, source;
  int64_t multiplyAdds = 0;            ///< of matrix products, where all dynamic dims are 1
  std::vector<int32_t> dimPowers = {}; ///< by dim, what power of its size they grow with
};

/// What the runtime and the header must know of a model.
struct ModelInfo {
  std::vector<TensorInfo> inputs, outputs;
  std::vector<std::string> dims;     ///< dynamic dims in the order of the entries' `dims` array
  std::vector<int64_t> maxDims;      ///< the largest legal size of each, -1: unlimited
  std::vector<std::string> observed; ///< ids of `observe` ops by edge number
  std::vector<StepInfo> steps;       ///< of a compiled model (`compileToLLVM`)
};

/// The name of a dynamic axis of the entry's argument: `intaglio.dims`, else "batch" for axis 0,
/// "sequence" for axis 1 and "dimN" for the others. Axes of one name have one size.
std::string dimName(mlir::func::FuncOp entry, unsigned argument, int64_t axis);

/// The interface of a program's `@main`, in any phase. Failure comes with a diagnostic.
llvm::FailureOr<ModelInfo> describeModel(mlir::ModuleOp program);

} // namespace intaglio

#endif // INTAGLIO_ANALYSIS_MODELINFO_H
