//===- IntegerOps.td - the integer family: exact arithmetic, nothing else -------------------===//
//
// rsh(p, e) is (p + 2^(e-1)) >> e, an arithmetic shift, and p for e = 0: round half up. Every
// product and sum is exact in the width that the op states; `verify-ranges` proves that it fits.
// Arrays of constants are operands (constants in the program), scalars are attributes.
// `linear` and `matmul` on i8 (GraphOps.td) belong to this family too.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_INTEGEROPS
#define INTAGLIO_DIALECT_INTAGLIO_IR_INTEGEROPS

include "intaglio/Dialect/Intaglio/IR/IntaglioBase.td"

def Intaglio_I8Tensor : RankedTensorOf<[I8]>;
def Intaglio_I16Tensor : RankedTensorOf<[I16]>;
def Intaglio_I32Tensor : RankedTensorOf<[I32]>;
def Intaglio_I64Tensor : RankedTensorOf<[I64]>;
def Intaglio_NarrowTensor : RankedTensorOf<[I8, I16]>;
def Intaglio_WordTensor : RankedTensorOf<[I16, I32]>;
def Intaglio_CodeTensor : RankedTensorOf<[I8, I16, I32]>;
def Intaglio_ByteTable : StaticShapeTensorOf<[I8]>;

class Intaglio_IntegerOp<string mnemonic, list<Trait> traits = []>
    : Intaglio_Op<mnemonic, !listconcat([Pure], traits)> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

/// An elementwise op of one operand, result of the same shape.
class Intaglio_ElementwiseIntegerOp<string mnemonic>
    : Intaglio_IntegerOp<mnemonic, [SameOperandsAndResultShape]>;

def Intaglio_RescaleOp : Intaglio_IntegerOp<"rescale"> {
  let summary = "integers of one scale to integers of another";
  let description = [{
    `clamp(rsh((x - input_zp) * multiplier[c], shift) + output_zp, min, max)`, `c` the index on the
    last axis, or 0 where `multiplier` has one element. `x - input_zp` fits i32, the product 63 bits,
    `0 <= shift <= 62`, `[min, max]` lies in the result's type. A multiplier may be negative. ReLU is
    `min = output_zp`. Multipliers of 16 bits are not -32768: their products with 16-bit codes are
    made in 32-bit or 16-bit lanes.

    Constraints: C-RESCALE-1, C-RESCALE-2, C-RESCALE-3, C-SHAPE-1, C-CHANNELS-1, C-SHIFT-1, C-CODE-1.

    Example:
    ```mlir
    %m = arith.constant dense<1288490189> : tensor<1xi32>
    %q = intaglio.rescale %acc, %m
      {shift = 40 : i64, input_zp = 0 : i64, output_zp = 3 : i64, min = -128 : i64, max = 127 : i64}
      : (tensor<?x?x384xi32>, tensor<1xi32>) -> tensor<?x?x384xi8>
    ```
  }];
  let arguments = (ins Intaglio_CodeTensor:$x, Intaglio_WordTensor:$multiplier, Intaglio_I64Attr:$shift,
                       Intaglio_I64Attr:$input_zp, Intaglio_I64Attr:$output_zp, Intaglio_I64Attr:$min, Intaglio_I64Attr:$max);
  let results = (outs Intaglio_CodeTensor:$result);
  let hasFolder = 1;
}

def Intaglio_IAddOp : Intaglio_IntegerOp<"i_add"> {
  let summary = "sum of two tensors of different scales, rounded once";
  let description = [{
    `clamp(rsh(t_l + t_r, fraction) + output_zp)` with `t = rsh((x - zp) * multiplier[c], shift)`, both
    terms in units of the result's step with `fraction` more bits. Each term and the sum fit i32, the
    products 63 bits. The clamp is to the result's type.

    Constraints: C-IADD-1, C-IADD-2, C-SHAPE-1, C-CHANNELS-1, C-SHIFT-1, C-CODE-1.

    Example:
    ```mlir
    %y = intaglio.i_add %acc, %x, %ml, %mr
      {lhs_shift = 40 : i64, lhs_zp = 0 : i64, rhs_shift = 22 : i64, rhs_zp = 0 : i64,
       fraction = 8 : i64, output_zp = 0 : i64}
      : (tensor<?x?x384xi32>, tensor<?x?x384xi16>, tensor<384xi32>, tensor<1xi32>)
      -> tensor<?x?x384xi16>
    ```
  }];
  let arguments = (ins Intaglio_CodeTensor:$lhs, Intaglio_CodeTensor:$rhs,
                       Intaglio_I32Tensor:$lhs_multiplier, Intaglio_I32Tensor:$rhs_multiplier,
                       Intaglio_I64Attr:$lhs_shift, Intaglio_I64Attr:$lhs_zp, Intaglio_I64Attr:$rhs_shift, Intaglio_I64Attr:$rhs_zp,
                       Intaglio_I64Attr:$fraction, Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_NarrowTensor:$result);
}

