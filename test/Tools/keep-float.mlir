// Ops that stay float on purpose are listed with the reason, and nothing else is float: the integers on both sides of one are those
// of the interpreter.
//
// RUN: rm -rf %t && mkdir %t && %python %S/Inputs/keep_float.py data %t/data.npz
// RUN: intaglio-compile %s -o %t/kept.so --calibrate=%t/data.npz --keep-float=^encoder.gelu$ --keep-float=relu --report=%t/kept.json
// RUN: intaglio-compile %s -o %t/kept.mlir --calibrate=%t/data.npz --keep-float=^encoder.gelu$ --keep-float=relu --compile-to=integerize
// RUN: FileCheck %s --check-prefix=INTEGERS < %t/kept.mlir
// RUN: intaglio-run --reference %t/kept.mlir --inputs=%t/data.npz --outputs=%t/reference.npz
// RUN: intaglio-run %t/kept.so --inputs=%t/data.npz --outputs=%t/one.npz --threads=1
// RUN: intaglio-run %t/kept.so --inputs=%t/data.npz --outputs=%t/two.npz --threads=2
// RUN: intaglio-run --compare %t/reference.npz %t/one.npz --exact
// RUN: intaglio-run --compare %t/reference.npz %t/two.npz --exact
// RUN: %python %S/Inputs/keep_float.py report %t/kept.json

// The float instructions stand in functions that the proof names.
// RUN: intaglio-run --info %t/kept.so | FileCheck %s --check-prefix=INFO
// INFO: boundary functions: {{.*}}intaglio_boundary_gelu_0{{.*}}intaglio_boundary_relu_0
// INFO: "integer_only": false

// A program that went to a file on its way keeps them too.
// RUN: intaglio-compile %t/kept.mlir -o %t/again.so
// RUN: intaglio-run %t/again.so --inputs=%t/data.npz --outputs=%t/again.npz
// RUN: intaglio-run --compare %t/reference.npz %t/again.npz --exact

// RUN: not intaglio-compile %s -o %t/none.so --calibrate=%t/data.npz --keep-float=encoder.silu 2>&1 | FileCheck %s --check-prefix=NOTHING
// NOTHING: keep-float.mlir:{{.*}} error: keep-float: 'encoder.silu' matches the name of no float op
// RUN: not intaglio-compile %s -o %t/none.so --calibrate=%t/data.npz --keep-float=* 2>&1 | FileCheck %s --check-prefix=REGEX
// REGEX: keep-float.mlir:{{.*}} error: keep-float: '*' is no regular expression
// RUN: not intaglio-compile %s -o %t/none.so --calibrate=%t/data.npz --keep-float=.* 2>&1 | FileCheck %s --check-prefix=ALL
// ALL: keep-float.mlir:{{.*}} error: {{.*}}calls no integer function
// RUN: not intaglio-compile %s -o %t/none.so --precision=float --keep-float=relu 2>&1 | FileCheck %s --check-prefix=FLOAT
// FLOAT: keep-float.mlir: --keep-float has no meaning here: nothing is calibrated with --precision=float
// RUN: not intaglio-compile %t/kept.mlir -o %t/none.so --keep-float=relu 2>&1 | FileCheck %s --check-prefix=ANYMORE
// ANYMORE: kept.mlir: --keep-float has no meaning here: nothing is calibrated any more
// RUN: ls %t | FileCheck %s --check-prefix=LEFT
// LEFT-NOT: none

// INTEGERS-LABEL: func.func @main(
// INTEGERS: %[[X:.*]] = intaglio.quantize
// INTEGERS-NEXT: %[[Y:.*]] = call @main_integer(%[[X]])
// INTEGERS-NEXT: %[[D:.*]] = intaglio.dequantize %[[Y]]
// INTEGERS-NEXT: %[[G:.*]] = intaglio.gelu %[[D]] {intaglio.float = "kept by --keep-float"}
// INTEGERS-NEXT: %[[Q:.*]] = intaglio.quantize %[[G]]
// INTEGERS-NEXT: %[[Z:.*]] = call @main_integer_1(%[[Q]])
// INTEGERS: intaglio.relu %{{.*}} {intaglio.float = "kept by --keep-float"}
// INTEGERS: call @main_integer_2(
func.func @main(%x: tensor<?x4xf32> {intaglio.name = "x", intaglio.dims = ["batch", "4"]}) -> (tensor<?x4xf32> {intaglio.name = "y"}) {
  %w = arith.constant dense<[[0.5, -0.5, 0.25, 1.0], [1.0, 0.5, -0.25, -1.0], [0.1, 0.2, 0.3, 0.4], [0.9, -0.8, 0.7, -0.6]]> : tensor<4x4xf32>
  %b = arith.constant dense<[0.1, -0.1, 0.2, 0.0]> : tensor<4xf32>
  %0 = intaglio.linear %x, %w, %b : (tensor<?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("encoder.dense")
  %1 = intaglio.gelu %0 : (tensor<?x4xf32>) -> tensor<?x4xf32> loc("encoder.gelu")
  %2 = intaglio.linear %1, %w, %b : (tensor<?x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("encoder.output")
  %3 = intaglio.relu %2 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %4 = intaglio.linear %3, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32> loc("head.dense")
  return %4 : tensor<?x4xf32>
}
