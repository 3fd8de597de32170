// RUN: intaglio-opt --intaglio-raise-attention %s | FileCheck %s

// The scores divided; (1 - mask) * -3.4e38 added.
// CHECK-LABEL: @eager(
// CHECK-SAME: %[[Q:.*]]: tensor<?x?x4xf32> {{.*}}, %[[K:.*]]: tensor<?x?x4xf32> {{.*}}, %[[V:.*]]: tensor<?x?x4xf32> {{.*}}, %[[M:.*]]: tensor<?x?xi64>
// CHECK-NEXT: %[[Y:.*]] = intaglio.attention %[[Q]], %[[K]], %[[V]], %[[M]] {num_heads = 2 : i64, scale = 5.000000e-01 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @eager(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %two = arith.constant dense<2.0> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<f32>
  %axes = arith.constant dense<[1, 2]> : tensor<2xi64>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %axes) : (tensor<?x?xi64>, tensor<2xi64>) -> tensor<?x1x1x?xi64>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %f = intaglio.source "Cast" opset 17(%u) attributes {to = 1 : i64} : (tensor<?x1x1x?xi64>) -> tensor<?x1x1x?xf32>
  %i = intaglio.source "Sub" opset 17(%one, %f) : (tensor<f32>, tensor<?x1x1x?xf32>) -> tensor<?x1x1x?xf32>
  %m = intaglio.source "Mul" opset 17(%i, %low) : (tensor<?x1x1x?xf32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %d = intaglio.source "Div" opset 17(%s, %two) : (tensor<?x2x?x?xf32>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %a = intaglio.source "Add" opset 17(%d, %m) : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%a) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// Half of the scale on the queries, half on the keys; the keys turned as three axes; Where(mask, 0, -inf); the guard.
// CHECK-LABEL: @sdpa(
// CHECK-SAME: %[[Q:.*]]: tensor<?x?x4xf32> {{.*}}, %[[K:.*]]: tensor<?x?x4xf32> {{.*}}, %[[V:.*]]: tensor<?x?x4xf32> {{.*}}, %[[M:.*]]: tensor<?x?xi64>
// CHECK-NEXT: %[[Y:.*]] = intaglio.attention %[[Q]], %[[K]], %[[V]], %[[M]] {num_heads = 2 : i64, scale = 2.500000e-01 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @sdpa(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %half = arith.constant dense<0.5> : tensor<f32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %inf = arith.constant dense<0xFF800000> : tensor<f32>
  %axes = arith.constant dense<[1, 2]> : tensor<2xi64>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %axes) : (tensor<?x?xi64>, tensor<2xi64>) -> tensor<?x1x1x?xi64>
  %flat = arith.constant dense<[-1, 0, 2]> : tensor<3xi64>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %sh = intaglio.source "Shape" opset 17(%kh) : (tensor<?x2x?x2xf32>) -> tensor<4xi64>
  %i0 = arith.constant dense<0> : tensor<i64>
  %i2 = arith.constant dense<2> : tensor<1xi64>
  %s2 = intaglio.source "Gather" opset 17(%sh, %i2) : (tensor<4xi64>, tensor<1xi64>) -> tensor<1xi64>
  %m1 = arith.constant dense<-1> : tensor<1xi64>
  %to3 = intaglio.source "Concat" opset 17(%m1, %s2, %i2) attributes {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<3xi64>
  %k3 = intaglio.source "Reshape" opset 17(%kh, %to3) : (tensor<?x2x?x2xf32>, tensor<3xi64>) -> tensor<?x?x2xf32>
  %k3t = intaglio.source "Transpose" opset 17(%k3) attributes {perm = array<i64: 0, 2, 1>} : (tensor<?x?x2xf32>) -> tensor<?x2x?xf32>
  %to4 = intaglio.source "Concat" opset 17(%m1, %i2, %i2, %s2) attributes {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<4xi64>
  %kt = intaglio.source "Reshape" opset 17(%k3t, %to4) : (tensor<?x2x?xf32>, tensor<4xi64>) -> tensor<?x2x2x?xf32>
  %qs = intaglio.source "Mul" opset 17(%qh, %half) : (tensor<?x2x?x2xf32>, tensor<f32>) -> tensor<?x2x?x2xf32>
  %ks = intaglio.source "Mul" opset 17(%half, %kt) : (tensor<f32>, tensor<?x2x2x?xf32>) -> tensor<?x2x2x?xf32>
  %b = intaglio.source "Cast" opset 17(%u) attributes {to = 9 : i64} : (tensor<?x1x1x?xi64>) -> tensor<?x1x1x?xi1>
  %w = intaglio.source "Where" opset 17(%b, %zero, %inf) : (tensor<?x1x1x?xi1>, tensor<f32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %s = intaglio.source "MatMul" opset 17(%qs, %ks) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %a = intaglio.source "Add" opset 17(%s, %w) : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p0 = intaglio.source "Softmax" opset 17(%a) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %n = intaglio.source "IsNaN" opset 17(%p0) : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xi1>
  %p = intaglio.source "Where" opset 17(%n, %zero, %p0) : (tensor<?x2x?x?xi1>, tensor<f32>, tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// The queries divided before the product; masked scores replaced, not added to.
// CHECK-LABEL: @replaced(
// CHECK-SAME: %[[Q:.*]]: tensor<?x?x4xf32> {{.*}}, %[[K:.*]]: tensor<?x?x4xf32> {{.*}}, %[[V:.*]]: tensor<?x?x4xf32> {{.*}}, %[[M:.*]]: tensor<?x?xi64>
// CHECK-NEXT: %[[Y:.*]] = intaglio.attention %[[Q]], %[[K]], %[[V]], %[[M]] {num_heads = 2 : i64, scale = 2.500000e-01 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @replaced(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %four = arith.constant dense<4.0> : tensor<f32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<f32>
  %axes = arith.constant dense<[1, 2]> : tensor<2xi64>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %axes) : (tensor<?x?xi64>, tensor<2xi64>) -> tensor<?x1x1x?xi64>
  %z = arith.constant dense<0> : tensor<i64>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %qs = intaglio.source "Div" opset 17(%qh, %four) : (tensor<?x2x?x2xf32>, tensor<f32>) -> tensor<?x2x?x2xf32>
  %s = intaglio.source "MatMul" opset 17(%qs, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %sh = intaglio.source "Shape" opset 17(%s) : (tensor<?x2x?x?xf32>) -> tensor<4xi64>
  %e = intaglio.source "Equal" opset 17(%u, %z) : (tensor<?x1x1x?xi64>, tensor<i64>) -> tensor<?x1x1x?xi1>
  %x = intaglio.source "Expand" opset 17(%e, %sh) : (tensor<?x1x1x?xi1>, tensor<4xi64>) -> tensor<?x2x?x?xi1>
  %a = intaglio.source "Where" opset 17(%x, %low, %s) : (tensor<?x2x?x?xi1>, tensor<f32>, tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%a) attributes {axis = 3 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

// A mask that masks nothing is none.
// CHECK-LABEL: @no_mask(
// CHECK-SAME: %[[Q:.*]]: tensor<?x?x4xf32> {{.*}}, %[[K:.*]]: tensor<?x?x4xf32> {{.*}}, %[[V:.*]]: tensor<?x?x4xf32> {{.*}}, %[[M:.*]]: tensor<?x?xi64>
// CHECK-NEXT: %[[Y:.*]] = intaglio.attention %[[Q]], %[[K]], %[[V]] {num_heads = 2 : i64, scale = 1.000000e+00 : f64}
// CHECK-NEXT: return %[[Y]]
func.func @no_mask(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<f32>
  %true = arith.constant dense<true> : tensor<1x1x1x1xi1>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %w = intaglio.source "Where" opset 17(%true, %zero, %low) : (tensor<1x1x1x1xi1>, tensor<f32>, tensor<f32>) -> tensor<1x1x1x1xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %a = intaglio.source "Add" opset 17(%s, %w) : (tensor<?x2x?x?xf32>, tensor<1x1x1x1xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%a) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}