def Intaglio_IMulOp : Intaglio_IntegerOp<"i_mul"> {
  let summary = "exact product of two tensors";
  let description = [{
    `(lhs - lhs_zp) * (rhs - rhs_zp)` in i32.

    Constraints: C-IMUL-1, C-SHAPE-1, C-CODE-1.

    Example:
    ```mlir
    %p = intaglio.i_mul %a, %b {lhs_zp = 0 : i64, rhs_zp = -3 : i64}
      : (tensor<?x?x384xi8>, tensor<?x?x384xi8>) -> tensor<?x?x384xi32>
    ```
  }];
  let arguments = (ins Intaglio_NarrowTensor:$lhs, Intaglio_NarrowTensor:$rhs, Intaglio_I64Attr:$lhs_zp,
                       Intaglio_I64Attr:$rhs_zp);
  let results = (outs Intaglio_I32Tensor:$result);
}

def Intaglio_LookupOp : Intaglio_IntegerOp<"lookup"> {
  let summary = "any function of a byte, by table";
  let description = [{
    `table[x + 128]`.

    Constraints: C-LOOKUP-1, C-LOOKUP-2, C-SHAPE-1.

    Example:
    ```mlir
    %y = intaglio.lookup %x, %table : (tensor<?x?x1536xi8>, tensor<256xi8>) -> tensor<?x?x1536xi8>
    ```
  }];
  let arguments = (ins Intaglio_I8Tensor:$x, Intaglio_ByteTable:$table);
  let results = (outs Intaglio_I8Tensor:$result);
}

class Intaglio_PolynomialOp<string mnemonic> : Intaglio_ElementwiseIntegerOp<mnemonic> {
  let arguments = (ins Intaglio_I32Tensor:$x);
  let results = (outs Intaglio_I32Tensor:$result);
}

def Intaglio_IGeluOp : Intaglio_ElementwiseIntegerOp<"i_gelu"> {
  let summary = "GELU by a cubic, in 32-bit or 16-bit lanes";
  let description = [{
    `max(t, 0) - u/2 * v * (a + v * (b + c * v))` with `u = min(|t|, U)`, `v = U - u`. On i32 from
    Q12 to Q12 (`intmath::gelu`, docs/Spec.md): the operand lies within `[-2^24, 2^24]`; 32-bit
    arithmetic. On i16 with 8 to 11 fraction bits (`intmath::geluNarrow`): any operand, 16-bit
    arithmetic, twice as many elements in a register.

    Constraints: C-IGELU-1 to C-IGELU-3, C-GELUNARROW-1.

    Example:
    ```mlir
    %y = intaglio.i_gelu %x {fraction = 11 : i64} : (tensor<?x?x1536xi16>) -> tensor<?x?x1536xi16>
    ```
  }];
  let arguments = (ins Intaglio_WordTensor:$x, DefaultValuedAttr<I64Attr, "12">:$fraction);
  let results = (outs Intaglio_WordTensor:$result);
}

def Intaglio_ISigmoidOp : Intaglio_PolynomialOp<"i_sigmoid"> {
  let summary = "logistic function, 12 fraction bits to 15";
  let description = [{
    Q12 to Q15 (`intmath::sigmoid`).

    Constraints: C-ISIGMOID-1.

    Example:
    ```mlir
    %y = intaglio.i_sigmoid %x : (tensor<?x384xi32>) -> tensor<?x384xi32>
    ```
  }];
}

