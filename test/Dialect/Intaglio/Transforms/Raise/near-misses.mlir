// RUN: intaglio-opt --intaglio-raise-linear --intaglio-raise-norm --intaglio-raise-activation --intaglio-raise-attention --intaglio-raise-embedding --intaglio-raise-pool --intaglio-raise-elementwise --verify-diagnostics %s -o /dev/null

// Each place where a pattern nearly matched is named in a remark, with the reason.

// Each query sees the keys before it.
func.func @causal(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<f32>
  %c0 = arith.constant dense<0> : tensor<i64>
  %c1 = arith.constant dense<1> : tensor<i64>
  %sh = intaglio.source "Shape" opset 17(%mask) : (tensor<?x?xi64>) -> tensor<2xi64>
  %n = intaglio.source "Gather" opset 17(%sh, %c1) : (tensor<2xi64>, tensor<i64>) -> tensor<i64>
  %r = intaglio.source "Range" opset 17(%c0, %n, %c1) : (tensor<i64>, tensor<i64>, tensor<i64>) -> tensor<?xi64>
  %one = arith.constant dense<1> : tensor<1xi64>
  %col = intaglio.source "Unsqueeze" opset 17(%r, %one) : (tensor<?xi64>, tensor<1xi64>) -> tensor<?x1xi64>
  %g = intaglio.source "GreaterOrEqual" opset 17(%col, %r) : (tensor<?x1xi64>, tensor<?xi64>) -> tensor<?x?xi1>
  %w = intaglio.source "Where" opset 17(%g, %zero, %low) : (tensor<?x?xi1>, tensor<f32>, tensor<f32>) -> tensor<?x?xf32>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %a = intaglio.source "Add" opset 17(%s, %w) : (tensor<?x2x?x?xf32>, tensor<?x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%a) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  // expected-remark @below {{nearly attention: the mask depends on positions (as a causal one does)}}
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}


// The mask is of the queries.
func.func @queries_masked(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %low = arith.constant dense<-3.40282347E+38> : tensor<f32>
  %axes = arith.constant dense<[1, 3]> : tensor<2xi64>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %axes) : (tensor<?x?xi64>, tensor<2xi64>) -> tensor<?x1x?x1xi64>
  %b = intaglio.source "Cast" opset 17(%u) attributes {to = 9 : i64} : (tensor<?x1x?x1xi64>) -> tensor<?x1x?x1xi1>
  %w = intaglio.source "Where" opset 17(%b, %zero, %low) : (tensor<?x1x?x1xi1>, tensor<f32>, tensor<f32>) -> tensor<?x1x?x1xf32>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %a = intaglio.source "Add" opset 17(%s, %w) : (tensor<?x2x?x?xf32>, tensor<?x1x?x1xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%a) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  // expected-remark @below {{nearly attention: the mask depends on more than the batch and the key}}
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}


// A key that is masked keeps some weight.
func.func @weak_mask(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %low = arith.constant dense<-10.0> : tensor<f32>
  %axes = arith.constant dense<[1, 2]> : tensor<2xi64>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %axes) : (tensor<?x?xi64>, tensor<2xi64>) -> tensor<?x1x1x?xi64>
  %b = intaglio.source "Cast" opset 17(%u) attributes {to = 9 : i64} : (tensor<?x1x1x?xi64>) -> tensor<?x1x1x?xi1>
  %w = intaglio.source "Where" opset 17(%b, %zero, %low) : (tensor<?x1x1x?xi1>, tensor<f32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %a = intaglio.source "Add" opset 17(%s, %w) : (tensor<?x2x?x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%a) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  // expected-remark @below {{nearly attention: a mask of 0 does not take the key away}}
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}


func.func @values_scaled(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %two = arith.constant dense<2.0> : tensor<f32>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%k4) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%s) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %vs = intaglio.source "Mul" opset 17(%vh, %two) : (tensor<?x2x?x2xf32>, tensor<f32>) -> tensor<?x2x?x2xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vs) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  // expected-remark @below {{nearly attention: the values are scaled}}
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}


