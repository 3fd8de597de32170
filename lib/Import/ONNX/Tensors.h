//===- Tensors.h - ONNX tensors as attributes -----------------------------------------------===//

#ifndef INTAGLIO_LIB_IMPORT_ONNX_TENSORS_H
#define INTAGLIO_LIB_IMPORT_ONNX_TENSORS_H

#include "onnx.pb.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace intaglio::onnx_import {

/// The element type of an ONNX tensor: f32, i64, i32 or i1; null for every other type.
mlir::Type elementTypeOf(int32_t dataType, mlir::MLIRContext *context);

/// Turns tensors of a model into attributes. Small ones are copied; larger ones keep the memory
/// that they came in: the parsed string, or the mapped external file.
class TensorReader {
public:
  /// External data is looked for in `folder` only.
  TensorReader(llvm::StringRef folder, mlir::MLIRContext *context)
      : folder(folder), context(context) {}

  /// The tensor as a constant; takes its raw data away. Errors are emitted at `location`.
  mlir::FailureOr<mlir::TypedAttr> read(onnx::TensorProto &tensor, mlir::Location location);

private:
  /// Bytes that live as long as their owner.
  struct Bytes {
    llvm::ArrayRef<char> data;
    std::shared_ptr<void> owner;
  };
  using Emitter = llvm::function_ref<mlir::InFlightDiagnostic()>;

  mlir::FailureOr<Bytes> readBytes(onnx::TensorProto &tensor, mlir::RankedTensorType type,
                                   Emitter error);
  mlir::FailureOr<Bytes> readExternal(const onnx::TensorProto &tensor, Emitter error);
  mlir::FailureOr<std::shared_ptr<llvm::MemoryBuffer>> map(llvm::StringRef location, Emitter error);

  std::string folder;
  mlir::MLIRContext *context;
  llvm::StringMap<std::shared_ptr<llvm::MemoryBuffer>> files;
};

} // namespace intaglio::onnx_import

#endif // INTAGLIO_LIB_IMPORT_ONNX_TENSORS_H
