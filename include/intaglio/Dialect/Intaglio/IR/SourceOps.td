//===- SourceOps.td - the source family: an imported operator not yet recognised ------------===//

#ifndef INTAGLIO_DIALECT_INTAGLIO_IR_SOURCEOPS
#define INTAGLIO_DIALECT_INTAGLIO_IR_SOURCEOPS

include "intaglio/Dialect/Intaglio/IR/IntaglioBase.td"

def Intaglio_SourceOp : Intaglio_Op<"source", [Pure]> {
  let summary = "an operator of the imported format";
  let description = [{
    Stands for one node of an imported graph between `import` and `raise`. `op_type`, `opset` and
    `node_attributes` are the format's own; `present` says which of the format's inputs were given where
    optional ones were left out. `raise` leaves none (`verify-raised`).

    Constraints: C-SOURCE-1, C-SOURCE-2.

    Example:
    ```mlir
    %y = intaglio.source "Erf" opset 17 (%x) : (tensor<?x384xf32>) -> tensor<?x384xf32>
    ```
  }];
  let arguments = (ins StrAttr:$op_type, Intaglio_I64Attr:$opset, Variadic<AnyType>:$inputs,
                       OptionalAttr<DictionaryAttr>:$node_attributes,
                       OptionalAttr<DenseBoolArrayAttr>:$present);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = [{
    $op_type `opset` $opset `(` $inputs `)` (`attributes` $node_attributes^)? attr-dict
    `:` functional-type($inputs, $outputs)
  }];
  let hasVerifier = 1;
}

#endif // INTAGLIO_DIALECT_INTAGLIO_IR_SOURCEOPS
