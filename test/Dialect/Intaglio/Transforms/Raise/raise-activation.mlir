// RUN: intaglio-opt --intaglio-raise-activation %s | FileCheck %s

// CHECK-LABEL: @operator(
// CHECK: intaglio.gelu %{{.*}} {approximate = #intaglio.gelu_form<tanh>}
func.func @operator(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %y = intaglio.source "Gelu" opset 20(%x) attributes {approximate = "tanh"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// x * (erf(x / sqrt 2) + 1) * 0.5, as exporters write it.
// CHECK-LABEL: @erf(
// CHECK-SAME: %[[X:.*]]: tensor
// CHECK-NEXT: %[[Y:.*]] = intaglio.gelu %[[X]] :
// CHECK-NEXT: return %[[Y]]
func.func @erf(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %r = arith.constant dense<1.41421354> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %half = arith.constant dense<0.5> : tensor<f32>
  %d = intaglio.source "Div" opset 17(%x, %r) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %e = intaglio.source "Erf" opset 17(%d) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %a = intaglio.source "Add" opset 17(%e, %one) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %m = intaglio.source "Mul" opset 17(%x, %a) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Mul" opset 17(%m, %half) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// The same numbers in another order: (0.5 * x) * (1 + erf(x * 0.7071)).
// CHECK-LABEL: @erf_other_order(
// CHECK: %[[Y:.*]] = intaglio.gelu %{{[^{]*}} :
// CHECK-NEXT: return %[[Y]]
func.func @erf_other_order(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %r = arith.constant dense<0.707106769> : tensor<1xf32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %half = arith.constant dense<0.5> : tensor<2xf32>
  %h = intaglio.source "Mul" opset 17(%half, %x) : (tensor<2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %d = intaglio.source "Mul" opset 17(%r, %x) : (tensor<1xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %e = intaglio.source "Erf" opset 17(%d) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %a = intaglio.source "Add" opset 17(%one, %e) : (tensor<f32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Mul" opset 17(%a, %h) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @tanh(
// CHECK: %[[Y:.*]] = intaglio.gelu %{{.*}} {approximate = #intaglio.gelu_form<tanh>}
// CHECK-NEXT: return %[[Y]]
func.func @tanh(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %half = arith.constant dense<0.5> : tensor<f32>
  %three = arith.constant dense<3.0> : tensor<f32>
  %c = arith.constant dense<0.0447149985> : tensor<f32>
  %k = arith.constant dense<0.7978845834732056> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %h = intaglio.source "Mul" opset 14(%x, %half) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %p = intaglio.source "Pow" opset 14(%x, %three) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %q = intaglio.source "Mul" opset 14(%p, %c) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %s = intaglio.source "Add" opset 14(%x, %q) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %t = intaglio.source "Mul" opset 14(%s, %k) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %u = intaglio.source "Tanh" opset 14(%t) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %v = intaglio.source "Add" opset 14(%u, %one) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %y = intaglio.source "Mul" opset 14(%h, %v) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @quick(
// CHECK: intaglio.gelu %{{.*}} {approximate = #intaglio.gelu_form<quick>}
func.func @quick(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %k = arith.constant dense<1.702> : tensor<f32>
  %s = intaglio.source "Mul" opset 14(%k, %x) : (tensor<f32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %t = intaglio.source "Sigmoid" opset 14(%s) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Mul" opset 14(%x, %t) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @silu(
// CHECK: intaglio.silu
func.func @silu(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %t = intaglio.source "Sigmoid" opset 14(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Mul" opset 14(%t, %x) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
