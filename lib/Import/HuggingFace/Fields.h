//===- Fields.h - checked access to a JSON object of a model directory ----------------------===//

#ifndef INTAGLIO_LIB_IMPORT_HUGGINGFACE_FIELDS_H
#define INTAGLIO_LIB_IMPORT_HUGGINGFACE_FIELDS_H

#include "Config.h"

#include "intaglio/Data/Json.h"

namespace intaglio::huggingface {

/// Reads the members of one JSON object; what is missing or of the wrong kind is a diagnostic on
/// its file, and `failed()` afterwards. Reading goes on, so that one run reports all.
class Fields {
public:
  Fields(const llvm::json::Object &object, llvm::StringRef path, mlir::MLIRContext *context)
      : object(object), path(path), context(context) {}

  /// An integer in [minimum, maximum].
  int64_t integer(llvm::StringRef key, int64_t minimum, int64_t maximum,
                  std::optional<int64_t> fallback = std::nullopt);
  /// A positive size below 2^31.
  int64_t size(llvm::StringRef key) { return integer(key, 1, INT32_MAX); }
  double positive(llvm::StringRef key, double fallback);
  bool boolean(llvm::StringRef key, bool fallback);
  /// A string; without a fallback it has to be there.
  llvm::StringRef string(llvm::StringRef key,
                         std::optional<llvm::StringRef> fallback = std::nullopt);

  const llvm::json::Value *get(llvm::StringRef key) const;
  mlir::InFlightDiagnostic error();
  bool failed() const { return hasFailed; }

private:
  const llvm::json::Object &object;
  llvm::StringRef path;
  mlir::MLIRContext *context;
  bool hasFailed = false;
};

} // namespace intaglio::huggingface

#endif // INTAGLIO_LIB_IMPORT_HUGGINGFACE_FIELDS_H
