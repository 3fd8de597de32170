// RUN: intaglio-opt --intaglio-fold-source %s | FileCheck %s

// A reshape to the shape that x has, made by arithmetic of shapes.
// CHECK-LABEL: @same_shape(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @same_shape(%x: tensor<?x?x4xf32> {intaglio.dims = ["batch", "sequence", "4"]}) -> tensor<?x?x4xf32> {
  %zero = arith.constant dense<0> : tensor<i64>
  %axes = arith.constant dense<0> : tensor<1xi64>
  %four = arith.constant dense<[-1, 4]> : tensor<2xi64>
  %s = intaglio.source "Shape" opset 17(%x) : (tensor<?x?x4xf32>) -> tensor<3xi64>
  %b = intaglio.source "Gather" opset 17(%s, %zero) : (tensor<3xi64>, tensor<i64>) -> tensor<i64>
  %b1 = intaglio.source "Unsqueeze" opset 17(%b, %axes) : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
  %t = intaglio.source "Concat" opset 17(%b1, %four) attributes {axis = 0 : i64} : (tensor<1xi64>, tensor<2xi64>) -> tensor<3xi64>
  %y = intaglio.source "Reshape" opset 17(%x, %t) : (tensor<?x?x4xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// CHECK-LABEL: @undone(
// CHECK-SAME: %[[X:.*]]: tensor<?x3x4xf32>
// CHECK-NEXT: return %[[X]]
func.func @undone(%x: tensor<?x3x4xf32> {intaglio.dims = ["batch", "3", "4"]}) -> tensor<?x3x4xf32> {
  %one = arith.constant dense<1.0> : tensor<f32>
  %a = intaglio.source "Transpose" opset 17(%x) attributes {perm = array<i64: 2, 0, 1>} : (tensor<?x3x4xf32>) -> tensor<4x?x3xf32>
  %b = intaglio.source "Identity" opset 17(%a) : (tensor<4x?x3xf32>) -> tensor<4x?x3xf32>
  %c = intaglio.source "Mul" opset 17(%one, %b) : (tensor<f32>, tensor<4x?x3xf32>) -> tensor<4x?x3xf32>
  %y = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 1, 2, 0>} : (tensor<4x?x3xf32>) -> tensor<?x3x4xf32>
  return %y : tensor<?x3x4xf32>
}

// The guard of a softmax against a row without keys.
// CHECK-LABEL: @guard(
// CHECK: %[[P:.*]] = intaglio.source "Softmax"
// CHECK-NEXT: return %[[P]]
func.func @guard(%x: tensor<?x4xf32> {intaglio.dims = ["batch", "4"]}) -> tensor<?x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %p = intaglio.source "Softmax" opset 17(%x) attributes {axis = -1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %n = intaglio.source "IsNaN" opset 17(%p) : (tensor<?x4xf32>) -> tensor<?x4xi1>
  %y = intaglio.source "Where" opset 17(%n, %zero, %p) : (tensor<?x4xi1>, tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// Not of a softmax: x may well hold NaN.
// CHECK-LABEL: @no_guard(
// CHECK: intaglio.source "Where"
func.func @no_guard(%x: tensor<?x4xf32> {intaglio.dims = ["batch", "4"]}) -> tensor<?x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %n = intaglio.source "IsNaN" opset 17(%x) : (tensor<?x4xf32>) -> tensor<?x4xi1>
  %y = intaglio.source "Where" opset 17(%n, %zero, %x) : (tensor<?x4xi1>, tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// A transpose that is not undone stays.
// CHECK-LABEL: @turned(
// CHECK: intaglio.source "Transpose"
func.func @turned(%x: tensor<?x4x4xf32> {intaglio.dims = ["batch", "4", "4"]}) -> tensor<?x4x4xf32> {
  %y = intaglio.source "Transpose" opset 17(%x) attributes {perm = array<i64: 0, 2, 1>} : (tensor<?x4x4xf32>) -> tensor<?x4x4xf32>
  return %y : tensor<?x4x4xf32>
}
