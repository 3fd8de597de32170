// RUN: intaglio-opt --intaglio-verify-ranges=remark=true --split-input-file --verify-diagnostics %s

// The bound of a channel is that of its own weights: 127 * (100 + 27) + 5 and the bias.
func.func @main(%x: tensor<?x2xi8> {intaglio.range = array<i64: -127, 127>}) -> tensor<?x2xi32> {
  %w = arith.constant dense<[[100, -27], [1, 2]]> : tensor<2x2xi8>
  %b = arith.constant dense<[5, 2147467519]> : tensor<2xi32>
  // expected-remark @below {{1 widths are proved; the smallest spare is 0 of 32 bits, accumulator in -16124 ... 2147467900}}
  %y = intaglio.linear %x, %w, %b : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}

// -----

// A model whose accumulator may overflow is refused.
func.func @main(%x: tensor<?x2xi8> {intaglio.range = array<i64: -127, 127>}) -> tensor<?x2xi32> {
  %w = arith.constant dense<[[100, -27], [1, 2]]> : tensor<2x2xi8>
  %b = arith.constant dense<[2147467519, 0]> : tensor<2xi32>
  // expected-error @below {{'intaglio.linear' op accumulator may reach -381 ... 2147483648, which needs 33 bits; it has 32 (C-LINEAR-3)}}
  %y = intaglio.linear %x, %w, %b : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}

// -----

// Bounds pass through calls; a rescale cuts them for each channel.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %q = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0>} : tensor<?x2xf32> -> tensor<?x2xi8>
  %0 = call @main_integer(%q) : (tensor<?x2xi8>) -> tensor<?x2xi32>
  %y = intaglio.dequantize %0 {quantized = !quant.uniform<i32:f32, 1.0>} : tensor<?x2xi32> -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
func.func private @main_integer(%x: tensor<?x2xi8>) -> tensor<?x2xi32> {
  %m = arith.constant dense<[1073741824, 8388608]> : tensor<2xi32>
  %w = arith.constant dense<[[1, 127], [127, 1]]> : tensor<2x2xi8>
  %b = arith.constant dense<[2147483000, 0]> : tensor<2xi32>
  %r = intaglio.rescale %x, %m {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -100 : i64, max = 100 : i64} : (tensor<?x2xi8>, tensor<2xi32>) -> tensor<?x2xi8>
  // expected-remark @below {{the smallest spare is 0 of 32 bits, accumulator in -12701 ... 2147483227}}
  %y = intaglio.linear %r, %w, %b : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}

// -----

func.func @main(%x: tensor<?x4xi32>) -> tensor<?x4xi32> {
  // expected-error @below {{sum of squares may reach 0 ... 18446744073709551616, which needs 66 bits; it has 63 (C-IL2NORMALIZE-2)}}
  %y = intaglio.i_l2_normalize %x : (tensor<?x4xi32>) -> tensor<?x4xi32>
  return %y : tensor<?x4xi32>
}

// -----

// The term of a coarse operand.
func.func @main(%x: tensor<?x4xi32>, %r: tensor<?x4xi16>) -> tensor<?x4xi16> {
  %m = arith.constant dense<1073741824> : tensor<1xi32>
  // expected-error @below {{term may reach -8589934592 ... 8589934588, which needs 34 bits; it has 32 (C-IADD-1)}}
  // expected-error @below {{sum may reach}}
  %y = intaglio.i_add %x, %r, %m, %m {lhs_shift = 28 : i64, lhs_zp = 0 : i64, rhs_shift = 30 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<?x4xi32>, tensor<?x4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x4xi16>
  return %y : tensor<?x4xi16>
}

// -----

func.func @main(%x: tensor<?x4xi32>) -> tensor<?x4xi32> {
  // expected-error @below {{operand may reach 0 ... 2147483647, which needs 32 bits; it has 25 (C-IGELU-2)}}
  %y = intaglio.i_gelu %x : (tensor<?x4xi32>) -> tensor<?x4xi32>
  return %y : tensor<?x4xi32>
}

// -----

func.func @main(%x: tensor<?x4xi16>) -> tensor<?x4xi8> {
  %m = arith.constant dense<-32768> : tensor<1xi16>
  // expected-error @below {{negated multiplier may reach 32768 ... 32768, which needs 17 bits; it has 16 (C-RESCALE-3)}}
  %y = intaglio.rescale %x, %m {shift = 20 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x4xi16>, tensor<1xi16>) -> tensor<?x4xi8>
  return %y : tensor<?x4xi8>
}

// -----

func.func @main(%ids: tensor<?x?xi64> {intaglio.range = array<i64: 0, 3>}) -> tensor<?x?x2xi16> {
  %t = arith.constant dense<1> : tensor<3x2xi8>
  %m = arith.constant dense<1> : tensor<3xi32>
  // expected-error @below {{reads rows 0 ... 3 of a table of 3 (C-EMBEDDING-2)}}
  %y = intaglio.i_embedding %t, %m, %ids {shift = 0 : i64, output_zp = 0 : i64} : (tensor<3x2xi8>, tensor<3xi32>, tensor<?x?xi64>) -> tensor<?x?x2xi16>
  return %y : tensor<?x?x2xi16>
}

// -----

func.func @main(%q: tensor<?x?x4xi8>, %k: tensor<?x?x4xi8> {intaglio.range = array<i64: -127, 127>}) -> tensor<?x?x4xi8> {
  %t = arith.constant dense<0> : tensor<256xi8>
  // expected-error @below {{has a query that may hold -128 (C-IATTENTION-6)}}
  %y = intaglio.i_attention %q, %k, %k, %t {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 4294967296 : i64, output_zp = 0 : i64} : (tensor<?x?x4xi8>, tensor<?x?x4xi8>, tensor<?x?x4xi8>, tensor<256xi8>) -> tensor<?x?x4xi8>
  return %y : tensor<?x?x4xi8>
}

// -----

// A sequence is as long as the entry allows.
func.func @main(%a: tensor<?x?x?xi8>, %b: tensor<?x?x?xi8>) -> tensor<?x?x?xi32> attributes {intaglio.max_dims = {sequence = 200000 : i64}} {
  // expected-error @below {{accumulator may reach -3251200000 ... 3276800000, which needs 33 bits; it has 32 (C-LINEAR-3)}}
  %y = intaglio.matmul %a, %b {transpose_rhs} : (tensor<?x?x?xi8>, tensor<?x?x?xi8>) -> tensor<?x?x?xi32>
  return %y : tensor<?x?x?xi32>
}
