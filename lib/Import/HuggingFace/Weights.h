//===- Weights.h - the tensors of a checkpoint, each accounted for --------------------------===//

#ifndef INTAGLIO_LIB_IMPORT_HUGGINGFACE_WEIGHTS_H
#define INTAGLIO_LIB_IMPORT_HUGGINGFACE_WEIGHTS_H

#include "intaglio/Data/Array.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <vector>

namespace intaglio::huggingface {

/// Gives tensors as f32 constants over the mapped memory and keeps account: what is missing, of
/// another shape or type, not finite, or left over is a diagnostic each.
class Weights {
public:
  /// `directory` names the checkpoint in diagnostics. `prefix` ("bert.") may stand before the names
  /// of the encoder's tensors; whether it does is found out here.
  Weights(llvm::StringRef directory, llvm::StringRef prefix, std::vector<Array> arrays,
          mlir::MLIRContext *context);

  /// The tensor `name` (of the encoder: without the prefix) as a constant at the builder's place.
  /// Where it cannot be used the error is noted, and zeros stand in so that building goes on.
  mlir::Value constant(mlir::OpBuilder &builder, llvm::StringRef name,
                       llvm::ArrayRef<int64_t> shape);

  /// True when some tensor of the encoder begins with `name`.
  bool hasAny(llvm::StringRef name) const;
  /// Tensors that begin with `name` are known to have no effect here. Returns how many were unused.
  unsigned leaveOut(llvm::StringRef name);
  unsigned leaveOutOfEncoder(llvm::StringRef name) { return leaveOut((prefix + name).str()); }

  mlir::InFlightDiagnostic error();
  /// Fails when there was an error; tensors that nothing used are one each.
  mlir::LogicalResult finish();

private:
  const Array *find(llvm::StringRef name) const;
  const Array *findWithOldNames(llvm::StringRef name) const;
  std::optional<Array> checked(llvm::StringRef name, llvm::ArrayRef<int64_t> shape);

  mlir::Location location;
  llvm::StringRef prefix;
  std::vector<Array> arrays;
  llvm::StringMap<const Array *> byName;
  llvm::StringSet<> accounted;
  bool hasFailed = false;
};

} // namespace intaglio::huggingface

#endif // INTAGLIO_LIB_IMPORT_HUGGINGFACE_WEIGHTS_H
