//===- GraphOps.td - the graph family: what a Transformer is made of ------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_GRAPHOPS
#define INTAGLIO_DIALECT_INTAGLIO_IR_GRAPHOPS

include "intaglio/Dialect/Intaglio/IR/IntaglioBase.td"
include "intaglio/Dialect/Intaglio/IR/IntaglioInterfaces.td"

/// A graph op: pure, its result's shape follows from its operands. With builders that infer the
/// type the result takes the first operand's element type; a quantized graph states its own.
class Intaglio_GraphOp<string mnemonic, list<Trait> traits = []>
    : Intaglio_Op<mnemonic, !listconcat([Pure,
        DeclareOpInterfaceMethods<InferTypeOpInterface, ["isCompatibleReturnTypes"]>,
        DeclareOpInterfaceMethods<QuantizableOpInterface>], traits)> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The result's type from the operands; the builders use it, the verifier compares its shape.
    static ::mlir::FailureOr<::mlir::RankedTensorType>
    inferType(Adaptor adaptor, std::optional<::mlir::Location> location);
    static bool isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual);
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *, std::optional<::mlir::Location> location, ::mlir::ValueRange operands,
        ::mlir::DictionaryAttr attributes, ::mlir::OpaqueProperties properties,
        ::mlir::RegionRange regions, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      auto type = inferType(Adaptor(operands, attributes, properties, regions), location);
      if (failed(type))
        return ::llvm::failure();
      types.push_back(*type);
      return ::llvm::success();
    }
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual) {
      return ::llvm::succeeded(::mlir::verifyCompatibleShapes(inferred, actual));
    }
  }];
}

