// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// The operators of I-BERT as published.

func.func @softmax() {
  %x = check.input dense<[[0, -1, -694, -1388, -5000], [100000, 100000, 0, 99000, 99500], [-2147483648, 2147483647, 0, 1, 2]]> : tensor<3x5xi32> -> tensor<?x5xi32>
  %y = intaglio.ibert_softmax %x {ln2 = -694 : i64, b = 2707 : i64, c = 2792000 : i64, n = 30 : i64, multiplier = 1288490189 : i64, shift = 68 : i64} : (tensor<?x5xi32>) -> tensor<?x5xi16>
  check.expect_eq %y, dense<[[92, 92, 46, 23, 0], [86, 86, 0, 31, 52], [0, 255, 0, 0, 0]]> : tensor<3x5xi16> : tensor<?x5xi16>
  return
}

func.func @softmax_one_element() {
  %x = check.input dense<[[7], [-7]]> : tensor<2x1xi32> -> tensor<?x1xi32>
  %y = intaglio.ibert_softmax %x {ln2 = -694 : i64, b = 2707 : i64, c = 2792000 : i64, n = 30 : i64, multiplier = 1288490189 : i64, shift = 68 : i64} : (tensor<?x1xi32>) -> tensor<?x1xi16>
  check.expect_eq %y, dense<[[255], [255]]> : tensor<2x1xi16> : tensor<?x1xi16>
  return
}

// The mean rounds halves to even.
func.func @layer_norm() {
  %x = check.input dense<[[1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1], [2, 1, 2, 1, 2, 1], [-1, 0, -1, 0, -1, 0], [32767, -32768, 0, 100, -100, 5]]> : tensor<5x6xi16> -> tensor<?x6xi16>
  %b = arith.constant dense<[0, 268435456, -268435456, 5, -5, 536870912]> : tensor<6xi64>
  %m = arith.constant dense<[1288490189, -1288490189, 1073741824, 2000000000, 1, 0]> : tensor<6xi32>
  %y = intaglio.ibert_layer_norm %x, %b, %m {prescale = 0 : i64, shift = 50 : i64, output_zp = 0 : i64}
    : (tensor<?x6xi16>, tensor<6xi64>, tensor<6xi32>) -> tensor<?x6xi16>
  check.expect_eq %y, dense<[[-922, 307, -512, 0, 0, 0], [0, -1536, -256, 1907, 0, 0], [0, 922, -256, -1907, 0, 0], [-1229, -307, -1280, 0, 0, 0], [869, 562, -256, 4, 0, 0]]> : tensor<5x6xi16> : tensor<?x6xi16>
  return
}

// No variance: the bias alone.
func.func @layer_norm_constant_row() {
  %x = check.input dense<[[5, 5, 5, 5], [-32768, -32768, -32768, -32768]]> : tensor<2x4xi16> -> tensor<?x4xi16>
  %b = arith.constant dense<[1073741824, -1073741824, 7, 0]> : tensor<4xi64>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.ibert_layer_norm %x, %b, %m {prescale = 0 : i64, shift = 48 : i64, output_zp = 0 : i64}
    : (tensor<?x4xi16>, tensor<4xi64>, tensor<1xi32>) -> tensor<?x4xi16>
  check.expect_eq %y, dense<[[4096, -4096, 0, 0], [4096, -4096, 0, 0]]> : tensor<2x4xi16> : tensor<?x4xi16>
  return
}

