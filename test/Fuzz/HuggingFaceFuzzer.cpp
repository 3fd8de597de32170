//===- HuggingFaceFuzzer.cpp - any bytes as a Hugging Face directory ------------------------===//

#include "Importing.h"
#include "Scratch.h"

#include "intaglio/Import/HuggingFace.h"

using namespace intaglio;

/// The input is the directory's JSON files, each closed by a zero byte, and then its weights; an
/// empty file is left out. Whatever they are: errors, or a module that verifies.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static fuzz::Scratch scratch;
  llvm::StringRef rest(reinterpret_cast<const char *>(data), size);
  for (llvm::StringRef file :
       {"config.json", "modules.json", "1_Pooling/config.json", "model.safetensors.index.json"}) {
    auto [text, behind] = rest.split('\0');
    scratch.write(file, text);
    rest = behind;
  }
  scratch.write("model.safetensors", rest);
  fuzz::checkImport(
      [&](mlir::MLIRContext *context) { return importHuggingFace(scratch.path(), context); });
  return 0;
}