// The keys are added to before they are turned.
func.func @keys_not_turned(%q: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %k: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]},
    %v: tensor<?x?x4xf32> {intaglio.dims = ["b", "s", "4"]}, %mask: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}) -> tensor<?x?x4xf32> {
  %split = arith.constant dense<[0, 0, -1, 2]> : tensor<4xi64>
  %join = arith.constant dense<[0, 0, 4]> : tensor<3xi64>
  %q4 = intaglio.source "Reshape" opset 17(%q, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %qh = intaglio.source "Transpose" opset 17(%q4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k4 = intaglio.source "Reshape" opset 17(%k, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %ka = intaglio.source "Add" opset 17(%k4, %q4) : (tensor<?x?x2x2xf32>, tensor<?x?x2x2xf32>) -> tensor<?x?x2x2xf32>
  %kh = intaglio.source "Transpose" opset 17(%ka) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %v4 = intaglio.source "Reshape" opset 17(%v, %split) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %vh = intaglio.source "Transpose" opset 17(%v4) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %s = intaglio.source "MatMul" opset 17(%qh, %kh) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17(%s) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %c = intaglio.source "MatMul" opset 17(%p, %vh) : (tensor<?x2x?x?xf32>, tensor<?x2x?x2xf32>) -> tensor<?x2x?x2xf32>
  %t = intaglio.source "Transpose" opset 17(%c) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x2x?x2xf32>) -> tensor<?x?x2x2xf32>
  // expected-remark @below {{nearly attention: the keys are not the heads of one tensor}}
  %y = intaglio.source "Reshape" opset 17(%t, %join) : (tensor<?x?x2x2xf32>, tensor<3xi64>) -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}


func.func @gemm_of_columns(%x: tensor<2x?xf32> {intaglio.dims = ["2", "b"]}) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  // expected-remark @below {{nearly linear: x is transposed (transA)}}
  %y = intaglio.source "Gemm" opset 17(%x, %w) attributes {transA = 1 : i64} : (tensor<2x?xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

func.func @gelu_factor(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %r = arith.constant dense<1.5> : tensor<f32>
  %one = arith.constant dense<1.0> : tensor<f32>
  %half = arith.constant dense<0.5> : tensor<f32>
  %d = intaglio.source "Div" opset 17(%x, %r) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %e = intaglio.source "Erf" opset 17(%d) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %a = intaglio.source "Add" opset 17(%e, %one) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %h = intaglio.source "Mul" opset 17(%x, %half) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  // expected-remark @below {{nearly gelu: erf's argument is not x / sqrt(2)}}
  %y = intaglio.source "Mul" opset 17(%h, %a) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %m = intaglio.source "Mul" opset 17(%x, %r) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %s = intaglio.source "Sigmoid" opset 17(%m) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %o = arith.constant dense<0.25> : tensor<f32>
  %t = intaglio.source "Mul" opset 17(%x, %o) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  // expected-remark @below {{nearly silu or quick gelu: it is not x * sigmoid(x) nor x * sigmoid(1.702 x)}}
  %z = intaglio.source "Mul" opset 17(%t, %s) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %w = intaglio.source "Sub" opset 17(%y, %z) : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %w : tensor<?x2xf32>
}

// The root is of other numbers than those that are divided.
func.func @norm_of_another(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}, %z: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %e = arith.constant dense<0.5> : tensor<f32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %p = intaglio.source "Pow" opset 17(%z, %two) : (tensor<?x2xf32>, tensor<f32>) -> tensor<?x2xf32>
  %v = intaglio.source "ReduceMean" opset 17(%p) attributes {axes = array<i64: 1>} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %a = intaglio.source "Add" opset 17(%v, %e) : (tensor<?x1xf32>, tensor<f32>) -> tensor<?x1xf32>
  %s = intaglio.source "Sqrt" opset 17(%a) : (tensor<?x1xf32>) -> tensor<?x1xf32>
  // expected-remark @below {{nearly a normalization: what is divided is not what the root was made of}}
  %y = intaglio.source "Div" opset 17(%x, %s) : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

func.func @norm_of_two_axes(%x: tensor<?x2x2xf32> {intaglio.dims = ["b", "2", "2"]}) -> tensor<?x2x2xf32> {
  %g = arith.constant dense<1.0> : tensor<2x2xf32>
  // expected-remark @below {{nearly layer_norm: it normalizes more than the last axis}}
  %y = intaglio.source "LayerNormalization" opset 17(%x, %g) attributes {axis = 1 : i64} : (tensor<?x2x2xf32>, tensor<2x2xf32>) -> tensor<?x2x2xf32>
  return %y : tensor<?x2x2xf32>
}

func.func @ids(%ids: tensor<?x?xi64> {intaglio.dims = ["b", "s"]}, %short: tensor<?x?xi1> {intaglio.dims = ["b", "s"]}) -> (tensor<?x?x2xf32>, tensor<?x?x2xf32>, tensor<?x?x2xf32>) {
  %words = arith.constant dense<[[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5]]> : tensor<4x2xf32>
  %one = arith.constant dense<1> : tensor<i64>
  %next = intaglio.source "Add" opset 17(%ids, %one) : (tensor<?x?xi64>, tensor<i64>) -> tensor<?x?xi64>
  // expected-remark @below {{nearly embedding: the rows are neither an input's ids nor positions}}
  %a = intaglio.source "Gather" opset 17(%words, %next) : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
  // expected-remark @below {{nearly embedding: the ids are neither INT64 nor INT32}}
  %b = intaglio.source "Gather" opset 17(%words, %short) : (tensor<4x2xf32>, tensor<?x?xi1>) -> tensor<?x?x2xf32>
  %two = arith.constant dense<2.0> : tensor<f32>
  %c = intaglio.source "Gather" opset 17(%words, %ids) : (tensor<4x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
  %d = intaglio.source "Mul" opset 17(%c, %two) : (tensor<?x?x2xf32>, tensor<f32>) -> tensor<?x?x2xf32>
  // expected-remark @below {{nearly embedding: the rows are scaled}}
  %e = intaglio.source "Add" opset 17(%d, %c) : (tensor<?x?x2xf32>, tensor<?x?x2xf32>) -> tensor<?x?x2xf32>
  return %a, %b, %e : tensor<?x?x2xf32>, tensor<?x?x2xf32>, tensor<?x?x2xf32>
}

// The divisor counts all tokens, the sum only some.
func.func @mean_of_some(%x: tensor<?x8x4xf32> {intaglio.dims = ["b", "8", "4"]}, %mask: tensor<?x8xi64> {intaglio.dims = ["b", "8"]}) -> tensor<?x4xf32> {
  %last = arith.constant dense<-1> : tensor<1xi64>
  %axis = arith.constant dense<1> : tensor<1xi64>
  %eight = arith.constant dense<8.0> : tensor<f32>
  %u = intaglio.source "Unsqueeze" opset 17(%mask, %last) : (tensor<?x8xi64>, tensor<1xi64>) -> tensor<?x8x1xi64>
  %f = intaglio.source "Cast" opset 17(%u) attributes {to = 1 : i64} : (tensor<?x8x1xi64>) -> tensor<?x8x1xf32>
  %p = intaglio.source "Mul" opset 17(%x, %f) : (tensor<?x8x4xf32>, tensor<?x8x1xf32>) -> tensor<?x8x4xf32>
  %a = intaglio.source "ReduceSum" opset 17(%p, %axis) attributes {keepdims = 0 : i64} : (tensor<?x8x4xf32>, tensor<1xi64>) -> tensor<?x4xf32>
  // expected-remark @below {{nearly pool (mean): the divisor is not the sum of the mask}}
  %y = intaglio.source "Div" opset 17(%a, %eight) : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

func.func @shapes(%x: tensor<?x4x2xf32> {intaglio.dims = ["b", "4", "2"]}, %y: tensor<?x1x2xf32> {intaglio.dims = ["b", "1", "2"]}) -> tensor<?x4x2xf32> {
  // expected-remark @below {{nearly add: its operands differ in shape}}
  %a = intaglio.source "Add" opset 17(%x, %y) : (tensor<?x4x2xf32>, tensor<?x1x2xf32>) -> tensor<?x4x2xf32>
  // expected-remark @below {{nearly softmax: it is not over the last axis}}
  %s = intaglio.source "Softmax" opset 17(%a) attributes {axis = 1 : i64} : (tensor<?x4x2xf32>) -> tensor<?x4x2xf32>
  return %s : tensor<?x4x2xf32>
}
