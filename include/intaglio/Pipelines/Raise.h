//===- Raise.h - the phase from source ops to a graph ---------------------------------------===//

#ifndef INTAGLIO_PIPELINES_RAISE_H
#define INTAGLIO_PIPELINES_RAISE_H

#include "mlir/Pass/PassManager.h"

namespace intaglio {

/// An imported model to graph ops: afterwards no `intaglio.source` is left, or the pipeline fails
/// with an error for each. A graph without source ops passes unchanged.
void buildRaisePipeline(mlir::OpPassManager &pm);

/// Registers `--intaglio-raise`.
void registerRaisePipeline();

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_RAISE_H
