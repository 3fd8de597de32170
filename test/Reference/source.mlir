// RUN: intaglio-check %s

// Operators of imported graphs, as raise finds them.

func.func @broadcasting() {
  %x = check.input dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32> -> tensor<?x3xf32>
  %c = arith.constant dense<[10.0, 20.0, 30.0]> : tensor<3xf32>
  %k = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %s = arith.constant dense<2.0> : tensor<f32>
  %0 = intaglio.source "Add" opset 17 (%x, %c) : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %1 = intaglio.source "Mul" opset 17 (%0, %k) : (tensor<?x3xf32>, tensor<2x1xf32>) -> tensor<?x3xf32>
  %2 = intaglio.source "Pow" opset 17 (%x, %s) : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  check.expect_eq %1, dense<[[11.0, 22.0, 33.0], [28.0, 50.0, 72.0]]> : tensor<2x3xf32> : tensor<?x3xf32>
  check.expect_eq %2, dense<[[1.0, 4.0, 9.0], [16.0, 25.0, 36.0]]> : tensor<2x3xf32> : tensor<?x3xf32>
  return
}

// A mask of tokens becomes what is added to scores.
func.func @mask() {
  %m = check.input dense<[[1, 0]]> : tensor<1x2xi64> -> tensor<?x?xi64>
  %axes = arith.constant dense<[1, 2]> : tensor<2xi64>
  %lowest = arith.constant dense<-3.0e38> : tensor<f32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %u = intaglio.source "Unsqueeze" opset 17 (%m, %axes) : (tensor<?x?xi64>, tensor<2xi64>) -> tensor<?x1x1x?xi64>
  %b = intaglio.source "Cast" opset 17 (%u) attributes {to = 9 : i64} : (tensor<?x1x1x?xi64>) -> tensor<?x1x1x?xi1>
  %w = intaglio.source "Where" opset 17 (%b, %zero, %lowest) : (tensor<?x1x1x?xi1>, tensor<f32>, tensor<f32>) -> tensor<?x1x1x?xf32>
  check.expect_eq %w, dense<[[[[0.0, -3.0e38]]]]> : tensor<1x1x1x2xf32> : tensor<?x1x1x?xf32>
  return
}

func.func @heads() {
  %x = check.input dense<[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]> : tensor<1x2x4xf32> -> tensor<?x?x4xf32>
  %shape = arith.constant dense<[0, -1, 2, 2]> : tensor<4xi64>
  %r = intaglio.source "Reshape" opset 17 (%x, %shape) : (tensor<?x?x4xf32>, tensor<4xi64>) -> tensor<?x?x2x2xf32>
  %q = intaglio.source "Transpose" opset 17 (%r) attributes {perm = array<i64: 0, 2, 1, 3>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x?x2xf32>
  %k = intaglio.source "Transpose" opset 17 (%r) attributes {perm = array<i64: 0, 2, 3, 1>} : (tensor<?x?x2x2xf32>) -> tensor<?x2x2x?xf32>
  %s = intaglio.source "MatMul" opset 17 (%q, %k) : (tensor<?x2x?x2xf32>, tensor<?x2x2x?xf32>) -> tensor<?x2x?x?xf32>
  %p = intaglio.source "Softmax" opset 17 (%s) attributes {axis = -1 : i64} : (tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  check.expect_eq %q, dense<[[[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]]]> : tensor<1x2x2x2xf32> : tensor<?x2x?x2xf32>
  check.expect_eq %s, dense<[[[[5.0, 17.0], [17.0, 61.0]], [[25.0, 53.0], [53.0, 113.0]]]]> : tensor<1x2x2x2xf32> : tensor<?x2x?x?xf32>
  check.expect_close %p, dense<[[[[6.144e-6, 0.9999939], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]]]> : tensor<1x2x2x2xf32> {tolerance = 1.0e-7 : f64} : tensor<?x2x?x?xf32>
  return
}

func.func @gather_and_concat() {
  %t = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %ids = check.input dense<[[2, -3]]> : tensor<1x2xi64> -> tensor<?x?xi64>
  %g = intaglio.source "Gather" opset 17 (%t, %ids) attributes {axis = 0 : i64} : (tensor<3x2xf32>, tensor<?x?xi64>) -> tensor<?x?x2xf32>
  %n = intaglio.source "Neg" opset 17 (%g) : (tensor<?x?x2xf32>) -> tensor<?x?x2xf32>
  %c = intaglio.source "Concat" opset 17 (%g, %n) attributes {axis = -1 : i64} : (tensor<?x?x2xf32>, tensor<?x?x2xf32>) -> tensor<?x?x4xf32>
  check.expect_eq %c, dense<[[[5.0, 6.0, -5.0, -6.0], [1.0, 2.0, -1.0, -2.0]]]> : tensor<1x2x4xf32> : tensor<?x?x4xf32>
  return
}
