// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// Functions of one fixed-point number by polynomials: Q12 in, GELU and SiLU Q12 out, sigmoid and tanh Q15 out.

// Zero, the ends of the polynomial, the largest operands.
func.func @gelu() {
  %x = check.input dense<[[-16777216, -13536, -13535, -13534, -8192, -4096, -1, 0], [1, 4096, 8192, 13534, 13535, 13536, 1048576, 16777216]]> : tensor<2x8xi32> -> tensor<?x8xi32>
  %y = intaglio.i_gelu %x : (tensor<?x8xi32>) -> tensor<?x8xi32>
  check.expect_eq %y, dense<[[0, 0, 0, 0, -184, -646, -1, 0], [0, 3450, 8008, 13534, 13535, 13536, 1048576, 16777216]]> : tensor<2x8xi32> : tensor<?x8xi32>
  return
}

// In 16-bit lanes, 11 and 8 fraction bits: both ends, the limits of the polynomial.
func.func @gelu_narrow() {
  %x = check.input dense<[[-32768, -6769, -6768, -3384, -2048, -1], [0, 1, 2048, 3384, 6768, 32767]]> : tensor<2x6xi16> -> tensor<?x6xi16>
  %y = intaglio.i_gelu %x {fraction = 11 : i64} : (tensor<?x6xi16>) -> tensor<?x6xi16>
  check.expect_eq %y, dense<[[0, 0, 0, -170, -323, -1], [0, 0, 1725, 3214, 6768, 32767]]> : tensor<2x6xi16> : tensor<?x6xi16>
  %z = intaglio.i_gelu %x {fraction = 8 : i64} : (tensor<?x6xi16>) -> tensor<?x6xi16>
  check.expect_eq %z, dense<[[0, 0, 0, 0, 0, -1], [0, 0, 2048, 3384, 6768, 32767]]> : tensor<2x6xi16> : tensor<?x6xi16>
  return
}

// Saturated from 16 on; the least i32 has no negative.
func.func @sigmoid() {
  %x = check.input dense<[[-2147483648, -2147483647, -65537, -65536, -65535, -4096, -1], [0, 1, 4096, 32768, 65535, 65536, 2147483647]]> : tensor<2x7xi32> -> tensor<?x7xi32>
  %y = intaglio.i_sigmoid %x : (tensor<?x7xi32>) -> tensor<?x7xi32>
  check.expect_eq %y, dense<[[0, 0, 0, 0, 0, 8812, 16382], [16384, 16386, 23956, 32758, 32768, 32768, 32768]]> : tensor<2x7xi32> : tensor<?x7xi32>
  return
}

// Saturated from 8 on.
func.func @tanh() {
  %x = check.input dense<[[-2147483648, -2147483647, -65537, -65536, -65535, -4096, -1, -32769, -32768], [0, 1, 4096, 32768, 65535, 65536, 2147483647, 32767, 32769]]> : tensor<2x9xi32> -> tensor<?x9xi32>
  %y = intaglio.i_tanh %x : (tensor<?x9xi32>) -> tensor<?x9xi32>
  check.expect_eq %y, dense<[[-32768, -32768, -32768, -32768, -32768, -24955, -8, -32768, -32768], [0, 8, 24955, 32768, 32768, 32768, 32768, 32768, 32768]]> : tensor<2x9xi32> : tensor<?x9xi32>
  return
}

// The factor is clamped to 17 bits.
func.func @silu() {
  %x = check.input dense<[[-2147483648, -2147483647, -65537, -65536, -65535, -4096, -1], [0, 1, 4096, 32768, 65535, 65536, 2147483647]]> : tensor<2x7xi32> -> tensor<?x7xi32>
  %y = intaglio.i_silu %x : (tensor<?x7xi32>) -> tensor<?x7xi32>
  check.expect_eq %y, dense<[[0, 0, 0, 0, 0, -1101, 0], [0, 1, 2995, 32758, 65535, 65535, 65535]]> : tensor<2x7xi32> : tensor<?x7xi32>
  return
}

// The operand is unsigned.
func.func @sqrt() {
  %x = check.input dense<[[0, 1, 2, 3, 4, 99, 100], [-131071, -131072, 2147483647, -2147483648, -1, 2147395600, 2147395599]]> : tensor<2x7xi32> -> tensor<?x7xi32>
  %y = intaglio.i_sqrt %x : (tensor<?x7xi32>) -> tensor<?x7xi32>
  check.expect_eq %y, dense<[[0, 1, 1, 1, 2, 9, 10], [65535, 65534, 46340, 46340, 65535, 46340, 46339]]> : tensor<2x7xi32> : tensor<?x7xi32>
  return
}

// A width of vectors and a tail.
func.func @gelu_tail() {
  %x = check.input dense<[[-7000, -6789, -6578, -6367, -6156, -5945, -5734, -5523, -5312, -5101, -4890, -4679, -4468, -4257, -4046, -3835, -3624, -3413, -3202, -2991, -2780, -2569, -2358, -2147, -1936, -1725, -1514, -1303, -1092, -881, -670, -459, -248, -37, 174, 385, 596, 807, 1018, 1229, 1440, 1651, 1862, 2073, 2284, 2495, 2706, 2917, 3128, 3339, 3550, 3761, 3972, 4183, 4394, 4605, 4816, 5027, 5238, 5449, 5660, 5871, 6082, 6293, 6504, 6715, 6926]]> : tensor<1x67xi32> -> tensor<?x67xi32>
  %y = intaglio.i_gelu %x : (tensor<?x67xi32>) -> tensor<?x67xi32>
  check.expect_eq %y, dense<[[-312, -338, -364, -391, -417, -444, -471, -497, -523, -548, -572, -594, -615, -634, -650, -664, -675, -683, -687, -687, -683, -674, -660, -639, -613, -580, -541, -493, -437, -373, -300, -217, -124, -19, 86, 200, 324, 458, 602, 754, 915, 1084, 1259, 1442, 1631, 1826, 2026, 2231, 2440, 2654, 2872, 3093, 3317, 3543, 3772, 4004, 4236, 4471, 4706, 4943, 5180, 5417, 5655, 5893, 6131, 6368, 6605]]> : tensor<1x67xi32> : tensor<?x67xi32>
  return
}

// Zero is zero; saturated from -b on.
func.func @ibert_gelu() {
  %x = check.input dense<[[-3000, -2501, -2500, -1, 0, 1, 2500], [2501, 3000, 100000, -100000, 1234, -1234, 7]]> : tensor<2x7xi32> -> tensor<?x7xi32>
  %y = intaglio.ibert_gelu %x {b = -2501 : i64, c = -6926000 : i64, n = 14 : i64, one = -423 : i64} : (tensor<?x7xi32>) -> tensor<?x7xi32>
  check.expect_eq %y, dense<[[3000, 2501, 2500, 382, 0, -465, -2115000], [-2115846, -2538000, -84600000, 100000, -923032, 122166, -3269]]> : tensor<2x7xi32> : tensor<?x7xi32>
  return
}
