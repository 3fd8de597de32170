//===- CheckOps.td - expected values inside of the IR (tests only) --------------------------===//
//
// A check program is a file of functions without arguments. Each is a case: inputs, ops, expected
// values. `intaglio-check` runs it on the interpreter, or compiled.
//
//===----------------------------------------------------------------------------------------===//

#ifndef INTAGLIO_TEST_CHECK_CHECKOPS
#define INTAGLIO_TEST_CHECK_CHECKOPS

include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpBase.td"

def Check_Dialect : Dialect {
  let name = "check";
  let cppNamespace = "::intaglio::check";
  let summary = "inputs and expected values of a case";
}

class Check_Op<string mnemonic> : Op<Check_Dialect, mnemonic> {
  let hasVerifier = 1;
}

def Check_InputOp : Check_Op<"input"> {
  let summary = "data that a compiled program gets as an argument";
  let description = [{
    The result's type may leave sizes open.
    ```mlir
    %x = check.input dense<[[1, -2], [3, 4]]> : tensor<2x2xi8> -> tensor<?x2xi8>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$value attr-dict `->` type($result)";
}

def Check_ExpectEqOp : Check_Op<"expect_eq"> {
  let summary = "every bit is as expected";
  let description = [{
    Quantized elements are compared by their storage.
    ```mlir
    check.expect_eq %y, dense<[[127, -128]]> : tensor<1x2xi8> : tensor<?x2xi8>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$x, ElementsAttr:$expected);
  let assemblyFormat = "$x `,` $expected attr-dict `:` type($x)";
}

def Check_ExpectCloseOp : Check_Op<"expect_close"> {
  let summary = "every element is within `tolerance` of what is expected";
  let description = [{
    ```mlir
    check.expect_close %y, dense<[0.25, 0.75]> : tensor<2xf32> {tolerance = 1.0e-6 : f64} : tensor<2xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$x, ElementsAttr:$expected, F64Attr:$tolerance);
  let assemblyFormat = "$x `,` $expected attr-dict `:` type($x)";
}

#endif // INTAGLIO_TEST_CHECK_CHECKOPS
