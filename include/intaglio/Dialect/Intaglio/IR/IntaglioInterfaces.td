//===- IntaglioInterfaces.td - what passes ask of an op instead of its name -----------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_INTERFACES
#define INTAGLIO_DIALECT_INTAGLIO_IR_INTERFACES

include "mlir/IR/OpBase.td"

def QuantizableOpInterface : OpInterface<"QuantizableOpInterface"> {
  let cppNamespace = "::intaglio";
  let description = [{
    A graph op that has an integer form. It says in which form it wants each operand; the form of
    an edge follows from the operands that read it, so no pass needs a list of op names.
  }];
  let methods = [
    InterfaceMethod<"The form in which operand `index` must arrive in the quantized graph.",
      "::intaglio::OperandRole", "getOperandRole", (ins "unsigned":$index)>,
    InterfaceMethod<[{
        The integers of the result, as far as the op decides them, when the first operand arrives as
        `first`.}],
      "::intaglio::ResultForm", "getResultForm", (ins "::intaglio::ResultForm":$first), "",
      "return ::intaglio::ResultForm::Narrow;">,
    InterfaceMethod<[{
        The quantized type of the result's elements from those of the operands (null for operands that
        hold none). Null where calibration decides it or the operands have a type the op does not
        take.}],
      "::mlir::quant::QuantizedType", "deriveResultType",
      (ins "::llvm::ArrayRef<::mlir::quant::QuantizedType>":$operands), "",
      "return ::mlir::quant::QuantizedType();">
  ];
}

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_INTERFACES