def Intaglio_ITanhOp : Intaglio_PolynomialOp<"i_tanh"> {
  let summary = "hyperbolic tangent, 12 fraction bits to 15";
  let description = [{
    Q12 to Q15 (`intmath::tanh`).

    Constraints: C-ITANH-1.

    Example:
    ```mlir
    %y = intaglio.i_tanh %x : (tensor<?x384xi32>) -> tensor<?x384xi32>
    ```
  }];
}

def Intaglio_ISiluOp : Intaglio_PolynomialOp<"i_silu"> {
  let summary = "x * sigmoid(x) on 12 fraction bits";
  let description = [{
    Q12 to Q12, the operand clamped to 17 bits (`intmath::silu`).

    Constraints: C-ISILU-1.

    Example:
    ```mlir
    %y = intaglio.i_silu %x : (tensor<?x?x1536xi32>) -> tensor<?x?x1536xi32>
    ```
  }];
}

def Intaglio_ISqrtOp : Intaglio_PolynomialOp<"i_sqrt"> {
  let summary = "integer square root";
  let description = [{
    `floor(sqrt(x))`, the operand read as unsigned.

    Constraints: C-ISQRT-1.

    Example:
    ```mlir
    %y = intaglio.i_sqrt %x : (tensor<?x384xi32>) -> tensor<?x384xi32>
    ```
  }];
}

def Intaglio_ISoftmaxOp : Intaglio_ElementwiseIntegerOp<"i_softmax"> {
  let summary = "softmax over the last axis with a cubic for 2^-f";
  let description = [{
    The distance to the row's maximum times the dyadic `multiplier * 2^-shift` is the exponent with 15
    fraction bits; `intmath::exp2n`, one reciprocal a row, results 0 ... 255 at scale 2^-8. Rows
    have 2^16 elements at most.

    Constraints: C-ISOFTMAX-1, C-ISOFTMAX-2, C-DYADIC-1, C-SHIFT-1.

    Example:
    ```mlir
    %p = intaglio.i_softmax %s {multiplier = 1549082005 : i64, shift = 26 : i64}
      : (tensor<?x12x?x?xi32>) -> tensor<?x12x?x?xi16>
    ```
  }];
  let arguments = (ins Intaglio_CodeTensor:$x, Intaglio_I64Attr:$multiplier, Intaglio_I64Attr:$shift);
  let results = (outs Intaglio_I16Tensor:$result);
}

def Intaglio_ILayerNormOp : Intaglio_IntegerOp<"i_layer_norm"> {
  let summary = "layer normalization of 16-bit codes";
  let description = [{
    With `n` channels: `s1 = sum x`, `s2 = sum x^2`, `V = max(n*s2 - s1^2 + epsilon, 1)`, one integer
    square root and one quotient a row give `N = (x - mean)/std` with 16 fraction bits
    (`intmath::normalizeRow`); then `clamp(rsh(N * gamma[c] + beta[c], shift) + output_zp)`, the sum
    within 64 bits, the clamp to the result's type. `epsilon = rha(n^2 * eps / S^2)`.

    Constraints: C-ILAYERNORM-1 to C-ILAYERNORM-3, C-SHAPE-1, C-CHANNELS-1, C-SHIFT-1, C-CODE-1.

    Example:
    ```mlir
    %y = intaglio.i_layer_norm %x, %gamma, %beta
      {epsilon = 12 : i64, shift = 30 : i64, output_zp = 0 : i64}
      : (tensor<?x?x384xi16>, tensor<384xi32>, tensor<384xi64>) -> tensor<?x?x384xi16>
    ```
  }];
  let arguments = (ins Intaglio_I16Tensor:$x, Intaglio_I32Tensor:$gamma, Intaglio_I64Tensor:$beta,
                       Intaglio_I64Attr:$epsilon, Intaglio_I64Attr:$shift, Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_NarrowTensor:$result);
}

def Intaglio_IRMSNormOp : Intaglio_IntegerOp<"i_rms_norm"> {
  let summary = "root-mean-square normalization of 16-bit codes";
  let description = [{
    `i_layer_norm` with `s1 = 0` and no `beta`.

    Constraints: C-IRMSNORM-1, C-ILAYERNORM-2, C-ILAYERNORM-3, C-SHAPE-1, C-CHANNELS-1, C-SHIFT-1,
    C-CODE-1.

    Example:
    ```mlir
    %y = intaglio.i_rms_norm %x, %gamma {epsilon = 12 : i64, shift = 30 : i64, output_zp = 0 : i64}
      : (tensor<?x?x512xi16>, tensor<512xi32>) -> tensor<?x?x512xi16>
    ```
  }];
  let arguments = (ins Intaglio_I16Tensor:$x, Intaglio_I32Tensor:$gamma, Intaglio_I64Attr:$epsilon,
                       Intaglio_I64Attr:$shift, Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_NarrowTensor:$result);
}

