//===- SourceOps.cpp - verifier of the source family ---------------------------------------===//

#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h"

using namespace mlir;
using namespace intaglio;

LogicalResult SourceOp::verify() {
  if (getOpType().empty())
    return emitOpError("expects the name of an operator (C-SOURCE-1)");
  if (std::optional<ArrayRef<bool>> present = getPresent()) {
    auto given = static_cast<size_t>(llvm::count(*present, true));
    if (given != getInputs().size())
      return emitOpError("expects as many inputs as `present` marks (C-SOURCE-2): ")
             << given << ", found " << getInputs().size();
  }
  return success();
}
