// RUN: intaglio-opt %s --split-input-file --verify-diagnostics

func.func @ibert_gelu_sign(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects a negative b of 32 bits (C-IBERTGELU-3), found 1}}
  %r = intaglio.ibert_gelu %a {b = 1 : i64, c = -9 : i64, n = 14 : i64, one = -1 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @ibert_gelu_wide_b(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects a negative b of 32 bits (C-IBERTGELU-3), found -2147483649}}
  %r = intaglio.ibert_gelu %a {b = -2147483649 : i64, c = -9 : i64, n = 14 : i64, one = -1 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @ibert_gelu_n(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects n in 0 ... 30 (C-IBERTGELU-3), found 31}}
  %r = intaglio.ibert_gelu %a {b = -5 : i64, c = -9 : i64, n = 31 : i64, one = -1 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @ibert_gelu_c(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects c in -2^62 ... 2^62 (C-IBERTGELU-3), found -4611686018427387905}}
  %r = intaglio.ibert_gelu %a {b = -5 : i64, c = -4611686018427387905 : i64, n = 14 : i64, one = -1 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @ibert_gelu_one(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects one of 32 bits (C-IBERTGELU-3), found 2147483648}}
  %r = intaglio.ibert_gelu %a {b = -5 : i64, c = -9 : i64, n = 14 : i64, one = 2147483648 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @ibert_softmax_ln2(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects a negative ln2 of 32 bits (C-IBERTSOFTMAX-3), found 1}}
  %r = intaglio.ibert_softmax %a {ln2 = 1 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_softmax_n(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects n in 0 ... 30 (C-IBERTSOFTMAX-3), found 31}}
  %r = intaglio.ibert_softmax %a {ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 31 : i64, multiplier = 1 : i64, shift = 68 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_softmax_b(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects b in -ln2 ... 2^31 - 1 (C-IBERTSOFTMAX-4), found 6}}
  %r = intaglio.ibert_softmax %a {ln2 = -7 : i64, b = 6 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_softmax_c(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects c in 0 ... 2^(63 - n) - 1 (C-IBERTSOFTMAX-4), found 8589934592}}
  %r = intaglio.ibert_softmax %a {ln2 = -7 : i64, b = 20 : i64, c = 8589934592 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_softmax_multiplier(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects a multiplier in 0 ... 2^31 - 1 (C-DYADIC-1), found 2147483648}}
  %r = intaglio.ibert_softmax %a {ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 2147483648 : i64, shift = 68 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_softmax_shift(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects shift in 0 ... 126 (C-SHIFT-1), found 127}}
  %r = intaglio.ibert_softmax %a {ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 127 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_layer_norm_prescale(%a: tensor<2x4xi16>, %b: tensor<4xi64>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects prescale in 0 ... 15 (C-IBERTLAYERNORM-3), found 16}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 16 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @ibert_layer_norm_bias(%a: tensor<2x4xi16>, %b: tensor<1xi64>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects bias to have 4 elements (C-CHANNELS-1), found}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 0 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<1xi64>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @ibert_layer_norm_multiplier(%a: tensor<2x4xi16>, %b: tensor<4xi64>, %c: tensor<3xi32>) {
  // expected-error @+1 {{expects multiplier to have 4 elements or one (C-CHANNELS-1), found}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 0 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi64>, tensor<3xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @ibert_layer_norm_shift(%a: tensor<2x4xi16>, %b: tensor<4xi64>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 63}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 0 : i64, shift = 63 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @ibert_layer_norm_zp(%a: tensor<2x4xi16>, %b: tensor<4xi64>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects output_zp to fit i16 (C-CODE-1), found 32768}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 0 : i64, shift = 3 : i64, output_zp = 32768 : i64} : (tensor<2x4xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @ibert_layer_norm_dynamic(%a: tensor<2x?xi16>, %b: tensor<4xi64>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects a static last axis of 1 ... 65535 (C-ILAYERNORM-3)}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 0 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x?xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<2x?xi16>
  return
}

// -----

func.func @ibert_layer_norm_shape(%a: tensor<2x4xi16>, %b: tensor<4xi64>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.ibert_layer_norm %a, %b, %c {prescale = 0 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<3x4xi16>
  return
}

// -----

func.func @ibert_attention_heads(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>) {
  // expected-error @+1 {{(C-ATTENTION-2), found 5}}
  %r = intaglio.ibert_attention %a, %b, %c {num_heads = 5 : i64, ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64, output_multiplier = 1 : i64, output_shift = 3 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @ibert_attention_mask(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<2xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] (C-MASK-1)}}
  %r = intaglio.ibert_attention %a, %b, %c, %d {num_heads = 2 : i64, ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64, output_multiplier = 1 : i64, output_shift = 3 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<2xi64>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @ibert_attention_ln2(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>) {
  // expected-error @+1 {{expects a negative ln2 of 32 bits (C-IBERTSOFTMAX-3), found 0}}
  %r = intaglio.ibert_attention %a, %b, %c {num_heads = 2 : i64, ln2 = 0 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64, output_multiplier = 1 : i64, output_shift = 3 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @ibert_attention_multiplier(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>) {
  // expected-error @+1 {{expects a multiplier in 0 ... 2^31 - 1 (C-DYADIC-1), found -1}}
  %r = intaglio.ibert_attention %a, %b, %c {num_heads = 2 : i64, ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64, output_multiplier = -1 : i64, output_shift = 3 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @ibert_attention_shift(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 63}}
  %r = intaglio.ibert_attention %a, %b, %c {num_heads = 2 : i64, ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64, output_multiplier = 1 : i64, output_shift = 63 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @ibert_attention_zp(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>) {
  // expected-error @+1 {{expects output_zp to fit i8 (C-CODE-1), found 128}}
  %r = intaglio.ibert_attention %a, %b, %c {num_heads = 2 : i64, ln2 = -7 : i64, b = 20 : i64, c = 9 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 68 : i64, output_multiplier = 1 : i64, output_shift = 3 : i64, output_zp = 128 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>) -> tensor<1x2x8xi8>
  return
}
