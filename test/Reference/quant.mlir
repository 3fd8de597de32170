// RUN: intaglio-check %s
// RUN: intaglio-check %s --compiled --threads=1,2,3

// The bridge between real numbers and integers.

// Halves go to even; beyond the range is saturated.
func.func @quantize_ties() {
  %x = check.input dense<[[-1.0e+30, -6.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1.0e+30]]> : tensor<1x9xf32> -> tensor<?x9xf32>
  %y = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0>} : tensor<?x9xf32> -> tensor<?x9xi8>
  check.expect_eq %y, dense<[[-128, -6, -2, -2, 0, 0, 2, 2, 127]]> : tensor<1x9xi8> : tensor<?x9xi8>
  return
}

// The zero point is added after rounding.
func.func @quantize_ties_odd_zero_point() {
  %x = check.input dense<[[-1.0e+30, -6.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1.0e+30]]> : tensor<1x9xf32> -> tensor<?x9xf32>
  %y = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0:3>} : tensor<?x9xf32> -> tensor<?x9xi8>
  check.expect_eq %y, dense<[[-128, -3, 1, 1, 3, 3, 5, 5, 127]]> : tensor<1x9xi8> : tensor<?x9xi8>
  return
}

func.func @quantize_narrow() {
  %x = check.input dense<[[-9.0, 9.0, 0.26]]> : tensor<1x3xf32> -> tensor<?x3xf32>
  %y = intaglio.quantize %x {quantized = !quant.uniform<i8<-127:127>:f32, 0.05>} : tensor<?x3xf32> -> tensor<?x3xi8>
  check.expect_eq %y, dense<[[-127, 127, 5]]> : tensor<1x3xi8> : tensor<?x3xi8>
  return
}

func.func @quantize_words() {
  %x = check.input dense<[[-40.0, 40.0, 1.2345, -1.2345]]> : tensor<1x4xf32> -> tensor<?x4xf32>
  %y = intaglio.quantize %x {quantized = !quant.uniform<i16:f32, 0.001>} : tensor<?x4xf32> -> tensor<?x4xi16>
  check.expect_eq %y, dense<[[-32768, 32767, 1234, -1234]]> : tensor<1x4xi16> : tensor<?x4xi16>
  return
}

// Infinities saturate, and every NaN is the zero point (C-QUANTIZE-3): of products, as the tools refuse such inputs.
func.func @quantize_infinity() {
  %x = check.input dense<[[3.0e+38, -3.0e+38, 1.0, 3.0e+38, 0.0, -3.0e+38, 2.0, -1.5]]> : tensor<1x8xf32> -> tensor<?x8xf32>
  %0 = check.input dense<[[0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0]]> : tensor<1x8xf32> -> tensor<?x8xf32>
  %h = check.input dense<3.0e+38> : tensor<1x8xf32> -> tensor<?x8xf32>
  %i = intaglio.mul %x, %h : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  check.expect_eq %i, dense<[[0x7F800000, 0xFF800000, 3.0e+38, 0x7F800000, 0.0, 0xFF800000, 0x7F800000, 0xFF800000]]> : tensor<1x8xf32> : tensor<?x8xf32>
  %y = intaglio.quantize %i {quantized = !quant.uniform<i8:f32, 0.5:-1>} : tensor<?x8xf32> -> tensor<?x8xi8>
  check.expect_eq %y, dense<[[127, -128, 127, 127, -1, -128, 127, -128]]> : tensor<1x8xi8> : tensor<?x8xi8>
  %n = intaglio.mul %i, %0 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %z = intaglio.quantize %n {quantized = !quant.uniform<i8:f32, 0.5:7>} : tensor<?x8xf32> -> tensor<?x8xi8>
  check.expect_eq %z, dense<[[7, -128, 127, 127, 7, 7, 7, -128]]> : tensor<1x8xi8> : tensor<?x8xi8>
  %w = intaglio.quantize %n {quantized = !quant.uniform<i16:f32, 0.5>} : tensor<?x8xf32> -> tensor<?x8xi16>
  check.expect_eq %w, dense<[[0, -32768, 32767, 32767, 0, 0, 0, -32768]]> : tensor<1x8xi16> : tensor<?x8xi16>
  return
}

