//===- QuantOps.td - the quant family: the bridge between float and integers ----------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_QUANTOPS
#define INTAGLIO_DIALECT_INTAGLIO_IR_QUANTOPS

include "intaglio/Dialect/Intaglio/IR/IntaglioBase.td"

def Intaglio_ObserveOp : Intaglio_Op<"observe", [AllTypesMatch<["x", "result"]>]> {
  let summary = "collects statistics of an edge while the float program runs";
  let description = [{
    The identity; its side effect is on the statistics of the edge `id`. Rows that are padding are
    left out: `mask` is `[batch, sequence]` where the edge has those leading axes.

    Constraints: C-OBSERVE-1, C-MASK-1.

    Example:
    ```mlir
    %y = intaglio.observe %x, %mask {id = "layer.0.input"}
      : tensor<?x?x384xf32>, tensor<?x?xi64>
    ```
  }];
  let arguments = (ins Intaglio_FloatTensor:$x, Optional<Intaglio_IndexTensor>:$mask, StrAttr:$id);
  let results = (outs Intaglio_FloatTensor:$result);
  let assemblyFormat = "$x (`,` $mask^)? attr-dict `:` type($x) (`,` type($mask)^)?";
  let hasVerifier = 1;
}

def Intaglio_FakeQuantOp : Intaglio_Op<"fake_quant", [Pure, SameOperandsAndResultType]> {
  let summary = "rounds to the values of a quantized type, in float";
  let description = [{
    `S * (clamp(rne(x / S) + z, qmin, qmax) - z)` with the scale, zero point and storage range of
    `quantized`; per axis, `S` and `z` are those of the element's channel. Gradient: straight through
    inside the range (`docs/Spec.md`).

    Constraints: C-FAKEQUANT-1, C-SCALE-1, C-SCALE-2, C-SCALE-3.

    Example:
    ```mlir
    %y = intaglio.fake_quant %x as !quant.uniform<i8:f32, 5.000000e-02:3> : tensor<?x?x384xf32>
    ```
  }];
  let arguments = (ins Intaglio_FloatTensor:$x, TypeAttr:$quantized);
  let results = (outs Intaglio_FloatTensor:$result);
  let assemblyFormat = "$x `as` $quantized attr-dict `:` type($x)";
  let hasVerifier = 1;
}

class Intaglio_CastOp<string mnemonic, list<Trait> traits = []>
    : Intaglio_Op<mnemonic, !listconcat([Pure, SameOperandsAndResultShape], traits)> {
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($result)";
  let hasVerifier = 1;
}

def Intaglio_QuantizeOp : Intaglio_CastOp<"quantize"> {
  let summary = "float to a quantized type, or to the plain integers of one";
  let description = [{
    `clamp(rne(x / S) + z, qmin, qmax)`. Where the result holds plain integers, `quantized` names the
    type whose parameters are meant.

    Constraints: C-QUANTIZE-1, C-QUANTIZE-2, C-QUANTIZE-3, C-SCALE-1, C-SCALE-2, C-SCALE-3.

    Example:
    ```mlir
    %q = intaglio.quantize %x : tensor<?x384xf32> -> tensor<?x384x!quant.uniform<i8:f32, 5.000000e-02:3>>
    ```
  }];
  let arguments = (ins Intaglio_FloatTensor:$x, OptionalAttr<TypeAttr>:$quantized);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_DequantizeOp : Intaglio_CastOp<"dequantize"> {
  let summary = "a quantized type, or plain integers, to float";
  let description = [{
    `float32(S * (q - z))`, one rounding to nearest even, S rounded to float32 beforehand. Where the
    operand holds plain integers, `quantized` names the type whose parameters are meant.

    Constraints: C-DEQUANTIZE-1, C-QUANTIZE-2, C-SCALE-1, C-SCALE-2, C-SCALE-3.

    Example:
    ```mlir
    %x = intaglio.dequantize %q {quantized = !quant.uniform<i16:f32, 1.000000e-03>}
      : tensor<?x384xi16> -> tensor<?x384xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x, OptionalAttr<TypeAttr>:$quantized);
  let results = (outs Intaglio_FloatTensor:$result);
}

def Intaglio_RequantizeOp : Intaglio_CastOp<"requantize"> {
  let summary = "one quantized type to another";
  let description = [{
    `clamp(round((S_in / S_out) * (q - z_in)) + z_out)`, the ratio as a dyadic (C-RESCALE-1). The
    operand may be per axis (an accumulator), the result is per tensor.

    Constraints: C-REQUANTIZE-1, C-REQUANTIZE-2, C-SCALE-2, C-SCALE-3.

    Example:
    ```mlir
    %q = intaglio.requantize %acc
      : tensor<?x384x!quant.uniform<i32:f32, 1.000000e-04>>
      -> tensor<?x384x!quant.uniform<i8:f32, 5.000000e-02:3>>
    ```
  }];
  let arguments = (ins Intaglio_QuantTensor:$x);
  let results = (outs Intaglio_QuantTensor:$result);
  let hasFolder = 1;
}

def Intaglio_DequantizeBlockOp : Intaglio_Op<"dequantize_block", [Pure]> {
  let summary = "block-wise 4-bit codes to float";
  let description = [{
    Two codes a byte, the first in the high nibble; `result[i] = code[i] * absmax[i / block_size]`
    over the row-major flattened result (NF4 of QLoRA, FP4, int4 absmax).

    Constraints: C-BLOCK-1, C-BLOCK-2, C-BLOCK-3.

    Example:
    ```mlir
    %w = intaglio.dequantize_block %codes, %absmax
      {code = #intaglio.block_code<nf4>, block_size = 64 : i64}
      : tensor<73728xi8>, tensor<2304xf32> -> tensor<384x384xf32>
    ```
  }];
  let arguments = (ins RankedTensorOf<[I8]>:$codes, Intaglio_FloatTensor:$absmax,
                       Intaglio_BlockCodeAttr:$code, Intaglio_I64Attr:$block_size);
  let results = (outs Intaglio_FloatTensor:$result);
  let assemblyFormat =
    "$codes `,` $absmax attr-dict `:` type($codes) `,` type($absmax) `->` type($result)";
  let hasVerifier = 1;
}

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_QUANTOPS