/// An elementwise graph op of one operand.
class Intaglio_UnaryGraphOp<string mnemonic, list<Trait> traits = []>
    : Intaglio_GraphOp<mnemonic, traits> {
  let arguments = (ins Intaglio_Tensor:$x);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_LinearOp : Intaglio_GraphOp<"linear",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "product with a weight matrix, plus bias, over the last axis";
  let description = [{
    `result[..., n] = sum_k x[..., k] * weight[n, k] + bias[n]`. The weight is `[out, in]`.

    - `f32`: all operands and the result are `f32`.
    - quantized: `x` is per tensor, `weight` per axis 0 or per tensor and symmetric, `bias` i32 at the
      accumulator's scale; the result is an i32 accumulator with scale `S_x * S_w[n]` (C-LINEAR-2).
    - integer: `x` and `weight` i8, `bias` i32 (zero-point corrections folded in), result i32, the
      exact sum, which must fit i32 (C-LINEAR-3, proved by `verify-ranges`).

    Constraints: C-LINEAR-1 to C-LINEAR-6, C-FAMILY-1, C-CHANNELS-1.

    Example:
    ```mlir
    %y = intaglio.linear %x, %w, %b
      : (tensor<?x?x384xf32>, tensor<1536x384xf32>, tensor<1536xf32>) -> tensor<?x?x1536xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x, Intaglio_Tensor:$weight, Optional<Intaglio_Tensor>:$bias);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_MatmulOp : Intaglio_GraphOp<"matmul",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "batched product of two activations";
  let description = [{
    `result[..., i, j] = sum_k lhs[..., i, k] * rhs[..., k, j]`, or `rhs[..., j, k]` with
    `transpose_rhs`. The leading axes are equal. Integer form: i8 operands, exact i32 sums.

    Constraints: C-MATMUL-1, C-LINEAR-1 to C-LINEAR-4, C-FAMILY-1.

    Example:
    ```mlir
    %s = intaglio.matmul %q, %k {transpose_rhs}
      : (tensor<?x12x?x32xf32>, tensor<?x12x?x32xf32>) -> tensor<?x12x?x?xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$lhs, Intaglio_Tensor:$rhs, UnitAttr:$transpose_rhs);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_AttentionOp : Intaglio_GraphOp<"attention",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm"]>]> {
  let summary = "multi-head scaled dot-product attention";
  let description = [{
    Query, key and value are `[batch, sequence, num_heads * head]`, heads side by side in the last
    axis. For each head and query row: `softmax(scale * q . k_j over the keys that take part) * v`.
    `mask` is `[batch, sequence]` over the keys, nonzero = takes part; without it all do. A row with
    no key gives zeros.

    Constraints: C-ATTENTION-1, C-ATTENTION-2, C-MASK-1 to C-MASK-3, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.attention %q, %k, %v, %mask {num_heads = 12 : i64, scale = 0.1767766952966369 : f64}
      : (tensor<?x?x384xf32>, tensor<?x?x384xf32>, tensor<?x?x384xf32>, tensor<?x?xi64>)
      -> tensor<?x?x384xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$query, Intaglio_Tensor:$key, Intaglio_Tensor:$value,
                       Optional<Intaglio_IndexTensor>:$mask, Intaglio_I64Attr:$num_heads, F64Attr:$scale);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_SoftmaxOp : Intaglio_UnaryGraphOp<"softmax",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "softmax over the last axis";
  let description = [{
    `exp(x_i - max x) / sum_j exp(x_j - max x)` over the last axis.

    Constraints: C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %p = intaglio.softmax %s : (tensor<?x12x?x?xf32>) -> tensor<?x12x?x?xf32>
    ```
  }];
}

def Intaglio_LayerNormOp : Intaglio_GraphOp<"layer_norm"> {
  let summary = "layer normalization over the last axis";
  let description = [{
    `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, the population variance of the last axis.
    `gamma` and `beta` stay `f32` constants in the quantized graph; `integerize` turns them into the
    integers of `i_layer_norm`.

    Constraints: C-LAYERNORM-1, C-LAYERNORM-2, C-CHANNELS-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.layer_norm %x, %gamma, %beta {epsilon = 1.000000e-12 : f64}
      : (tensor<?x?x384xf32>, tensor<384xf32>, tensor<384xf32>) -> tensor<?x?x384xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x, Intaglio_FloatTensor:$gamma, Intaglio_FloatTensor:$beta,
                       F64Attr:$epsilon);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_RMSNormOp : Intaglio_GraphOp<"rms_norm"> {
  let summary = "root-mean-square normalization over the last axis";
  let description = [{
    `x / sqrt(mean(x^2) + epsilon) * gamma`.

    Constraints: C-LAYERNORM-1, C-LAYERNORM-2, C-CHANNELS-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.rms_norm %x, %gamma {epsilon = 1.000000e-06 : f64}
      : (tensor<?x?x512xf32>, tensor<512xf32>) -> tensor<?x?x512xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x, Intaglio_FloatTensor:$gamma, F64Attr:$epsilon);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_GeluOp : Intaglio_UnaryGraphOp<"gelu",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "Gaussian error linear unit";
  let description = [{
    `x * Phi(x)`; `approximate` names the form that the model was trained with.

    Constraints: C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.gelu %x {approximate = #intaglio.gelu_form<none>}
      : (tensor<?x?x1536xf32>) -> tensor<?x?x1536xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x,
    DefaultValuedAttr<Intaglio_GeluFormAttr, "::intaglio::GeluForm::None">:$approximate);
}

def Intaglio_SiluOp : Intaglio_UnaryGraphOp<"silu",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "x * sigmoid(x)";
  let description = [{
    Constraints: C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.silu %x : (tensor<?x?x1536xf32>) -> tensor<?x?x1536xf32>
    ```
  }];
}

def Intaglio_SigmoidOp : Intaglio_UnaryGraphOp<"sigmoid",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "1 / (1 + exp(-x))";
  let description = [{
    Constraints: C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.sigmoid %x : (tensor<?x384xf32>) -> tensor<?x384xf32>
    ```
  }];
}

def Intaglio_TanhOp : Intaglio_UnaryGraphOp<"tanh",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "hyperbolic tangent";
  let description = [{
    Constraints: C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.tanh %x : (tensor<?x384xf32>) -> tensor<?x384xf32>
    ```
  }];
}

def Intaglio_ReluOp : Intaglio_UnaryGraphOp<"relu",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "max(x, 0)";
  let description = [{
    Constraints: C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.relu %x : (tensor<?x?x1536xf32>) -> tensor<?x?x1536xf32>
    ```
  }];
  let hasFolder = 1;
}

def Intaglio_EmbeddingOp : Intaglio_GraphOp<"embedding",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "rows of a table by index";
  let description = [{
    `result[..., c] = table[ids[...], c]`. An index outside the table is refused before the program
    runs (`intaglio.range` of the entry's arguments). Quantized: the table has one scale per row
    (axis 0), the result is i16 with one scale, that of the row with the largest.

    Constraints: C-EMBEDDING-1, C-EMBEDDING-2, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %e = intaglio.embedding %table, %ids
      : (tensor<30522x384xf32>, tensor<?x?xi64>) -> tensor<?x?x384xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$table, Intaglio_IndexTensor:$ids);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_PositionIdsOp : Intaglio_Op<"position_ids", [Pure, SameOperandsAndResultType]> {
  let summary = "position of each token in its sequence";
  let description = [{
    Without `padding_id`: `result[b, s] = s` (BERT). With it, RoBERTa's rule: tokens that differ from
    `padding_id` are counted from `padding_id + 1` on, padding gets `padding_id`.

    Constraints: C-POSITIONIDS-1, C-POSITIONIDS-2.

    Example:
    ```mlir
    %p = intaglio.position_ids %ids {padding_id = 1 : i64} : tensor<?x?xi64>
    ```
  }];
  let arguments = (ins Intaglio_IndexTensor:$ids, OptionalAttr<Intaglio_I64Attr>:$padding_id);
  let results = (outs Intaglio_IndexTensor:$result);
  let assemblyFormat = "$ids attr-dict `:` type($ids)";
  let hasVerifier = 1;
}

def Intaglio_RopeOp : Intaglio_GraphOp<"rope",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "rotary position embedding";
  let description = [{
    Rotates pairs of channels of each head by angles that grow with the position: `x` is
    `[batch, sequence, num_heads * head]`, `cos` and `sin` are `[positions, head / 2]`. Pairs are
    `(i, i + head/2)`, or `(2i, 2i + 1)` with `interleaved`.

    Constraints: C-ROPE-1, C-ROPE-2, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.rope %x, %cos, %sin {num_heads = 8 : i64}
      : (tensor<?x?x512xf32>, tensor<2048x32xf32>, tensor<2048x32xf32>) -> tensor<?x?x512xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x, Intaglio_Tensor:$cos, Intaglio_Tensor:$sin,
                       Intaglio_I64Attr:$num_heads, UnitAttr:$interleaved);
  let results = (outs Intaglio_Tensor:$result);
}

class Intaglio_BinaryGraphOp<string mnemonic, list<Trait> traits = []>
    : Intaglio_GraphOp<mnemonic, traits> {
  let arguments = (ins Intaglio_Tensor:$lhs, Intaglio_Tensor:$rhs);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_AddOp : Intaglio_BinaryGraphOp<"add"> {
  let summary = "elementwise sum of two tensors of one shape";
  let description = [{
    Quantized: the operands may have different scales, and either may be an i32 accumulator.

    Constraints: C-SHAPE-1, C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %s = intaglio.add %a, %b : (tensor<?x?x384xf32>, tensor<?x?x384xf32>) -> tensor<?x?x384xf32>
    ```
  }];
}

def Intaglio_MulOp : Intaglio_BinaryGraphOp<"mul",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "elementwise product of two tensors of one shape";
  let description = [{
    Constraints: C-SHAPE-1, C-GRAPH-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %p = intaglio.mul %a, %b : (tensor<?x?x384xf32>, tensor<?x?x384xf32>) -> tensor<?x?x384xf32>
    ```
  }];
}

def Intaglio_PoolOp : Intaglio_GraphOp<"pool",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "one row for each sequence";
  let description = [{
    `[batch, sequence, c]` to `[batch, c]`: the mean or the maximum over the tokens that the mask
    (`[batch, sequence]`, nonzero = takes part) selects, or the first token (`cls`, mask unread). A
    sequence with no token gives zeros.

    Constraints: C-POOL-1, C-MASK-1 to C-MASK-3, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %p = intaglio.pool %x, %mask {kind = #intaglio.pool_kind<mean>}
      : (tensor<?x?x384xf32>, tensor<?x?xi64>) -> tensor<?x384xf32>
    ```
  }];
  let arguments = (ins Intaglio_Tensor:$x, Optional<Intaglio_IndexTensor>:$mask,
                       Intaglio_PoolKindAttr:$kind);
  let results = (outs Intaglio_Tensor:$result);
}

def Intaglio_L2NormalizeOp : Intaglio_UnaryGraphOp<"l2_normalize",
    [DeclareOpInterfaceMethods<QuantizableOpInterface, ["getResultForm", "deriveResultType"]>]> {
  let summary = "x / |x| over the last axis";
  let description = [{
    A row of zeros stays zero. Quantized: the result is i32 with scale `2^-24`.

    Constraints: C-L2NORMALIZE-1, C-FAMILY-1, C-FAMILY-2.

    Example:
    ```mlir
    %y = intaglio.l2_normalize %x : (tensor<?x384xf32>) -> tensor<?x384xf32>
    ```
  }];
}

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_GRAPHOPS
