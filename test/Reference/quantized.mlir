// RUN: intaglio-check %s

// Quantized graphs: products and requantize exactly in integers, the other ops on the real values, rounded once.

!x = tensor<?x3x!quant.uniform<i8:f32, 0.5:2>>
!w = tensor<2x3x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>>
!acc = tensor<?x2x!quant.uniform<i32:f32:1, {0.125, 0.0625}>>
!y = tensor<?x2x!quant.uniform<i8:f32, 1.0:-1>>

// (x - 2) * w + b: the zero point is taken off, a bias is in units of the accumulator.
func.func @linear() {
  %x = check.input dense<[[2, 3, 4], [-128, 127, 0]]> : tensor<2x3xi8> -> !x
  %w = check.input dense<[[1, 10, 100], [-127, 127, 5]]> : tensor<2x3xi8> -> !w
  %b = arith.constant dense<[7, -1]> : tensor<2xi32>
  %y = intaglio.linear %x, %w, %b : (!x, !w, tensor<2xi32>) -> !acc
  check.expect_eq %y, dense<[[217, 136], [927, 32374]]> : tensor<2x2xi32> : !acc
  return
}

// 8 * 0.125 and 16 * 0.0625 are 1; halves go up; saturated.
func.func @requantize() {
  %x = check.input dense<[[8, 16], [4, -8], [100000, -100000]]> : tensor<3x2xi32> -> !acc
  %y = intaglio.requantize %x : !acc -> !y
  check.expect_eq %y, dense<[[0, 0], [0, -1], [127, -128]]> : tensor<3x2xi8> : !y
  return
}

!s = tensor<?x4x!quant.uniform<i16:f32, 0.25>>
!b = tensor<?x4x!quant.uniform<i8:f32, 0.5:1>>

// Two scales: 0.25 * q + 0.5 * (p - 1), halves to even.
func.func @add() {
  %a = check.input dense<[[1, 2, 3, -30000]]> : tensor<1x4xi16> -> !s
  %b = check.input dense<[[1, 2, 3, -128]]> : tensor<1x4xi8> -> !b
  %y = intaglio.add %a, %b : (!s, !b) -> !b
  check.expect_eq %y, dense<[[1, 3, 5, -128]]> : tensor<1x4xi8> : !b
  return
}

// Real values -2, 0, 0.5 and 63.
func.func @relu() {
  %x = check.input dense<[[-3, 1, 2, 127]]> : tensor<1x4xi8> -> !b
  %y = intaglio.relu %x : (!b) -> !b
  check.expect_eq %y, dense<[[1, 1, 2, 127]]> : tensor<1x4xi8> : !b
  return
}

// gelu(-2) = -0.0455, gelu(0) = 0, gelu(0.5) = 0.3457, gelu(63) = 63.
func.func @gelu() {
  %x = check.input dense<[[-3, 1, 2, 127]]> : tensor<1x4xi8> -> !b
  %y = intaglio.gelu %x : (!b) -> !s
  check.expect_eq %y, dense<[[0, 0, 1, 252]]> : tensor<1x4xi16> : !s
  return
}

// Mean 0, deviation 1: gamma and beta stay real.
func.func @layer_norm() {
  %x = check.input dense<[[4, -4, 4, -4]]> : tensor<1x4xi16> -> !s
  %g = arith.constant dense<[1.0, 1.0, -2.0, 0.0]> : tensor<4xf32>
  %c = arith.constant dense<[0.0, 0.5, 0.0, 3.0]> : tensor<4xf32>
  %y = intaglio.layer_norm %x, %g, %c {epsilon = 0.0 : f64} : (!s, tensor<4xf32>, tensor<4xf32>) -> !b
  check.expect_eq %y, dense<[[3, 0, -3, 7]]> : tensor<1x4xi8> : !b
  return
}

!table = tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.5, 2.0}>>

// A scale for each row of the table.
func.func @embedding() {
  %t = check.input dense<[[4, -4], [3, -100]]> : tensor<2x2xi8> -> !table
  %ids = check.input dense<[[1, 0]]> : tensor<1x2xi64> -> tensor<?x?xi64>
  %y = intaglio.embedding %t, %ids : (!table, tensor<?x?xi64>) -> tensor<?x?x2x!quant.uniform<i16:f32, 0.25>>
  check.expect_eq %y, dense<[[[24, -800], [8, -8]]]> : tensor<1x2x2xi16> : tensor<?x?x2x!quant.uniform<i16:f32, 0.25>>
  return
}

// 3 / 5 and 4 / 5 with 24 fraction bits.
func.func @l2_normalize() {
  %x = check.input dense<[[12, 16, 0, 0]]> : tensor<1x4xi16> -> !s
  %y = intaglio.l2_normalize %x : (!s) -> tensor<?x4x!quant.uniform<i32:f32, 5.9604644775390625E-8>>
  check.expect_eq %y, dense<[[10066330, 13421773, 0, 0]]> : tensor<1x4xi32> : tensor<?x4x!quant.uniform<i32:f32, 5.9604644775390625E-8>>
  return
}

// Storage as a quantized type and back.
func.func @storage_cast() {
  %x = check.input dense<[[1, -2, 3, 127]]> : tensor<1x4xi8> -> tensor<?x4xi8>
  %q = quant.scast %x : tensor<?x4xi8> to !b
  %r = intaglio.dequantize %q : !b -> tensor<?x4xf32>
  check.expect_eq %r, dense<[[0.0, -1.5, 1.0, 63.0]]> : tensor<1x4xf32> : tensor<?x4xf32>
  return
}
