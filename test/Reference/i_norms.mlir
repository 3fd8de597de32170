// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// Normalization of one row: i_layer_norm, i_rms_norm, i_l2_normalize.

// Gamma negative, zero, tiny; an odd width.
func.func @layer_norm() {
  %x = check.input dense<[[1, 2, 3, 4, 5, 6, 7], [-32768, 32767, 0, 1, -1, 100, -100], [300, -200, 100, 0, -100, 200, -300]]> : tensor<3x7xi16> -> tensor<?x7xi16>
  %g = arith.constant dense<[20000, 21000, -22000, 0, 24000, -25000, 1]> : tensor<7xi32>
  %b = arith.constant dense<[0, 1073741824, -1073741824, 5, -6, 7, 1099511627776]> : tensor<7xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 12 : i64, shift = 20 : i64, output_zp = 0 : i64}
    : (tensor<?x7xi16>, tensor<7xi32>, tensor<7xi64>) -> tensor<?x7xi16>
  check.expect_eq %y, dense<[[-1820, -250, -357, 0, 728, -1517, 32767], [-2339, 3479, -1024, 0, 0, -9, 32767], [1875, -288, -1711, 0, -750, -1562, 32767]]> : tensor<3x7xi16> : tensor<?x7xi16>
  return
}

// No variance: beta alone.
func.func @layer_norm_constant_row() {
  %x = check.input dense<[[5, 5, 5, 5, 5, 5, 5], [0, 0, 0, 0, 0, 0, 0], [-32768, -32768, -32768, -32768, -32768, -32768, -32768]]> : tensor<3x7xi16> -> tensor<?x7xi16>
  %g = arith.constant dense<[20000, 21000, -22000, 0, 24000, -25000, 1]> : tensor<7xi32>
  %b = arith.constant dense<[0, 1073741824, -1073741824, 5, -6, 7, 1099511627776]> : tensor<7xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 0 : i64, shift = 20 : i64, output_zp = 0 : i64}
    : (tensor<?x7xi16>, tensor<7xi32>, tensor<7xi64>) -> tensor<?x7xi16>
  check.expect_eq %y, dense<[[0, 1024, -1024, 0, 0, 0, 32767], [0, 1024, -1024, 0, 0, 0, 32767], [0, 1024, -1024, 0, 0, 0, 32767]]> : tensor<3x7xi16> : tensor<?x7xi16>
  return
}

// An epsilon as large as the variance.
func.func @layer_norm_epsilon() {
  %x = check.input dense<[[1, -1, 1, -1], [0, 0, 0, 1]]> : tensor<2x4xi16> -> tensor<?x4xi16>
  %g = arith.constant dense<[65536, 65536, 65536, 65536]> : tensor<4xi32>
  %b = arith.constant dense<[0, 0, 0, 0]> : tensor<4xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 16 : i64, shift = 16 : i64, output_zp = 0 : i64}
    : (tensor<?x4xi16>, tensor<4xi32>, tensor<4xi64>) -> tensor<?x4xi16>
  check.expect_eq %y, dense<[[32767, -32768, 32767, -32768], [-15035, -15035, -15035, 32767]]> : tensor<2x4xi16> : tensor<?x4xi16>
  return
}

// Saturated to bytes, with a zero point.
func.func @layer_norm_bytes() {
  %x = check.input dense<[[100, -100, 0, 50, -50]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %g = arith.constant dense<[1048576, 1048576, 1048576, 1048576, 1048576]> : tensor<5xi32>
  %b = arith.constant dense<[0, 0, 0, 0, 0]> : tensor<5xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 1 : i64, shift = 30 : i64, output_zp = -128 : i64}
    : (tensor<?x5xi16>, tensor<5xi32>, tensor<5xi64>) -> tensor<?x5xi8>
  check.expect_eq %y, dense<[[-37, -128, -128, -83, -128]]> : tensor<1x5xi8> : tensor<?x5xi8>
  return
}

func.func @layer_norm_saturates() {
  %x = check.input dense<[[100, -100, 0, 50, -50]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %g = arith.constant dense<[1073741824, 1073741824, 1073741824, 1073741824, 1073741824]> : tensor<5xi32>
  %b = arith.constant dense<[0, 0, 0, 0, 0]> : tensor<5xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 1 : i64, shift = 20 : i64, output_zp = 0 : i64}
    : (tensor<?x5xi16>, tensor<5xi32>, tensor<5xi64>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[32767, -32768, 0, 32767, -32768]]> : tensor<1x5xi16> : tensor<?x5xi16>
  return
}

func.func @layer_norm_one_channel() {
  %x = check.input dense<[[7], [-7]]> : tensor<2x1xi16> -> tensor<?x1xi16>
  %g = arith.constant dense<[1048576]> : tensor<1xi32>
  %b = arith.constant dense<[33554432]> : tensor<1xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 0 : i64, shift = 20 : i64, output_zp = 0 : i64}
    : (tensor<?x1xi16>, tensor<1xi32>, tensor<1xi64>) -> tensor<?x1xi16>
  check.expect_eq %y, dense<[[32], [32]]> : tensor<2x1xi16> : tensor<?x1xi16>
  return
}

