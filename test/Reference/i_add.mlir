// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// intaglio.i_add: clamp(rsh(t_l + t_r, fraction) + output_zp), t = rsh((x - zp) * multiplier[c], shift).

// 1/2 + 1/2 is 1: the terms keep their fractions.
func.func @rounds_once() {
  %l = check.input dense<[[1, 1, -1, -1, 3]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %r = check.input dense<[[1, -1, 1, -1, 2]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %ml = arith.constant dense<[1073741824]> : tensor<1xi32>
  %mr = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 23 : i64, lhs_zp = 0 : i64, rhs_shift = 23 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64}
    : (tensor<?x5xi16>, tensor<?x5xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[1, 0, 0, -1, 3]]> : tensor<1x5xi16> : tensor<?x5xi16>
  return
}

// Each term rounds by itself.
func.func @fraction_zero() {
  %l = check.input dense<[[1, 1, -1, -1, 3]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %r = check.input dense<[[1, -1, 1, -1, 2]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %ml = arith.constant dense<[1073741824]> : tensor<1xi32>
  %mr = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 31 : i64, lhs_zp = 0 : i64, rhs_shift = 31 : i64, rhs_zp = 0 : i64, fraction = 0 : i64, output_zp = 0 : i64}
    : (tensor<?x5xi16>, tensor<?x5xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[2, 1, 1, 0, 3]]> : tensor<1x5xi16> : tensor<?x5xi16>
  return
}

func.func @saturates_bytes() {
  %l = check.input dense<[[127, -128, 100, -100]]> : tensor<1x4xi8> -> tensor<?x4xi8>
  %r = check.input dense<[[127, -128, 28, -29]]> : tensor<1x4xi8> -> tensor<?x4xi8>
  %ml = arith.constant dense<[1073741824]> : tensor<1xi32>
  %mr = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 22 : i64, lhs_zp = 0 : i64, rhs_shift = 22 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64}
    : (tensor<?x4xi8>, tensor<?x4xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x4xi8>
  check.expect_eq %y, dense<[[127, -128, 127, -128]]> : tensor<1x4xi8> : tensor<?x4xi8>
  return
}

func.func @saturates_words() {
  %l = check.input dense<[[32767, -32768, 32767, 0]]> : tensor<1x4xi16> -> tensor<?x4xi16>
  %r = check.input dense<[[32767, -32768, 1, -1]]> : tensor<1x4xi16> -> tensor<?x4xi16>
  %ml = arith.constant dense<[1073741824]> : tensor<1xi32>
  %mr = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 22 : i64, lhs_zp = 0 : i64, rhs_shift = 22 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64}
    : (tensor<?x4xi16>, tensor<?x4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x4xi16>
  check.expect_eq %y, dense<[[32767, -32768, 32767, -1]]> : tensor<1x4xi16> : tensor<?x4xi16>
  return
}

// Negative and positive ones, and of the result.
func.func @zero_points() {
  %l = check.input dense<[[-128, 0, 127]]> : tensor<1x3xi8> -> tensor<?x3xi8>
  %r = check.input dense<[[127, 0, -128]]> : tensor<1x3xi8> -> tensor<?x3xi8>
  %ml = arith.constant dense<[1073741824]> : tensor<1xi32>
  %mr = arith.constant dense<[536870912]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 23 : i64, lhs_zp = -128 : i64, rhs_shift = 22 : i64, rhs_zp = 127 : i64, fraction = 8 : i64, output_zp = -128 : i64}
    : (tensor<?x3xi8>, tensor<?x3xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x3xi8>
  check.expect_eq %y, dense<[[-128, -127, -128]]> : tensor<1x3xi8> : tensor<?x3xi8>
  return
}

// The residual of an encoder: i32 per channel, i16 per tensor.
func.func @accumulator_and_stream() {
  %l = check.input dense<[[[1000000, -1000000, 123456, 2147483647, -2147483648], [0, 1, -1, 65536, -65536]]]> : tensor<1x2x5xi32> -> tensor<?x?x5xi32>
  %r = check.input dense<[[[100, -100, 32767, -32768, 5], [1, 2, 3, 4, 5]]]> : tensor<1x2x5xi16> -> tensor<?x?x5xi16>
  %ml = arith.constant dense<[1288490189, 1073741825, 1999999999, 1073741824, 2147483647]> : tensor<5xi32>
  %mr = arith.constant dense<[1400000000]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 44 : i64, lhs_zp = 0 : i64, rhs_shift = 22 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64}
    : (tensor<?x?x5xi32>, tensor<?x?x5xi16>, tensor<5xi32>, tensor<1xi32>) -> tensor<?x?x5xi16>
  check.expect_eq %y, dense<[[[131, -131, 32767, -32768, -1017], [1, 3, 4, 5, 6]]]> : tensor<1x2x5xi16> : tensor<?x?x5xi16>
  return
}

func.func @largest_fraction() {
  %l = check.input dense<[[8191, -8191, 1, 0]]> : tensor<1x4xi16> -> tensor<?x4xi16>
  %r = check.input dense<[[8191, -8191, 1, 1]]> : tensor<1x4xi16> -> tensor<?x4xi16>
  %ml = arith.constant dense<[1073741824]> : tensor<1xi32>
  %mr = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.i_add %l, %r, %ml, %mr {lhs_shift = 16 : i64, lhs_zp = 0 : i64, rhs_shift = 16 : i64, rhs_zp = 0 : i64, fraction = 14 : i64, output_zp = 0 : i64}
    : (tensor<?x4xi16>, tensor<?x4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x4xi16>
  check.expect_eq %y, dense<[[16382, -16382, 2, 1]]> : tensor<1x4xi16> : tensor<?x4xi16>
  return
}
