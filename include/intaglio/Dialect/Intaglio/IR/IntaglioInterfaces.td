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
        Whether the result is an exact i32 accumulator whose scale follows from the operands, so that
        a reader that takes accumulators needs no quantization parameters on the edge.}],
      "bool", "producesAccumulator", (ins), "", "return false;">,
    InterfaceMethod<[{
        The fixed type of the result's elements where the op's integer form decides it by itself
        (l2_normalize: i32 with 24 fraction bits); null where calibration decides.}],
      "::mlir::quant::QuantizedType", "getFixedResultType", (ins), "",
      "return ::mlir::quant::QuantizedType();">
  ];
}

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_INTERFACES