// A width of vectors and a tail.
func.func @layer_norm_tail() {
  %x = check.input dense<[[-2000, -1023, -46, 931, 1908, -1116, -139, 838, 1815, -1209, -232, 745, 1722, -1302, -325, 652, 1629, -1395, -418, 559, 1536, -1488, -511, 466, 1443, -1581, -604, 373, 1350, -1674, -697, 280, 1257, -1767, -790], [-500, -469, -376, -221, -4, 275, -385, 18, 483, 9, -403, 248, -40, -266, -430, 469, 429, 451, -466, -320, -112, 158, 490, -117, 339, -144, 436, 77, -220, -455, 373, 262, 213, 226, 301]]> : tensor<2x35xi16> -> tensor<?x35xi16>
  %g = arith.constant dense<[20000, 20100, 20200, 20300, 20400, 20500, 20600, 20700, 20800, 20900, 21000, 21100, 21200, 21300, 21400, 21500, 21600, 21700, 21800, 21900, 22000, 22100, 22200, 22300, 22400, 22500, 22600, 22700, 22800, 22900, 23000, 23100, 23200, 23300, 23400]> : tensor<35xi32>
  %b = arith.constant dense<[-500, 500, 1500, 2500, 3500, 4500, 5500, 6500, 7500, 8500, 9500, 10500, 11500, 12500, 13500, 14500, 15500, 16500, 17500, 18500, 19500, 20500, 21500, 22500, 23500, 24500, 25500, 26500, 27500, 28500, 29500, 30500, 31500, 32500, 33500]> : tensor<35xi64>
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 1000 : i64, shift = 22 : i64, output_zp = 0 : i64}
    : (tensor<?x35xi16>, tensor<35xi32>, tensor<35xi64>) -> tensor<?x35xi16>
  check.expect_eq %y, dense<[[-529, -269, -6, 259, 527, -300, -32, 238, 511, -331, -59, 217, 495, -364, -86, 194, 477, -398, -115, 170, 459, -433, -145, 146, 439, -469, -175, 120, 419, -505, -207, 94, 397, -543, -240], [-483, -456, -369, -222, -13, 258, -385, 8, 467, 0, -411, 239, -50, -278, -446, 469, 430, 455, -492, -342, -127, 156, 506, -134, 350, -164, 457, 73, -248, -505, 397, 277, 224, 239, 324]]> : tensor<2x35xi16> : tensor<?x35xi16>
  return
}

func.func @rms_norm() {
  %x = check.input dense<[[1, 2, 3, 4, 5, 6, 7], [-32768, 32767, 0, 1, -1, 100, -100], [0, 0, 0, 0, 0, 0, 0]]> : tensor<3x7xi16> -> tensor<?x7xi16>
  %g = arith.constant dense<[20000, 21000, -22000, 0, 24000, -25000, 1]> : tensor<7xi32>
  %y = intaglio.i_rms_norm %x, %g {epsilon = 12 : i64, shift = 20 : i64, output_zp = 0 : i64}
    : (tensor<?x7xi16>, tensor<7xi32>) -> tensor<?x7xi16>
  check.expect_eq %y, dense<[[278, 583, -917, 0, 1667, -2084, 0], [-2339, 2455, 0, 0, 0, -9, 0], [0, 0, 0, 0, 0, 0, 0]]> : tensor<3x7xi16> : tensor<?x7xi16>
  return
}

func.func @rms_norm_bytes() {
  %x = check.input dense<[[3, 4, 0]]> : tensor<1x3xi16> -> tensor<?x3xi16>
  %g = arith.constant dense<[65536, 65536, 65536]> : tensor<3xi32>
  %y = intaglio.i_rms_norm %x, %g {epsilon = 0 : i64, shift = 26 : i64, output_zp = 3 : i64}
    : (tensor<?x3xi16>, tensor<3xi32>) -> tensor<?x3xi8>
  check.expect_eq %y, dense<[[70, 92, 3]]> : tensor<1x3xi8> : tensor<?x3xi8>
  return
}

// A row of zeros stays zero; 3, 4 gives 0.6, 0.8.
func.func @l2_normalize() {
  %x = check.input dense<[[0, 0, 0], [3, 4, 0], [1, 0, 0], [-1, -1, -1]]> : tensor<4x3xi32> -> tensor<?x3xi32>
  %y = intaglio.i_l2_normalize %x : (tensor<?x3xi32>) -> tensor<?x3xi32>
  check.expect_eq %y, dense<[[0, 0, 0], [10066329, 13421772, 0], [16777216, 0, 0], [-9686330, -9686330, -9686330]]> : tensor<4x3xi32> : tensor<?x3xi32>
  return
}

// Sums of squares just below 2^62.
func.func @l2_normalize_large() {
  %x = check.input dense<[[1073741824, 1073741823, -1073741824], [2147483647, 0, 1]]> : tensor<2x3xi32> -> tensor<?x3xi32>
  %y = intaglio.i_l2_normalize %x : (tensor<?x3xi32>) -> tensor<?x3xi32>
  check.expect_eq %y, dense<[[9686330, 9686330, -9686330], [16777216, 0, 0]]> : tensor<2x3xi32> : tensor<?x3xi32>
  return
}

func.func @l2_normalize_words() {
  %x = check.input dense<[[32767, -32768, 1, 2, 3], [-5, 4, -3, 2, -1]]> : tensor<2x5xi16> -> tensor<?x5xi16>
  %y = intaglio.i_l2_normalize %x : (tensor<?x5xi16>) -> tensor<?x5xi32>
  check.expect_eq %y, dense<[[11863102, -11863464, 362, 724, 1086], [-11311196, 9048957, -6786718, 4524479, -2262239]]> : tensor<2x5xi32> : tensor<?x5xi32>
  return
}
