//===- ONNX.h - import of ONNX models ------------------------------------------------------===//

#ifndef INTAGLIO_IMPORT_ONNX_H
#define INTAGLIO_IMPORT_ONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"

namespace intaglio {

/// Imports the float model in `file` (ONNX, opset 13 to 21 of the default domain): one
/// `intaglio.source` for each node, a constant for each initializer, `func.func @main` for the
/// graph.
///
/// Weights are not copied once they are read: those in the file belong to the constants, those in
/// external files are mapped. External files must lie in the model's folder, without symbolic
/// links. Shapes are inferred as far as the inputs' shapes decide them.
///
/// The location of an op is its node's name; under it are op, opset and file. What the importer
/// does not know, or what is malformed, is an error of its own, all of them in one run.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> importONNX(llvm::StringRef file,
                                                              mlir::MLIRContext *context);

} // namespace intaglio

#endif // INTAGLIO_IMPORT_ONNX_H
