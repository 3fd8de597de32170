// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// intaglio.rescale: clamp(rsh((x - input_zp) * multiplier[c], shift) + output_zp, min, max).

// Halves go up, for both signs.
func.func @rounds_half_up() {
  %x = check.input dense<[[-7, -6, -5, -3, -2, -1, 0, 1], [2, 3, 5, 6, 7, 9, 10, 11]]> : tensor<2x8xi32> -> tensor<?x8xi32>
  %m = arith.constant dense<[1]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 1 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x8xi32>, tensor<1xi32>) -> tensor<?x8xi8>
  check.expect_eq %y, dense<[[-3, -3, -2, -1, -1, 0, 0, 1], [1, 2, 3, 3, 4, 5, 5, 6]]> : tensor<2x8xi8> : tensor<?x8xi8>
  return
}

func.func @quarter_steps() {
  %x = check.input dense<[[-9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]]> : tensor<1x17xi16> -> tensor<?x17xi16>
  %m = arith.constant dense<[1]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 2 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x17xi16>, tensor<1xi32>) -> tensor<?x17xi8>
  check.expect_eq %y, dense<[[-2, -2, -2, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2]]> : tensor<1x17xi8> : tensor<?x17xi8>
  return
}

func.func @saturates_bytes() {
  %x = check.input dense<[[-2147483647, -129, -128, -127, 126, 127, 128, 2147483647]]> : tensor<1x8xi32> -> tensor<?x8xi32>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x8xi32>, tensor<1xi32>) -> tensor<?x8xi8>
  check.expect_eq %y, dense<[[-128, -128, -128, -127, 126, 127, 127, 127]]> : tensor<1x8xi8> : tensor<?x8xi8>
  return
}

func.func @saturates_words() {
  %x = check.input dense<[[-2147483647, -32769, -32768, 32767, 32768, 2147483647, 0]]> : tensor<1x7xi32> -> tensor<?x7xi32>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64}
    : (tensor<?x7xi32>, tensor<1xi32>) -> tensor<?x7xi16>
  check.expect_eq %y, dense<[[-32768, -32768, -32768, 32767, 32767, 32767, 0]]> : tensor<1x7xi16> : tensor<?x7xi16>
  return
}

// A multiplier is an integer then.
func.func @no_shift() {
  %x = check.input dense<[[-3, 0, 5, 41, 43, -43]]> : tensor<1x6xi8> -> tensor<?x6xi8>
  %m = arith.constant dense<[3]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 0 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64}
    : (tensor<?x6xi8>, tensor<1xi32>) -> tensor<?x6xi16>
  check.expect_eq %y, dense<[[-9, 0, 15, 123, 129, -129]]> : tensor<1x6xi16> : tensor<?x6xi16>
  return
}

// 62 bits of product, the largest shift.
func.func @largest_product() {
  %x = check.input dense<[[2147483647, -2147483647, -2147483648, 1, -1]]> : tensor<1x5xi32> -> tensor<?x5xi32>
  %m = arith.constant dense<[2147483647]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 62 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x5xi32>, tensor<1xi32>) -> tensor<?x5xi8>
  check.expect_eq %y, dense<[[1, -1, -1, 0, 0]]> : tensor<1x5xi8> : tensor<?x5xi8>
  return
}

func.func @largest_product_to_words() {
  %x = check.input dense<[[2147483647, -2147483647, 1073741824, -5]]> : tensor<1x4xi32> -> tensor<?x4xi32>
  %m = arith.constant dense<[2147483647]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 31 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -2147483648 : i64, max = 2147483647 : i64}
    : (tensor<?x4xi32>, tensor<1xi32>) -> tensor<?x4xi32>
  check.expect_eq %y, dense<[[2147483646, -2147483646, 1073741824, -5]]> : tensor<1x4xi32> : tensor<?x4xi32>
  return
}

// As after ibert_gelu, whose scale is negative.
func.func @negative_multiplier() {
  %x = check.input dense<[[-100, -3, -1, 0, 1, 3, 100]]> : tensor<1x7xi32> -> tensor<?x7xi32>
  %m = arith.constant dense<[-1717986918]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 32 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x7xi32>, tensor<1xi32>) -> tensor<?x7xi8>
  check.expect_eq %y, dense<[[40, 1, 0, 0, 0, -1, -40]]> : tensor<1x7xi8> : tensor<?x7xi8>
  return
}

func.func @zero_multiplier() {
  %x = check.input dense<[[-2147483648, 0, 2147483647]]> : tensor<1x3xi32> -> tensor<?x3xi32>
  %m = arith.constant dense<[0]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 1 : i64, input_zp = 0 : i64, output_zp = -5 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x3xi32>, tensor<1xi32>) -> tensor<?x3xi8>
  check.expect_eq %y, dense<[[-5, -5, -5]]> : tensor<1x3xi8> : tensor<?x3xi8>
  return
}

func.func @negative_input_zero_point() {
  %x = check.input dense<[[-128, -127, -3, 0, 127]]> : tensor<1x5xi8> -> tensor<?x5xi8>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 29 : i64, input_zp = -128 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64}
    : (tensor<?x5xi8>, tensor<1xi32>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[0, 2, 250, 256, 510]]> : tensor<1x5xi16> : tensor<?x5xi16>
  return
}

