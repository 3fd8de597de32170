// RUN: intaglio-opt --intaglio-raise-norm %s | FileCheck %s

// CHECK-LABEL: @operator(
// CHECK: intaglio.layer_norm %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 5.000000e-01 : f64}
func.func @operator(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %g = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = intaglio.source "LayerNormalization" opset 17(%x, %g) attributes {axis = 1 : i64, epsilon = 0.5 : f32} : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// The nine nodes of exporters below opset 17.
// CHECK-LABEL: @nine(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK-DAG: %[[G:.*]] = arith.constant dense<[1.{{.*}}, 2.{{.*}}]>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[3.{{.*}}, 4.{{.*}}]>
// CHECK: %[[Y:.*]] = intaglio.layer_norm %[[X]], %[[G]], %[[B]] {epsilon = 5.000000e-01 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @nine(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %g = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %e = arith.constant dense<0.5> : tensor<f32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %m = intaglio.source "ReduceMean" opset 14(%x) attributes {axes = array<i64: -1>} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %d = intaglio.source "Sub" opset 14(%x, %m) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %p = intaglio.source "Pow" opset 14(%d, %two) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %v = intaglio.source "ReduceMean" opset 14(%p) attributes {axes = array<i64: -1>} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %a = intaglio.source "Add" opset 14(%v, %e) : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %s = intaglio.source "Sqrt" opset 14(%a) : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %n = intaglio.source "Div" opset 14(%d, %s) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %h = intaglio.source "Mul" opset 14(%n, %g) : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Add" opset 14(%h, %b) : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// Squares by a product, a reciprocal root, gain and bias on the left, axes from an input; no gain.
// CHECK-LABEL: @other_order(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK-DAG: %[[ONES:.*]] = arith.constant dense<1.{{0*}}e+00> : tensor<2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[3.{{.*}}, 4.{{.*}}]>
// CHECK: intaglio.layer_norm %[[X]], %[[ONES]], %[[B]] {epsilon = 5.000000e-01 : f64}
func.func @other_order(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %b = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %e = arith.constant dense<0.5> : tensor<1xf32>
  %axes = arith.constant dense<1> : tensor<1xi64>
  %m = intaglio.source "ReduceMean" opset 18(%x, %axes) : (tensor<?x2xf32>, tensor<1xi64>) -> tensor<?x1xf32>
  %d = intaglio.source "Sub" opset 18(%x, %m) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %d2 = intaglio.source "Sub" opset 18(%x, %m) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %p = intaglio.source "Mul" opset 18(%d, %d2) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %v = intaglio.source "ReduceMean" opset 18(%p, %axes) : (tensor<?x2xf32>, tensor<1xi64>) -> tensor<?x1xf32>
  %a = intaglio.source "Add" opset 18(%e, %v) : (tensor<1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  %s = intaglio.source "Sqrt" opset 18(%a) : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %r = intaglio.source "Reciprocal" opset 18(%s) : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %n = intaglio.source "Mul" opset 18(%r, %d2) : (tensor<?x1xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Add" opset 18(%b, %n) : (tensor<2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @rms(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK-DAG: %[[G:.*]] = arith.constant dense<[1.{{.*}}, 2.{{.*}}]>
// CHECK: intaglio.rms_norm %[[X]], %[[G]] {epsilon = 5.000000e-01 : f64}
func.func @rms(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %g = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = arith.constant dense<0.5> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %p = intaglio.source "Pow" opset 17(%x, %two) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %v = intaglio.source "ReduceMean" opset 17(%p) attributes {axes = array<i64: 1>} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %a = intaglio.source "Add" opset 17(%v, %e) : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %s = intaglio.source "Sqrt" opset 17(%a) : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %r = intaglio.source "Div" opset 17(%one, %s) : (tensor<f32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  %n = intaglio.source "Mul" opset 17(%x, %r) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Mul" opset 17(%g, %n) : (tensor<2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// torch.nn.functional.normalize.
// CHECK-LABEL: @l2(
// CHECK: %[[Y:.*]] = intaglio.l2_normalize %{{.*}}
// CHECK-NEXT: return %[[Y]]
func.func @l2(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %tiny = arith.constant dense<1.0e-12> : tensor<f32>
  %n = intaglio.source "ReduceL2" opset 17(%x) attributes {axes = array<i64: 1>} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %c = intaglio.source "Clip" opset 17(%n, %tiny) : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %t = intaglio.source "Shape" opset 17(%x) : (tensor<?x2xf32>) -> tensor<2xi64>
  %e = intaglio.source "Expand" opset 17(%c, %t) : (tensor<?x1xf32>, tensor<2xi64>) -> tensor<?x2xf32>
  %y = intaglio.source "Div" opset 17(%x, %e) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @l2_by_root(
// CHECK: intaglio.l2_normalize
func.func @l2_by_root(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %half = arith.constant dense<0.5> : tensor<f32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %axes = arith.constant dense<-1> : tensor<1xi64>
  %p = intaglio.source "Pow" opset 17(%x, %two) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %n = intaglio.source "ReduceSum" opset 17(%p, %axes) attributes {keepdims = 0 : i64} : (tensor<?x2xf32>, tensor<1xi64>) -> tensor<?xf32>
  %r = intaglio.source "Pow" opset 17(%n, %half) : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
  %u = intaglio.source "Unsqueeze" opset 17(%r, %axes) : (tensor<?xf32>, tensor<1xi64>) -> tensor<?x1xf32>
  %y = intaglio.source "Div" opset 17(%x, %u) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @lp(
// CHECK: intaglio.l2_normalize
func.func @lp(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %y = intaglio.source "LpNormalization" opset 17(%x) attributes {axis = 1 : i64, p = 2 : i64} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
