// RUN: intaglio-opt --intaglio-split-boundary --intaglio-verify-integer-only --split-input-file %s | FileCheck %s

// Everything integer moves, with its constants.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK-NEXT: %[[Q:.*]] = intaglio.quantize %[[X]]
// CHECK-NEXT: %[[C:.*]] = call @main_integer(%[[Q]])
// CHECK-NEXT: %[[Y:.*]] = intaglio.dequantize %[[C]]
// CHECK-NEXT: return %[[Y]]
// CHECK-LABEL: func.func private @main_integer(
// CHECK-SAME: %[[Q:.*]]: tensor<?x2xi8>) -> tensor<?x2xi32>
// CHECK-NEXT: %[[W:.*]] = arith.constant
// CHECK-NEXT: %[[L:.*]] = intaglio.linear %[[Q]], %[[W]]
// CHECK-NEXT: return %[[L]]
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1> : tensor<2x2xi8>
  %q = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0>} : tensor<?x2xf32> -> tensor<?x2xi8>
  %l = intaglio.linear %q, %w : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %y = intaglio.dequantize %l {quantized = !quant.uniform<i32:f32, 1.0>} : tensor<?x2xi32> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// A float op stands between two calls; what goes past it is a result of the first and an argument of the second.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xi8>
// CHECK-NEXT: %[[A:.*]]:2 = call @main_integer(%[[X]])
// CHECK-NEXT: %[[D:.*]] = intaglio.dequantize %[[A]]#[[TANH:.]]
// CHECK-NEXT: %[[T:.*]] = intaglio.tanh %[[D]] {intaglio.float = "kept"}
// CHECK-NEXT: %[[Q:.*]] = intaglio.quantize %[[T]]
// CHECK-NEXT: %[[B:.*]] = call @main_integer_1(
// CHECK-NEXT: intaglio.dequantize %[[B]]
// CHECK-LABEL: func.func private @main_integer(
// CHECK: intaglio.linear
// CHECK: intaglio.i_l2_normalize
// CHECK-LABEL: func.func private @main_integer_1(
// CHECK: intaglio.linear
// CHECK: intaglio.i_add
func.func @main(%x: tensor<?x2xi8>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1> : tensor<2x2xi8>
  %m = arith.constant dense<1> : tensor<1xi32>
  %l = intaglio.linear %x, %w : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %n = intaglio.i_l2_normalize %l : (tensor<?x2xi32>) -> tensor<?x2xi32>
  %d = intaglio.dequantize %l {quantized = !quant.uniform<i32:f32, 1.0>} : tensor<?x2xi32> -> tensor<?x2xf32>
  %t = intaglio.tanh %d {intaglio.float = "kept"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %q = intaglio.quantize %t {quantized = !quant.uniform<i8:f32, 1.0>} : tensor<?x2xf32> -> tensor<?x2xi8>
  %k = intaglio.linear %q, %w : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %s = intaglio.i_add %k, %n, %m, %m {lhs_shift = 0 : i64, lhs_zp = 0 : i64, rhs_shift = 0 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<?x2xi32>, tensor<?x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2xi16>
  %y = intaglio.dequantize %s {quantized = !quant.uniform<i16:f32, 1.0>} : tensor<?x2xi16> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
