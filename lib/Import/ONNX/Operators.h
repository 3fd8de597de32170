//===- Operators.h - the ONNX operators that the importer takes -----------------------------===//

#ifndef INTAGLIO_LIB_IMPORT_ONNX_OPERATORS_H
#define INTAGLIO_LIB_IMPORT_ONNX_OPERATORS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"

namespace intaglio::onnx_import {

/// What the element type of an operator's first result is.
enum class ElementRule {
  First,  ///< that of input 0
  Second, ///< that of input 1
  Bool,   ///< i1
  Int64,  ///< i64
  To,     ///< what the attribute `to` says
  Value   ///< that of the attribute `value`, f32 without it
};

/// An operator of the default domain.
struct Operator {
  llvm::StringLiteral name;
  unsigned minInputs, maxInputs;
  ElementRule element;
};

/// The operator of this name; null where there is none.
const Operator *findOperator(llvm::StringRef name);

/// The name of the operator that is spelt most like `name`.
llvm::StringRef nearestOperator(llvm::StringRef name);

} // namespace intaglio::onnx_import

#endif // INTAGLIO_LIB_IMPORT_ONNX_OPERATORS_H
