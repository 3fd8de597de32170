//===- ONNXFuzzer.cpp - any bytes as an ONNX model ------------------------------------------===//

#include "Importing.h"
#include "Scratch.h"

#include "intaglio/Import/ONNX.h"

using namespace intaglio;

/// Whatever the bytes: errors, or a module that verifies. External data is never there.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz::Scratch scratch;
  std::string path = scratch.path("model.onnx");
  scratch.write("model.onnx", llvm::StringRef(reinterpret_cast<const char *>(data), size));
  fuzz::checkImport([&](mlir::MLIRContext *context) { return importONNX(path, context); });
  return 0;
}
