// RUN: intaglio-opt %s --split-input-file --verify-diagnostics

func.func @linear_inner(%x: tensor<2x8xf32>, %w: tensor<4x7xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects x's last axis (8) to be the weight's second (7)}}
  %y = intaglio.linear %x, %w : (tensor<2x8xf32>, tensor<4x7xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @linear_bias(%x: tensor<2x8xf32>, %w: tensor<4x8xf32>, %b: tensor<5xf32>) {
  // expected-error @+1 {{expects bias to be a vector of 4 elements}}
  %y = intaglio.linear %x, %w, %b : (tensor<2x8xf32>, tensor<4x8xf32>, tensor<5xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @linear_scale(%x: tensor<2x8x!quant.uniform<i8:f32, 0.5>>, %w: tensor<4x8x!quant.uniform<i8<-127:127>:f32, 0.5>>) {
  // expected-error @+1 {{expects accumulator scale 2.500000e-01}}
  %y = intaglio.linear %x, %w : (tensor<2x8x!quant.uniform<i8:f32, 0.5>>, tensor<4x8x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<2x4x!quant.uniform<i32:f32, 0.5>>
  return
}

// -----

func.func @linear_mixed(%x: tensor<2x8xf32>, %w: tensor<4x8xi8>) {
  // expected-error @+1 {{expects float, quantized or integer operands and result, not a mix}}
  %y = intaglio.linear %x, %w : (tensor<2x8xf32>, tensor<4x8xi8>) -> tensor<2x4xf32>
  return
}

// -----

func.func @linear_integer_result(%x: tensor<2x8xi8>, %w: tensor<4x8xi8>) {
  // expected-error @+1 {{expects i8 operands and an i32 result (C-LINEAR-3)}}
  %y = intaglio.linear %x, %w : (tensor<2x8xi8>, tensor<4x8xi8>) -> tensor<2x4xi16>
  return
}

// -----

func.func @matmul_batch(%a: tensor<2x4x8xf32>, %b: tensor<3x8x4xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects equal leading axes}}
  %y = intaglio.matmul %a, %b : (tensor<2x4x8xf32>, tensor<3x8x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @attention_heads(%q: tensor<?x?x384xf32>) {
  // expected-error @+1 {{expects num_heads to divide 384 channels, found 7}}
  %y = intaglio.attention %q, %q, %q {num_heads = 7 : i64, scale = 1.0 : f64} : (tensor<?x?x384xf32>, tensor<?x?x384xf32>, tensor<?x?x384xf32>) -> tensor<?x?x384xf32>
  return
}

// -----

func.func @attention_mask(%q: tensor<2x5x8xf32>, %m: tensor<2x4xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] of the data's leading axes}}
  %y = intaglio.attention %q, %q, %q, %m {num_heads = 2 : i64, scale = 1.0 : f64} : (tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<2x4xi64>) -> tensor<2x5x8xf32>
  return
}

// -----

func.func @layer_norm_epsilon(%x: tensor<2x8xf32>, %g: tensor<8xf32>) {
  // expected-error @+1 {{expects a non-negative epsilon}}
  %y = intaglio.layer_norm %x, %g, %g {epsilon = -1.0 : f64} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_norm_gamma(%x: tensor<2x8xf32>, %g: tensor<7xf32>) {
  // expected-error @+1 {{expects gamma to be a vector of 8 elements}}
  %y = intaglio.rms_norm %x, %g {epsilon = 1.0 : f64} : (tensor<2x8xf32>, tensor<7xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @gelu_integer(%x: tensor<2x8xi8>) {
  // expected-error @+1 {{has no form on plain integers}}
  %y = intaglio.gelu %x : (tensor<2x8xi8>) -> tensor<2x8xi8>
  return
}

// -----

func.func @gelu_shape(%x: tensor<2x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{are incompatible with return type(s)}}
  %y = intaglio.gelu %x : (tensor<2x8xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @add_shape(%a: tensor<2x8xf32>, %b: tensor<2x9xf32>) {
  // expected-error @+1 {{expects operands of one shape}}
  %y = intaglio.add %a, %b : (tensor<2x8xf32>, tensor<2x9xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @embedding_rank(%t: tensor<8xf32>, %i: tensor<2x3xi64>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects a table [rows, channels]}}
  %y = intaglio.embedding %t, %i : (tensor<8xf32>, tensor<2x3xi64>) -> tensor<2x3x8xf32>
  return
}

// -----

func.func @rope_head(%x: tensor<1x4x12xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{expects cos and sin [positions, head / 2]}}
  %y = intaglio.rope %x, %c, %c {num_heads = 2 : i64} : (tensor<1x4x12xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<1x4x12xf32>
  return
}

// -----

func.func @pool_rank(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects [batch, sequence, channels]}}
  %y = intaglio.pool %x {kind = #intaglio.pool_kind<cls>} : (tensor<4x8xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @fake_quant_type(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expects a uniform quantized type, found 'i8'}}
  %y = intaglio.fake_quant %x as i8 : tensor<4x8xf32>
  return
}

// -----

func.func @fake_quant_axis(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expects one scale for each index of axis 0, found 2 scales}}
  %y = intaglio.fake_quant %x as !quant.uniform<i8:f32:0, {1.0, 2.0}> : tensor<4x8xf32>
  return
}

// -----

func.func @dequantize_untyped(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects `quantized` to say what the plain integers mean}}
  %y = intaglio.dequantize %x : tensor<4xi8> -> tensor<4xf32>
  return
}

// -----

func.func @quantize_storage(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects integers of the storage type of}}
  %y = intaglio.quantize %x {quantized = !quant.uniform<i16:f32, 1.0>} : tensor<4xf32> -> tensor<4xi8>
  return
}

