//===- IntaglioOps.h - the dialect, its ops, enums and interfaces --------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_INTAGLIOOPS_H
#define INTAGLIO_DIALECT_INTAGLIO_IR_INTAGLIOOPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace intaglio {

/// The form in which a graph op wants an operand once the graph is quantized.
enum class OperandRole {
  Activation8,          ///< i8, per tensor, affine or symmetric
  Activation8Symmetric, ///< i8 in [-127, 127], per tensor, zero point 0
  Stream16,             ///< i16, per tensor, symmetric: the residual stream and what is normalized
  Word,                 ///< i16 or i32, per tensor, symmetric
  Accumulator,          ///< i8, i16 or i32, the latter also with a scale for each channel
  Weight,               ///< i8 in [-127, 127], a scale for each output channel (axis 0)
  Table,                ///< i8 in [-127, 127], a scale for each row (axis 0)
  Bias,                 ///< f32 constant that becomes i32 at the accumulator's scale
  Parameter,            ///< f32 constant that becomes integers of the op's own
  Index,                ///< i64 ids or positions
  Mask                  ///< i64, nonzero = takes part
};

/// The integers in which a graph op gives its result. From Stream on their type follows from the
/// operands (`deriveResultType`); the first two take the type that calibration finds.
enum class ResultForm {
  Byte,       ///< i8, calibrated
  Narrow,     ///< i8 or i16 as the readers want it, calibrated
  Stream,     ///< i16, symmetric
  Word,       ///< i32, symmetric, one scale
  Accumulator ///< i32, symmetric, a scale for each channel
};

} // namespace intaglio

#include "intaglio/Dialect/Intaglio/IR/IntaglioDialect.h.inc"
#include "intaglio/Dialect/Intaglio/IR/IntaglioEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "intaglio/Dialect/Intaglio/IR/IntaglioAttributes.h.inc"
#include "intaglio/Dialect/Intaglio/IR/IntaglioInterfaces.h.inc"
#define GET_OP_CLASSES
#include "intaglio/Dialect/Intaglio/IR/IntaglioOps.h.inc"

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_INTAGLIOOPS_H
