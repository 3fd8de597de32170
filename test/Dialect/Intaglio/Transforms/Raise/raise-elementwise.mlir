// RUN: intaglio-opt --intaglio-raise-elementwise %s | FileCheck %s

// CHECK-LABEL: @all(
// CHECK: intaglio.tanh
// CHECK: intaglio.sigmoid
// CHECK-COUNT-3: intaglio.relu
// CHECK: intaglio.add
// CHECK: intaglio.mul
// CHECK: intaglio.softmax
// CHECK: intaglio.matmul
// CHECK-NOT: intaglio.source
func.func @all(%x: tensor<?x4xf32> {intaglio.dims = ["b", "4"]}, %y: tensor<4x?xf32> {intaglio.dims = ["4", "c"]}) -> tensor<?x?xf32> {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %0 = intaglio.source "Tanh" opset 17(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = intaglio.source "Sigmoid" opset 17(%0) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = intaglio.source "Relu" opset 17(%1) : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = intaglio.source "Clip" opset 17(%2, %zero) : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %4 = intaglio.source "Max" opset 17(%zero, %3) : (tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %5 = intaglio.source "Add" opset 17(%4, %x) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %6 = intaglio.source "Mul" opset 17(%5, %x) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %7 = intaglio.source "Softmax" opset 17(%6) attributes {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %8 = intaglio.source "MatMul" opset 17(%7, %y) : (tensor<?x4xf32>, tensor<4x?xf32>) -> tensor<?x?xf32>
  return %8 : tensor<?x?xf32>
}