def Intaglio_IAttentionOp : Intaglio_IntegerOp<"i_attention"> {
  let summary = "multi-head attention on bytes, the exponential from a table";
  let description = [{
    Shapes as `intaglio.attention`. For one head and query row, over the keys that take part:
    `c = q . k` (i32), `x = rsh(c, score_shift)` (i16), `i = min((max x - x + rounding) * step >> 16, 255)`,
    `e = table[i]` (bytes read unsigned), `R = floor(numerator / sum e)`,
    `out = clamp((sum e*v * R + 2^31 + output_zp * 2^32) >> 32)` to i8 (`intmath::attentionRow`). A row
    without keys gives `output_zp`. No query element is -128.

    Constraints: C-IATTENTION-1 to C-IATTENTION-6, C-ATTENTION-1, C-ATTENTION-2, C-MASK-1 to
    C-MASK-3, C-LOOKUP-1, C-CODE-1.

    Example:
    ```mlir
    %y = intaglio.i_attention %q, %k, %v, %table, %mask
      {num_heads = 12 : i64, score_shift = 4 : i64, step = 4096 : i64, rounding = 8 : i64,
       numerator = 4294967296 : i64, output_zp = 0 : i64}
      : (tensor<?x?x384xi8>, tensor<?x?x384xi8>, tensor<?x?x384xi8>, tensor<256xi8>, tensor<?x?xi64>)
      -> tensor<?x?x384xi8>
    ```
  }];
  let arguments = (ins Intaglio_I8Tensor:$query, Intaglio_I8Tensor:$key, Intaglio_I8Tensor:$value,
                       Intaglio_ByteTable:$table, Optional<Intaglio_I64Tensor>:$mask,
                       Intaglio_I64Attr:$num_heads, Intaglio_I64Attr:$score_shift, Intaglio_I64Attr:$step, Intaglio_I64Attr:$rounding,
                       Intaglio_I64Attr:$numerator, Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_I8Tensor:$result);
}

