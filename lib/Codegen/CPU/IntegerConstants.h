//===- IntegerConstants.h - numbers in every lane of a vector -------------------------------===//

#ifndef INTAGLIO_LIB_CODEGEN_CPU_INTEGERCONSTANTS_H
#define INTAGLIO_LIB_CODEGEN_CPU_INTEGERCONSTANTS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace intaglio::cpu {

/// The number, sign-extended, that a constant vector has in every lane; nullopt for any other
/// value.
std::optional<int64_t> splatOf(mlir::Value value);

/// A constant of `type`, an integer or a vector of them, `value` in every lane.
mlir::Value integerConstant(mlir::ImplicitLocOpBuilder &b, mlir::Type type, int64_t value);

} // namespace intaglio::cpu

#endif // INTAGLIO_LIB_CODEGEN_CPU_INTEGERCONSTANTS_H
