//===- ONNXFuzzer.cpp - any bytes as an ONNX model ------------------------------------------===//

#include "Importing.h"
#include "Scratch.h"

#include "intaglio/Import/ONNX.h"
#include "intaglio/Pipelines/Raise.h"

using namespace intaglio;

/// Imports the model and raises it.
static mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importAndRaise(llvm::StringRef path, mlir::MLIRContext *context) {
  mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>> module = importONNX(path, context);
  if (mlir::failed(module) || mlir::failed(mlir::verify(**module)))
    return module;
  mlir::PassManager pm(context);
  buildRaisePipeline(pm);
  if (mlir::failed(pm.run(**module)))
    return mlir::failure();
  return module;
}

/// Whatever the bytes: errors, or a module that verifies. External data is never there.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz::Scratch scratch;
  std::string path = scratch.path("model.onnx");
  scratch.write("model.onnx", llvm::StringRef(reinterpret_cast<const char *>(data), size));
  fuzz::checkImport([&](mlir::MLIRContext *context) { return importAndRaise(path, context); });
  return 0;
}
