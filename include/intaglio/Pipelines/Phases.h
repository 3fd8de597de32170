//===- Phases.h - the steps of the road ----------------------------------------------------===//

#ifndef INTAGLIO_PIPELINES_PHASES_H
#define INTAGLIO_PIPELINES_PHASES_H

#include "mlir/IR/BuiltinOps.h"

#include <optional>

namespace intaglio {

/// The phases of docs/Architecture.md, in their order. A float program leaves out those from
/// `Calibrate` to `Integerize`.
enum class Phase { Import, Raise, Calibrate, Quantize, Integerize, Lower, Emit };
constexpr unsigned numPhases = 7;

/// "import", "raise", ...
llvm::StringRef nameOf(Phase phase);

/// The last phase that a program of ours has been through, by what stands in it: a function
/// `@main_integer`, quantized types, `fake_quant`, `source` ops; a graph without any of these has
/// been raised. LLVM dialect modules have been lowered.
Phase detectPhase(mlir::ModuleOp program);

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_PHASES_H