def Intaglio_IEmbeddingOp : Intaglio_IntegerOp<"i_embedding"> {
  let summary = "rows of a byte table, brought to one scale";
  let description = [{
    `clamp(rsh(table[id, c] * multiplier[id], shift) + output_zp)`, the clamp to the result's type;
    `multiplier` has one element for each row. Every id is a row of the table (checked at the
    program's boundary).

    Constraints: C-IEMBEDDING-1 to C-IEMBEDDING-4, C-EMBEDDING-2, C-SHIFT-1, C-CODE-1.

    Example:
    ```mlir
    %e = intaglio.i_embedding %table, %multiplier, %ids {shift = 24 : i64, output_zp = 0 : i64}
      : (tensor<30522x384xi8>, tensor<30522xi32>, tensor<?x?xi64>) -> tensor<?x?x384xi16>
    ```
  }];
  let arguments = (ins Intaglio_I8Tensor:$table, Intaglio_I32Tensor:$multiplier,
                       Intaglio_I64Tensor:$ids, Intaglio_I64Attr:$shift, Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_NarrowTensor:$result);
}

def Intaglio_IRopeOp : Intaglio_IntegerOp<"i_rope"> {
  let summary = "rotary position embedding of bytes";
  let description = [{
    Pairs as `intaglio.rope`; `rsh(a*cos - b*sin, 14)` and `rsh(b*cos + a*sin, 14)` with tables of 14
    fraction bits, the position being the index on axis 1.

    Constraints: C-IROPE-1, C-IROPE-2, C-ROPE-1, C-ROPE-2, C-SHAPE-1.

    Example:
    ```mlir
    %y = intaglio.i_rope %x, %cos, %sin {num_heads = 8 : i64}
      : (tensor<?x?x512xi8>, tensor<2048x32xi16>, tensor<2048x32xi16>) -> tensor<?x?x512xi16>
    ```
  }];
  let arguments = (ins Intaglio_I8Tensor:$x, Intaglio_I16Tensor:$cos, Intaglio_I16Tensor:$sin,
                       Intaglio_I64Attr:$num_heads, UnitAttr:$interleaved);
  let results = (outs Intaglio_I16Tensor:$result);
}

def Intaglio_IPoolOp : Intaglio_IntegerOp<"i_pool"> {
  let summary = "one row for each sequence";
  let description = [{
    `[batch, sequence, c]` to `[batch, c]`. `mean`: `rsh(sum * floor(2^30 / count), 22)`, i32 with 8 more
    fraction bits than `x`. `max` and `cls`: the operand's own type. A sequence with no token gives
    zeros.

    Constraints: C-IPOOL-1 to C-IPOOL-3, C-MASK-1 to C-MASK-3.

    Example:
    ```mlir
    %p = intaglio.i_pool %x, %mask {kind = #intaglio.pool_kind<mean>}
      : (tensor<?x?x384xi16>, tensor<?x?xi64>) -> tensor<?x384xi32>
    ```
  }];
  let arguments = (ins Intaglio_I16Tensor:$x, Optional<Intaglio_I64Tensor>:$mask,
                       Intaglio_PoolKindAttr:$kind);
  let results = (outs Intaglio_WordTensor:$result);
}

def Intaglio_IL2NormalizeOp : Intaglio_ElementwiseIntegerOp<"i_l2_normalize"> {
  let summary = "x / |x| over the last axis with 24 fraction bits";
  let description = [{
    `V = sum x^2` (below 2^62), `k` the even number that brings `V * 2^k` to 61 or 62 bits,
    `r = floor(2^54 / isqrt(V * 2^k))`, `rsh(x * r, 30 - k/2)`. A row of zeros stays zero.

    Constraints: C-IL2NORMALIZE-1, C-IL2NORMALIZE-2.

    Example:
    ```mlir
    %y = intaglio.i_l2_normalize %x : (tensor<?x384xi32>) -> tensor<?x384xi32>
    ```
  }];
  let arguments = (ins Intaglio_WordTensor:$x);
  let results = (outs Intaglio_I32Tensor:$result);
}

//===----------------------------------------------------------------------------------------===//
// The same functions as I-BERT (Kim et al. 2021) publishes them.
//===----------------------------------------------------------------------------------------===//

def Intaglio_IbertGeluOp : Intaglio_PolynomialOp<"ibert_gelu"> {
  let summary = "i-GELU of I-BERT, algorithm 2";
  let description = [{
    `y = (sign(q) * ((min(|q|, -b) + b)^2 + c)) >> n`, result `q * (y + one)`, which fits i32. The scale of
    the result is negative where I-BERT's is: a following `rescale` has a negative multiplier.

    Constraints: C-IBERTGELU-1 to C-IBERTGELU-3.

    Example:
    ```mlir
    %y = intaglio.ibert_gelu %x {b = -2501 : i64, c = -6926000 : i64, n = 14 : i64, one = -423 : i64}
      : (tensor<?x?x1536xi32>) -> tensor<?x?x1536xi32>
    ```
  }];
  let arguments = (ins Intaglio_I32Tensor:$x, Intaglio_I64Attr:$b, Intaglio_I64Attr:$c, Intaglio_I64Attr:$n, Intaglio_I64Attr:$one);
}

def Intaglio_IbertSoftmaxOp : Intaglio_ElementwiseIntegerOp<"ibert_softmax"> {
  let summary = "i-softmax of I-BERT, algorithm 3";
  let description = [{
    `i-exp` of the distance to the row's maximum with the constants `ln2`, `b`, `c`, `n`; the
    numerators rounded half to even to 16 bits by `multiplier * 2^-shift`;
    `(e * floor(2^32 / sum)) >> 24`: results at scale 2^-8 (`intmath::ibertSoftmaxRow`).

    Constraints: C-IBERTSOFTMAX-1 to C-IBERTSOFTMAX-4, C-DYADIC-1, C-SHIFT-1.

    Example:
    ```mlir
    %p = intaglio.ibert_softmax %s
      {ln2 = -694 : i64, b = 2707 : i64, c = 2792000 : i64, n = 30 : i64, multiplier = 1288490189 : i64, shift = 68 : i64}
      : (tensor<?x12x?x?xi32>) -> tensor<?x12x?x?xi16>
    ```
  }];
  let arguments = (ins Intaglio_CodeTensor:$x, Intaglio_I64Attr:$ln2, Intaglio_I64Attr:$b, Intaglio_I64Attr:$c, Intaglio_I64Attr:$n,
                       Intaglio_I64Attr:$multiplier, Intaglio_I64Attr:$shift);
  let results = (outs Intaglio_I16Tensor:$result);
}

def Intaglio_IbertLayerNormOp : Intaglio_IntegerOp<"ibert_layer_norm"> {
  let summary = "i-LayerNorm of I-BERT, algorithm 4";
  let description = [{
    `mean = rne(sum / n)`, `y = x - mean`, `std = isqrt(sum (y >> prescale)^2) << prescale`,
    `f = floor(2^31 / std)`, `N = (y * f >> 1) + bias[c]` (64 bits), the value of which is
    `N * gamma * sqrt(n) / 2^30`; then `clamp(rsh(N * multiplier[c], shift) + output_zp)`. A row
    whose `std` is 0 gives `N = bias`.

    Constraints: C-IBERTLAYERNORM-1 to C-IBERTLAYERNORM-3, C-ILAYERNORM-3, C-SHAPE-1,
    C-CHANNELS-1, C-SHIFT-1, C-CODE-1.

    Example:
    ```mlir
    %y = intaglio.ibert_layer_norm %x, %bias, %m
      {prescale = 0 : i64, shift = 50 : i64, output_zp = 0 : i64}
      : (tensor<?x?x384xi16>, tensor<384xi64>, tensor<384xi32>) -> tensor<?x?x384xi16>
    ```
  }];
  let arguments = (ins Intaglio_I16Tensor:$x, Intaglio_I64Tensor:$bias,
                       Intaglio_I32Tensor:$multiplier, Intaglio_I64Attr:$prescale, Intaglio_I64Attr:$shift,
                       Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_NarrowTensor:$result);
}

def Intaglio_IbertAttentionOp : Intaglio_IntegerOp<"ibert_attention"> {
  let summary = "multi-head attention with I-BERT's softmax";
  let description = [{
    Shapes as `intaglio.attention`. Scores are exact i32, `p` is `ibert_softmax` of the keys that take
    part, `out = clamp(rsh(sum p*v * output_multiplier, output_shift) + output_zp)` to i8. A row
    without keys gives `output_zp`.

    Constraints: C-IBERTATTENTION-1, C-IBERTSOFTMAX-1 to C-IBERTSOFTMAX-4, C-ATTENTION-1,
    C-ATTENTION-2, C-MASK-1 to C-MASK-3, C-DYADIC-1, C-SHIFT-1, C-CODE-1.

    Example:
    ```mlir
    %y = intaglio.ibert_attention %q, %k, %v, %mask
      {num_heads = 12 : i64, ln2 = -694 : i64, b = 2707 : i64, c = 2792000 : i64, n = 30 : i64,
       multiplier = 1288490189 : i64, shift = 68 : i64,
       output_multiplier = 1288490189 : i64, output_shift = 38 : i64, output_zp = 0 : i64}
      : (tensor<?x?x384xi8>, tensor<?x?x384xi8>, tensor<?x?x384xi8>, tensor<?x?xi64>)
      -> tensor<?x?x384xi8>
    ```
  }];
  let arguments = (ins Intaglio_I8Tensor:$query, Intaglio_I8Tensor:$key, Intaglio_I8Tensor:$value,
                       Optional<Intaglio_I64Tensor>:$mask, Intaglio_I64Attr:$num_heads, Intaglio_I64Attr:$ln2,
                       Intaglio_I64Attr:$b, Intaglio_I64Attr:$c, Intaglio_I64Attr:$n, Intaglio_I64Attr:$multiplier, Intaglio_I64Attr:$shift,
                       Intaglio_I64Attr:$output_multiplier, Intaglio_I64Attr:$output_shift, Intaglio_I64Attr:$output_zp);
  let results = (outs Intaglio_I8Tensor:$result);
}

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_INTEGEROPS
