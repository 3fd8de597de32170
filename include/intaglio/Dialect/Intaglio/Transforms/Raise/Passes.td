//===- Passes.td - passes from source ops to graph ops --------------------------------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_RAISE_PASSES
#define INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_RAISE_PASSES

include "mlir/Pass/PassBase.td"

/// Shapes, masks and movements are compared as expressions (`SymbolicTensors`), not node by node. A
/// place where a pattern nearly matched is named in a remark, if its op is still there afterwards.
class Intaglio_RaisePass<string flag> : Pass<flag, "::mlir::func::FuncOp"> {
  let dependentDialects = ["::intaglio::IntaglioDialect", "::mlir::arith::ArithDialect"];
}

def FoldSourcePass : Intaglio_RaisePass<"intaglio-fold-source"> {
  let summary = "drops source ops that give what they take";
  let description = [{
    Identity, Dropout, casts to the same type, reshapes to the same shape, transposes that undo each
    other, `x + 0`, `x * 1`, and the guard against NaN that some exporters put behind softmax.

    ```mlir
    %y = intaglio.source "Reshape" opset 17 (%x, %shape) : ... // %x's own shape: %y is %x
    ```
  }];
}

def RaiseEmbeddingPass : Intaglio_RaisePass<"intaglio-raise-embedding"> {
  let summary = "rows of tables, and sums of them, to embedding";
  let description = [{
    Ids come from an input, or are positions, plain or counted as RoBERTa does. A row that is the same
    for every token (token types without an input for them) is added to the smallest table of the sum.
  }];
}

def RaiseLinearPass : Intaglio_RaisePass<"intaglio-raise-linear"> {
  let summary = "MatMul, Gemm and Add to linear";
  let description = [{
    A product with a constant matrix becomes `linear`, a constant vector added to it its bias. Exporters
    write weights as `[in, out]`; each is transposed once, and the data it came from given back.

    ```mlir
    %m = intaglio.source "MatMul" opset 17 (%x, %w) : (tensor<?x?x4xf32>, tensor<4x8xf32>) -> tensor<?x?x8xf32>
    %y = intaglio.source "Add" opset 17 (%b, %m) : (tensor<8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
    // becomes
    %y = intaglio.linear %x, %wt, %b : (tensor<?x?x4xf32>, tensor<8x4xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
    ```
  }];
  let statistics = [Statistic<"transposed", "transposed", "weights that were transposed">];
}

def RaiseActivationPass : Intaglio_RaisePass<"intaglio-raise-activation"> {
  let summary = "GELU in four forms and SiLU";
  let description = [{
    `Gelu`, and products of x with its erf, tanh or sigmoid: exact, tanh and quick GELU, SiLU.
  }];
}

def RaiseResidualPass : Intaglio_RaisePass<"intaglio-raise-residual"> {
  let summary = "sums of two computed tensors of one shape to add";
  let description = [{
    Afterwards the residual stream is one value for those that read it: normalizations, pooling.
  }];
}

def RaiseNormPass : Intaglio_RaisePass<"intaglio-raise-norm"> {
  let summary = "normalizations, as ops or decomposed, to layer_norm, rms_norm and l2_normalize";
  let description = [{
    `n / sqrt(mean(n^2) + epsilon)` with `n = x - mean(x)` is `layer_norm`, with another `n` `rms_norm`;
    `x / sqrt(sum(x^2))` is `l2_normalize`. A gain and a bias that follow become its parameters.
  }];
}

def RaiseAttentionPass : Intaglio_RaisePass<"intaglio-raise-attention"> {
  let summary = "scaled dot-product attention of several heads";
  let description = [{
    The chain from projected queries, keys and values to the heads side by side. Wherever the scale
    stands, and in whichever way heads are split and the mask is made: the scores must be
    `scale * q . k` and a function of the mask's element at (batch, key). A mask that depends on the
    query, as a causal one does, is refused by name.
  }];
}

def RaisePoolPass : Intaglio_RaisePass<"intaglio-raise-pool"> {
  let summary = "mean, maximum or first token of a sequence to pool";
  let description = [{
    `sum(x * mask) / max(sum(mask), tiny)`, the mean of all tokens, the maximum of what the mask leaves,
    and `x[:, 0]`.
  }];
}

def RaiseElementwisePass : Intaglio_RaisePass<"intaglio-raise-elementwise"> {
  let summary = "what has a graph op of its own: mul, tanh, relu, sigmoid, softmax, matmul";
  let description = [{
    Takes the ops that no larger pattern took.
  }];
}

def RaiseInputsPass : Intaglio_RaisePass<"intaglio-raise-inputs"> {
  let summary = "ranges of the inputs and the longest sequence, from what reads them";
  let description = [{
    `intaglio.range` of ids from the sizes of their tables and of masks (0 and 1), `intaglio.max_dims`
    from the table of positions. What is there already is kept.
  }];
}

def VerifyRaisedPass : Pass<"intaglio-verify-raised", "::mlir::func::FuncOp"> {
  let summary = "fails where a source op is left, or a weight is not finite";
  let description = [{
    One error for each op left that computes numbers, with its node, operator and opset, and what the
    operator can be part of. Shape arithmetic that only such ops read is not named again. Where none is
    left, each constant with an infinity or NaN is an error too.
  }];
}

#endif // INTAGLIO_DIALECT_INTAGLIO_TRANSFORMS_RAISE_PASSES
