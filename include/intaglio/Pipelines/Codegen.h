//===- Codegen.h - the phase from a program to LLVM ----------------------------------------===//

#ifndef INTAGLIO_PIPELINES_CODEGEN_H
#define INTAGLIO_PIPELINES_CODEGEN_H

#include "intaglio/Codegen/Compile.h"
#include "mlir/Pass/PassManager.h"

namespace intaglio {

/// A module with `@main` (an integer program, or a float graph) to the LLVM dialect: the entries of
/// `Compile.h` and their kernels. The array constants are left on the module (`intaglio.weights`).
void buildCodegenPipeline(mlir::OpPassManager &pm, const CodegenOptions &options);

/// Registers `--intaglio-lower-cpu`.
void registerCodegenPipeline();

} // namespace intaglio

#endif // INTAGLIO_PIPELINES_CODEGEN_H
