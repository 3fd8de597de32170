// RUN: intaglio-opt --intaglio-raise-pool %s | FileCheck %s

// sentence-transformers: the mask is expanded to x's shape before it is summed.
// CHECK-LABEL: @mean(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x4xf32>{{.*}}, %[[M:.*]]: tensor<?x?xi64>
// CHECK-NEXT: %[[Y:.*]] = intaglio.pool %[[X]], %[[M]] {kind = #intaglio.pool_kind<mean>}
// CHECK-NEXT: return %[[Y]]
func.func @mean(%x: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x4xf32> {
  %last = arith.constant dense<-1> : tensor<1xi64>
  %axis = arith.constant dense<1> : tensor<1xi64>
  %tiny = arith.constant dense<1.0e-9> : tensor<f32>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %last) : (tensor<?x?xi64>, tensor<1xi64>) -> tensor<?x?x1xi64>
  %t = intaglio.source "Shape" opset 17(%x) : (tensor<?x?x4xf32>) -> tensor<3xi64>
  %e = intaglio.source "Expand" opset 17(%u, %t) : (tensor<?x?x1xi64>, tensor<3xi64>) -> tensor<?x?x4xi64>
  %f = intaglio.source "Cast" opset 17(%e) attributes {to = 1 : i64} : (tensor<?x?x4xi64>) -> tensor<?x?x4xf32>
  %p = intaglio.source "Mul" opset 17(%x, %f) : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %a = intaglio.source "ReduceSum" opset 17(%p, %axis) attributes {keepdims = 0 : i64} : (tensor<?x?x4xf32>, tensor<1xi64>) -> tensor<?x4xf32>
  %c = intaglio.source "ReduceSum" opset 17(%f, %axis) attributes {keepdims = 0 : i64} : (tensor<?x?x4xf32>, tensor<1xi64>) -> tensor<?x4xf32>
  %d = intaglio.source "Clip" opset 17(%c, %tiny) : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %y = intaglio.source "Div" opset 17(%a, %d) : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: @mean_of_all(
// CHECK: intaglio.pool %{{.*}} {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x4xf32>)
func.func @mean_of_all(%x: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}) -> tensor<?x4xf32> {
  %y = intaglio.source "ReduceMean" opset 17(%x) attributes {axes = array<i64: 1>, keepdims = 0 : i64} : (tensor<?x?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: @max(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x4xf32>{{.*}}, %[[M:.*]]: tensor<?x?xi64>
// CHECK-NEXT: intaglio.pool %[[X]], %[[M]] {kind = #intaglio.pool_kind<max>}
func.func @max(%x: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x4xf32> {
  %last = arith.constant dense<-1> : tensor<1xi64>
  %zero = arith.constant dense<0> : tensor<i64>
  %low = arith.constant dense<-1.0e9> : tensor<f32>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %last) : (tensor<?x?xi64>, tensor<1xi64>) -> tensor<?x?x1xi64>
  %e = intaglio.source "Equal" opset 17(%u, %zero) : (tensor<?x?x1xi64>, tensor<i64>) -> tensor<?x?x1xi1>
  %w = intaglio.source "Where" opset 17(%e, %low, %x) : (tensor<?x?x1xi1>, tensor<f32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %y = intaglio.source "ReduceMax" opset 17(%w) attributes {axes = array<i64: 1>, keepdims = 0 : i64} : (tensor<?x?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: @first_by_gather(
// CHECK: intaglio.pool %{{.*}} {kind = #intaglio.pool_kind<cls>}
func.func @first_by_gather(%x: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}) -> tensor<?x4xf32> {
  %zero = arith.constant dense<0> : tensor<i64>
  %y = intaglio.source "Gather" opset 17(%x, %zero) attributes {axis = 1 : i64} : (tensor<?x?x4xf32>, tensor<i64>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: @first_by_slice(
// CHECK: intaglio.pool %{{.*}} {kind = #intaglio.pool_kind<cls>}
func.func @first_by_slice(%x: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}) -> tensor<?x4xf32> {
  %zero = arith.constant dense<0> : tensor<1xi64>
  %one = arith.constant dense<1> : tensor<1xi64>
  %s = intaglio.source "Slice" opset 17(%x, %zero, %one, %one) : (tensor<?x?x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?x1x4xf32>
  %y = intaglio.source "Squeeze" opset 17(%s, %one) : (tensor<?x1x4xf32>, tensor<1xi64>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// Not the first token.
// CHECK-LABEL: @second(
// CHECK: intaglio.source "Gather"
func.func @second(%x: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}) -> tensor<?x4xf32> {
  %one = arith.constant dense<1> : tensor<i64>
  %y = intaglio.source "Gather" opset 17(%x, %one) attributes {axis = 1 : i64} : (tensor<?x?x4xf32>, tensor<i64>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