// Quiet and signalling, of either sign.
func.func @quantize_nan() attributes {check.reference_only} {
  %x = check.input dense<[[0x7FC00000, 1.0, 0xFFC00000, -1.0, 0x7F800001, 0.5, 0xFFBFFFFF, -0.5, 0x7FFFFFFF, 0x7F800000, 0xFF800000]]> : tensor<1x11xf32> -> tensor<?x11xf32>
  %y = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 0.5:7>} : tensor<?x11xf32> -> tensor<?x11xi8>
  check.expect_eq %y, dense<[[7, 9, 7, 5, 7, 8, 7, 6, 7, 127, -128]]> : tensor<1x11xi8> : tensor<?x11xi8>
  return
}

// The largest numbers, the smallest and -0, by the largest and the smallest normal scale of float32.
func.func @quantize_extremes() {
  %x = check.input dense<[[0x7F7FFFFF, 0xFF7FFFFF, 1.0e+37, 1.0, 0x00000001, 0x80000001, 0x80000000, 0x00800000, 0x01000000]]> : tensor<1x9xf32> -> tensor<?x9xf32>
  %y = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 0.5:-1>} : tensor<?x9xf32> -> tensor<?x9xi8>
  check.expect_eq %y, dense<[[127, -128, 127, 1, -1, -1, -1, -1, -1]]> : tensor<1x9xi8> : tensor<?x9xi8>
  %z = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0e+37>} : tensor<?x9xf32> -> tensor<?x9xi8>
  check.expect_eq %z, dense<[[34, -34, 1, 0, 0, 0, 0, 0, 0]]> : tensor<1x9xi8> : tensor<?x9xi8>
  %w = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.1754943508222875E-38:5>} : tensor<?x9xf32> -> tensor<?x9xi8>
  check.expect_eq %w, dense<[[127, -128, 127, 127, 5, 5, 5, 6, 7]]> : tensor<1x9xi8> : tensor<?x9xi8>
  return
}