func.func @positive_input_zero_point() {
  %x = check.input dense<[[-128, -1, 0, 126, 127]]> : tensor<1x5xi8> -> tensor<?x5xi8>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 29 : i64, input_zp = 127 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64}
    : (tensor<?x5xi8>, tensor<1xi32>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[-510, -256, -254, -2, 0]]> : tensor<1x5xi16> : tensor<?x5xi16>
  return
}

func.func @negative_output_zero_point() {
  %x = check.input dense<[[-300, -128, 0, 1, 127, 128, 383, 384]]> : tensor<1x8xi16> -> tensor<?x8xi16>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 31 : i64, input_zp = 0 : i64, output_zp = -128 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x8xi16>, tensor<1xi32>) -> tensor<?x8xi8>
  check.expect_eq %y, dense<[[-128, -128, -128, -127, -64, -64, 64, 64]]> : tensor<1x8xi8> : tensor<?x8xi8>
  return
}

func.func @positive_output_zero_point() {
  %x = check.input dense<[[-510, -300, -1, 0, 1, 2, 300]]> : tensor<1x7xi16> -> tensor<?x7xi16>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 31 : i64, input_zp = 0 : i64, output_zp = 127 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x7xi16>, tensor<1xi32>) -> tensor<?x7xi8>
  check.expect_eq %y, dense<[[-128, -23, 127, 127, 127, 127, 127]]> : tensor<1x7xi8> : tensor<?x7xi8>
  return
}

// The least value is the zero point.
func.func @relu() {
  %x = check.input dense<[[-500, -2, -1, 0, 1, 2, 500]]> : tensor<1x7xi32> -> tensor<?x7xi32>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 30 : i64, input_zp = 0 : i64, output_zp = -7 : i64, min = -7 : i64, max = 127 : i64}
    : (tensor<?x7xi32>, tensor<1xi32>) -> tensor<?x7xi8>
  check.expect_eq %y, dense<[[-7, -7, -7, -7, -6, -5, 127]]> : tensor<1x7xi8> : tensor<?x7xi8>
  return
}

// Codes of queries avoid -128.
func.func @narrow() {
  %x = check.input dense<[[-500, -128, -127, 127, 500]]> : tensor<1x5xi32> -> tensor<?x5xi32>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -127 : i64, max = 127 : i64}
    : (tensor<?x5xi32>, tensor<1xi32>) -> tensor<?x5xi8>
  check.expect_eq %y, dense<[[-127, -127, -127, 127, 127]]> : tensor<1x5xi8> : tensor<?x5xi8>
  return
}

// An odd width; multipliers of both signs.
func.func @per_channel() {
  %x = check.input dense<[[[10, 10, 10], [-10, -10, -10]], [[1, 1, 1], [7, -7, 3]]]> : tensor<2x2x3xi32> -> tensor<?x?x3xi32>
  %m = arith.constant dense<[536870912, -536870912, 1]> : tensor<3xi32>
  %y = intaglio.rescale %x, %m {shift = 28 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64}
    : (tensor<?x?x3xi32>, tensor<3xi32>) -> tensor<?x?x3xi16>
  check.expect_eq %y, dense<[[[20, -20, 0], [-20, 20, 0]], [[2, -2, 0], [14, 14, 0]]]> : tensor<2x2x3xi16> : tensor<?x?x3xi16>
  return
}

func.func @one_channel() {
  %x = check.input dense<[[[5], [6], [-7]]]> : tensor<1x3x1xi32> -> tensor<?x?x1xi32>
  %m = arith.constant dense<[1288490189]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 31 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x?x1xi32>, tensor<1xi32>) -> tensor<?x?x1xi8>
  check.expect_eq %y, dense<[[[3], [4], [-4]]]> : tensor<1x3x1xi8> : tensor<?x?x1xi8>
  return
}

// More channels than a vector holds, and a tail.
func.func @vector_tail() {
  %x = check.input dense<[[-127, -90, -53, -16, 21, 58, 95, -123, -86, -49, -12, 25, 62, 99, -119, -82, -45, -8, 29, 66, 103, -115, -78, -41, -4, 33, 70, 107, -111, -74, -37, 0, 37, 74, 111, -107, -70, -33, 4, 41, 78, 115, -103, -66, -29, 8, 45, 82, 119, -99, -62, -25, 12, 49, 86, 123, -95, -58, -21, 16, 53, 90, 127, -91, -54, -17, 20]]> : tensor<1x67xi8> -> tensor<?x67xi8>
  %m = arith.constant dense<[1000000007]> : tensor<1xi32>
  %y = intaglio.rescale %x, %m {shift = 30 : i64, input_zp = 3 : i64, output_zp = -2 : i64, min = -128 : i64, max = 127 : i64}
    : (tensor<?x67xi8>, tensor<1xi32>) -> tensor<?x67xi8>
  check.expect_eq %y, dense<[[-123, -89, -54, -20, 15, 49, 84, -119, -85, -50, -16, 18, 53, 87, -116, -81, -47, -12, 22, 57, 91, -112, -77, -43, -9, 26, 60, 95, -108, -74, -39, -5, 30, 64, 99, -104, -70, -36, -1, 33, 68, 102, -101, -66, -32, 3, 37, 72, 106, -97, -63, -28, 6, 41, 75, 110, -93, -59, -24, 10, 45, 79, 113, -90, -55, -21, 14]]> : tensor<1x67xi8> : tensor<?x67xi8>
  return
}