func.func @layer_norm_prescale() {
  %x = check.input dense<[[32767, -32768, 12345, -4321, 77]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %b = arith.constant dense<[0, 0, 0, 0, 0]> : tensor<5xi64>
  %m = arith.constant dense<[1073741824]> : tensor<1xi32>
  %y = intaglio.ibert_layer_norm %x, %b, %m {prescale = 3 : i64, shift = 50 : i64, output_zp = -3 : i64}
    : (tensor<?x5xi16>, tensor<5xi64>, tensor<1xi32>) -> tensor<?x5xi8>
  check.expect_eq %y, dense<[[127, -128, 127, -128, -36]]> : tensor<1x5xi8> : tensor<?x5xi8>
  return
}

func.func @attention() {
  %q = check.input dense<[[[113, 32, 47, 101], [20, 70, 85, -70], [-113, -51, -55, 95]], [[105, -126, 0, 82], [-94, 76, -97, -8], [81, -50, -40, -57]]]> : tensor<2x3x4xi8> -> tensor<?x?x4xi8>
  %k = check.input dense<[[[56, -63, 125, -14], [-6, 1, 21, 14], [2, 126, 78, 75]], [[51, 31, -41, 125], [-9, -73, 88, -87], [91, 29, -98, -116]]]> : tensor<2x3x4xi8> -> tensor<?x?x4xi8>
  %v = check.input dense<[[[-14, -118, -91, 4], [120, -9, 79, 106], [82, 33, -15, 4]], [[-60, -1, -31, -64], [126, -124, -103, -78], [120, 49, 97, -76]]]> : tensor<2x3x4xi8> -> tensor<?x?x4xi8>
  %y = intaglio.ibert_attention %q, %k, %v
    {num_heads = 2 : i64, ln2 = -694 : i64, b = 2707 : i64, c = 2792000 : i64, n = 30 : i64, multiplier = 1288490189 : i64, shift = 68 : i64, output_multiplier = 1288490189 : i64, output_shift = 38 : i64, output_zp = 3 : i64}
    : (tensor<?x?x4xi8>, tensor<?x?x4xi8>, tensor<?x?x4xi8>) -> tensor<?x?x4xi8>
  check.expect_eq %y, dense<[[[42, -50, -15, 8], [101, 42, -106, 8], [127, -10, -8, 15]], [[127, -127, -34, -74], [-45, -11, 119, -88], [127, 51, 119, -88]]]> : tensor<2x3x4xi8> : tensor<?x?x4xi8>
  return
}

// A row without keys gives the zero point.
func.func @attention_with_mask() {
  %q = check.input dense<[[[113, 32, 47, 101], [20, 70, 85, -70], [-113, -51, -55, 95]], [[105, -126, 0, 82], [-94, 76, -97, -8], [81, -50, -40, -57]]]> : tensor<2x3x4xi8> -> tensor<?x?x4xi8>
  %k = check.input dense<[[[56, -63, 125, -14], [-6, 1, 21, 14], [2, 126, 78, 75]], [[51, 31, -41, 125], [-9, -73, 88, -87], [91, 29, -98, -116]]]> : tensor<2x3x4xi8> -> tensor<?x?x4xi8>
  %v = check.input dense<[[[-14, -118, -91, 4], [120, -9, 79, 106], [82, 33, -15, 4]], [[-60, -1, -31, -64], [126, -124, -103, -78], [120, 49, 97, -76]]]> : tensor<2x3x4xi8> -> tensor<?x?x4xi8>
  %mask = check.input dense<[[1, 0, 1], [0, 0, 0]]> : tensor<2x3xi64> -> tensor<?x?xi64>
  %y = intaglio.ibert_attention %q, %k, %v, %mask
    {num_heads = 2 : i64, ln2 = -694 : i64, b = 2707 : i64, c = 2792000 : i64, n = 30 : i64, multiplier = 1288490189 : i64, shift = 68 : i64, output_multiplier = 1288490189 : i64, output_shift = 38 : i64, output_zp = 3 : i64}
    : (tensor<?x?x4xi8>, tensor<?x?x4xi8>, tensor<?x?x4xi8>, tensor<?x?xi64>) -> tensor<?x?x4xi8>
  check.expect_eq %y, dense<[[[42, -50, -15, 8], [101, 42, -106, 8], [-11, -128, -15, 8]], [[3, 3, 3, 3], [3, 3, 3, 3], [3, 3, 3, 3]]]> : tensor<2x3x4xi8> : tensor<?x?x4xi8>
  return
}