// Weights: a scale for each row.
func.func @quantize_per_axis() attributes {check.reference_only} {
  %x = check.input dense<[[1.0, -2.0], [1.0, -2.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %y = intaglio.quantize %x : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.1, 0.01}>>
  check.expect_eq %y, dense<[[10, -20], [100, -127]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.1, 0.01}>>
  return
}

// One rounding, after that of the scale to f32.
func.func @dequantize_bytes() {
  %x = check.input dense<[[-128, -127, -1, 0, 1, 126, 127]]> : tensor<1x7xi8> -> tensor<?x7xi8>
  %y = intaglio.dequantize %x {quantized = !quant.uniform<i8:f32, 0.1:-128>} : tensor<?x7xi8> -> tensor<?x7xf32>
  check.expect_eq %y, dense<[[0x00000000, 0x3DCCCCCD, 0x414B3333, 0x414CCCCD, 0x414E6667, 0x41CB3333, 0x41CC0000]]> : tensor<1x7xf32> : tensor<?x7xf32>
  return
}

func.func @dequantize_words() {
  %x = check.input dense<[[-32768, 32767, 1, -1, 12345]]> : tensor<1x5xi16> -> tensor<?x5xi16>
  %y = intaglio.dequantize %x {quantized = !quant.uniform<i16:f32, 0.001>} : tensor<?x5xi16> -> tensor<?x5xf32>
  check.expect_eq %y, dense<[[0xC203126F, 0x42031169, 0x3A83126F, 0xBA83126F, 0x4145851F]]> : tensor<1x5xf32> : tensor<?x5xf32>
  return
}

func.func @dequantize_accumulator() {
  %x = check.input dense<[[-2147483648, 2147483647, 1, -1, 123456789]]> : tensor<1x5xi32> -> tensor<?x5xi32>
  %y = intaglio.dequantize %x {quantized = !quant.uniform<i32:f32, 5.960464477539063e-08>} : tensor<?x5xi32> -> tensor<?x5xf32>
  check.expect_eq %y, dense<[[0xC3000000, 0x43000000, 0x33800000, 0xB3800000, 0x40EB79A3]]> : tensor<1x5xf32> : tensor<?x5xf32>
  return
}

// Rounding to f64 first would give the other neighbour.
func.func @dequantize_rounds_once() {
  %x = check.input dense<[[1506221167, -1506221167]]> : tensor<1x2xi32> -> tensor<?x2xi32>
  %y = intaglio.dequantize %x {quantized = !quant.uniform<i32:f32, 0.014999999664723873>} : tensor<?x2xi32> -> tensor<?x2xf32>
  check.expect_eq %y, dense<[[0x4BAC5F93, 0xCBAC5F93]]> : tensor<1x2xf32> : tensor<?x2xf32>
  return
}

func.func @fake_quant() {
  %x = check.input dense<[[-7.3, -0.26, 0.0, 0.24, 0.26, 7.3]]> : tensor<1x6xf32> -> tensor<?x6xf32>
  %y = intaglio.fake_quant %x as !quant.uniform<i8:f32, 5.0e-2:3> : tensor<?x6xf32>
  check.expect_eq %y, dense<[[0xC0D1999A, 0xBE800000, 0x00000000, 0x3E800000, 0x3E800000, 0x40C66667]]> : tensor<1x6xf32> : tensor<?x6xf32>
  return
}

func.func @fake_quant_per_axis() attributes {check.reference_only} {
  %x = check.input dense<[[1.04, -2.0], [1.04, -2.0]]> : tensor<2x2xf32> -> tensor<2x2xf32>
  %y = intaglio.fake_quant %x as !quant.uniform<i8<-127:127>:f32:0, {0.1, 0.01}> : tensor<2x2xf32>
  check.expect_close %y, dense<[[1.0, -2.0], [1.04, -1.27]]> : tensor<2x2xf32> {tolerance = 1.0e-07 : f64} : tensor<2x2xf32>
  return
}

// An accumulator per channel to a byte: dyadics of one shift.
func.func @requantize() attributes {check.reference_only} {
  %a = check.input dense<[[1000, 1000, 1000], [-100000, 250, -70000]]> : tensor<2x3xi32> -> tensor<2x3x!quant.uniform<i32:f32:1, {1.0e-4, 2.0e-4, 4.0e-5}>>
  %y = intaglio.requantize %a : tensor<2x3x!quant.uniform<i32:f32:1, {1.0e-4, 2.0e-4, 4.0e-5}>> -> tensor<2x3x!quant.uniform<i8:f32, 5.0e-2:3>>
  check.expect_eq %y, dense<[[5, 7, 4], [-128, 4, -53]]> : tensor<2x3xi8> : tensor<2x3x!quant.uniform<i8:f32, 5.0e-2:3>>
  return
}

// The first code is the high nibble; two blocks of eight.
func.func @dequantize_nf4() attributes {check.reference_only} {
  %c = arith.constant dense<[1, 35, 69, 103, -119, -85, -51, -17]> : tensor<8xi8>
  %a = arith.constant dense<[2.0, 0.5]> : tensor<2xf32>
  %y = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<nf4>, block_size = 8 : i64} : tensor<8xi8>, tensor<2xf32> -> tensor<4x4xf32>
  check.expect_eq %y, dense<[[0xC0000000, 0xBFB239B1, 0xBF866B30, 0xBF4A32A0], [0xBF11A24D, 0xBEBD353F, 0xBE3A7871, 0x00000000], [0x3D22FAFF, 0x3DA4CAE3, 0x3DFC04DD, 0x3E2D033A], [0x3E61A4B8, 0x3E9007AB, 0x3EB913B3, 0x3F000000]]> : tensor<4x4xf32> : tensor<4x4xf32>
  return
}

func.func @dequantize_fp4() attributes {check.reference_only} {
  %c = arith.constant dense<[1, 35, 69, 103, -119, -85, -51, -17]> : tensor<8xi8>
  %a = arith.constant dense<[3.0]> : tensor<1xf32>
  %y = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<fp4>, block_size = 64 : i64} : tensor<8xi8>, tensor<1xf32> -> tensor<16xf32>
  check.expect_close %y, dense<[0.0, 0.015625, 2.0, 3.0, 1.0, 1.5, 0.5, 0.75, 0.0, -0.015625, -2.0, -3.0, -1.0, -1.5, -0.5, -0.75]> : tensor<16xf32> {tolerance = 1.0e-6 : f64} : tensor<16xf32>
  return
}