// -----

func.func @requantize_per_axis(%x: tensor<2x!quant.uniform<i32:f32, 1.0>>) {
  // expected-error @+1 {{expects a per-tensor quantized result}}
  %y = intaglio.requantize %x : tensor<2x!quant.uniform<i32:f32, 1.0>> -> tensor<2x!quant.uniform<i8:f32:0, {1.0, 2.0}>>
  return
}

// -----

func.func @block_codes(%c: tensor<7xi8>, %a: tensor<1xf32>) {
  // expected-error @+1 {{expects 8 bytes of codes for 16 elements, found 7}}
  %y = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<nf4>, block_size = 64 : i64} : tensor<7xi8>, tensor<1xf32> -> tensor<16xf32>
  return
}

// -----

func.func @source_present(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects as many inputs as `present` marks: 2, found 1}}
  %y = intaglio.source "Clip" opset 13 (%x) {present = array<i1: true, false, true>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @rescale_shift(%x: tensor<4xi32>, %m: tensor<1xi32>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT), found 63}}
  %y = intaglio.rescale %x, %m {shift = 63 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_range(%x: tensor<4xi32>, %m: tensor<1xi32>) {
  // expected-error @+1 {{expects max to fit i8, found 128}}
  %y = intaglio.rescale %x, %m {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 128 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_channels(%x: tensor<4xi32>, %m: tensor<3xi32>) {
  // expected-error @+1 {{expects multiplier to have 4 elements or one}}
  %y = intaglio.rescale %x, %m {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<3xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @i_add_fraction(%x: tensor<4xi16>, %m: tensor<1xi32>) {
  // expected-error @+1 {{expects fraction in 0 ... 14, found 15}}
  %y = intaglio.i_add %x, %x, %m, %m {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 15 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @lookup_table(%x: tensor<4xi8>, %t: tensor<255xi8>) {
  // expected-error @+1 {{expects a table of 256 bytes}}
  %y = intaglio.lookup %x, %t : (tensor<4xi8>, tensor<255xi8>) -> tensor<4xi8>
  return
}

// -----

func.func @i_softmax_multiplier(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects a multiplier in 0 ... 2^31 - 1 (C-DYADIC), found -1}}
  %y = intaglio.i_softmax %x {multiplier = -1 : i64, shift = 3 : i64} : (tensor<4xi8>) -> tensor<4xi16>
  return
}

// -----

func.func @i_layer_norm_gamma(%x: tensor<2x4xi16>, %g: tensor<1xi32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{expects gamma to have 4 elements, found}}
  %y = intaglio.i_layer_norm %x, %g, %b {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<1xi32>, tensor<4xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_attention_rounding(%q: tensor<1x2x8xi8>, %t: tensor<256xi8>) {
  // expected-error @+1 {{expects rounding of half a step}}
  %y = intaglio.i_attention %q, %q, %q, %t {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 7 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_embedding_multiplier(%t: tensor<5x4xi8>, %m: tensor<4xi32>, %i: tensor<2xi64>) {
  // expected-error @+1 {{expects one multiplier for each row of the table}}
  %y = intaglio.i_embedding %t, %m, %i {shift = 3 : i64, output_zp = 0 : i64} : (tensor<5x4xi8>, tensor<4xi32>, tensor<2xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_pool_width(%x: tensor<1x3x4xi16>) {
  // expected-error @+1 {{expects an i32 result}}
  %y = intaglio.i_pool %x {kind = #intaglio.pool_kind<mean>} : (tensor<1x3x4xi16>) -> tensor<1x4xi16>
  return
}

// -----

func.func @ibert_gelu_sign(%x: tensor<4xi32>) {
  // expected-error @+1 {{expects a negative b, found 1}}
  %y = intaglio.ibert_gelu %x {b = 1 : i64, c = -1 : i64, n = 14 : i64, one = -1 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @ibert_softmax_ln2(%x: tensor<4xi32>) {
  // expected-error @+1 {{expects a negative ln2, found 1}}
  %y = intaglio.ibert_softmax %x {ln2 = 1 : i64, b = 1 : i64, c = 1 : i64, n = 30 : i64, multiplier = 1 : i64, shift = 1 : i64} : (tensor<4xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @ibert_layer_norm_prescale(%x: tensor<2x4xi16>, %b: tensor<4xi64>, %m: tensor<4xi32>) {
  // expected-error @+1 {{expects prescale in 0 ... 15, found 16}}
  %y = intaglio.ibert_layer_norm %x, %b, %m {prescale = 16 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}
