// RUN: intaglio-opt %s --split-input-file --verify-diagnostics

func.func @observe_mask(%x: tensor<2x3x8xf32>, %m: tensor<2x4xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] of the data's leading axes (C-MASK-1)}}
  %r = intaglio.observe %x, %m {id = "a"} : tensor<2x3x8xf32>, tensor<2x4xi64>
  return
}

// -----

func.func @observe_mask_rank(%x: tensor<2xf32>, %m: tensor<2x4xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] of the data's leading axes (C-MASK-1)}}
  %r = intaglio.observe %x, %m {id = "a"} : tensor<2xf32>, tensor<2x4xi64>
  return
}

// -----

func.func @fake_quant_type(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expects a uniform quantized type (C-SCALE-2), found 'i8'}}
  %r = intaglio.fake_quant %x as i8 : tensor<4x8xf32>
  return
}

// -----

func.func @fake_quant_any(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expects a uniform quantized type (C-SCALE-2), found}}
  %r = intaglio.fake_quant %x as !quant.any<i8:f32> : tensor<4x8xf32>
  return
}

// -----

func.func @fake_quant_axis(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{expects one scale for each index of axis 0 (C-SCALE-3), found 2 scales}}
  %r = intaglio.fake_quant %x as !quant.uniform<i8:f32:0, {1.0, 2.0}> : tensor<4x8xf32>
  return
}

// -----

func.func @fake_quant_no_axis(%x: tensor<2xf32>) {
  // expected-error @+1 {{expects one scale for each index of axis 1 (C-SCALE-3), found 2 scales}}
  %r = intaglio.fake_quant %x as !quant.uniform<i8:f32:1, {1.0, 2.0}> : tensor<2xf32>
  return
}

// -----

func.func @quantize_twice(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects no `quantized` attribute where the tensor's type says it (C-QUANTIZE-2)}}
  %r = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0>} : tensor<4xf32> -> tensor<4x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @quantize_storage(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects integers of the storage type of}}
  %r = intaglio.quantize %x {quantized = !quant.uniform<i16:f32, 1.0>} : tensor<4xf32> -> tensor<4xi8>
  return
}

// -----

func.func @quantize_untyped(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects `quantized` to say what the plain integers mean (C-QUANTIZE-2)}}
  %r = intaglio.quantize %x : tensor<4xf32> -> tensor<4xi8>
  return
}

// -----

func.func @quantize_type(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects a uniform quantized type (C-SCALE-2), found 'f32'}}
  %r = intaglio.quantize %x {quantized = f32} : tensor<4xf32> -> tensor<4xi8>
  return
}

// -----

func.func @quantize_shape(%x: tensor<4xf32>) {
  // expected-error @+1 {{requires the same shape for all operands and results}}
  %r = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 1.0>} : tensor<4xf32> -> tensor<5xi8>
  return
}

// -----

func.func @dequantize_untyped(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects `quantized` to say what the plain integers mean (C-QUANTIZE-2)}}
  %r = intaglio.dequantize %x : tensor<4xi8> -> tensor<4xf32>
  return
}

// -----

func.func @dequantize_axis(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects one scale for each index of axis 0 (C-SCALE-3), found 2 scales}}
  %r = intaglio.dequantize %x {quantized = !quant.uniform<i8:f32:0, {1.0, 2.0}>} : tensor<4xi8> -> tensor<4xf32>
  return
}

// -----

func.func @requantize_per_axis(%x: tensor<2x!quant.uniform<i32:f32, 1.0>>) {
  // expected-error @+1 {{expects a per-tensor quantized result (C-REQUANTIZE-2)}}
  %r = intaglio.requantize %x : tensor<2x!quant.uniform<i32:f32, 1.0>> -> tensor<2x!quant.uniform<i8:f32:0, {1.0, 2.0}>>
  return
}

// -----

func.func @requantize_any(%x: tensor<2x!quant.any<i8:f32>>) {
  // expected-error @+1 {{expects a uniform quantized type (C-SCALE-2)}}
  %r = intaglio.requantize %x : tensor<2x!quant.any<i8:f32>> -> tensor<2x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @requantize_axis(%x: tensor<3x!quant.uniform<i32:f32:0, {1.0, 2.0}>>) {
  // expected-error @+1 {{expects one scale for each index of axis 0 (C-SCALE-3), found 2 scales}}
  %r = intaglio.requantize %x : tensor<3x!quant.uniform<i32:f32:0, {1.0, 2.0}>> -> tensor<3x!quant.uniform<i8:f32, 1.0>>
  return
}

// -----

func.func @block_size(%c: tensor<8xi8>, %a: tensor<1xf32>) {
  // expected-error @+1 {{expects a positive block_size (C-BLOCK-2), found 0}}
  %r = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<nf4>, block_size = 0 : i64} : tensor<8xi8>, tensor<1xf32> -> tensor<16xf32>
  return
}

// -----

func.func @block_dynamic(%c: tensor<?xi8>, %a: tensor<1xf32>) {
  // expected-error @+1 {{expects static shapes (C-BLOCK-2)}}
  %r = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<nf4>, block_size = 64 : i64} : tensor<?xi8>, tensor<1xf32> -> tensor<16xf32>
  return
}

// -----

func.func @block_codes(%c: tensor<7xi8>, %a: tensor<1xf32>) {
  // expected-error @+1 {{expects 8 bytes of codes for 16 elements (C-BLOCK-3), found 7}}
  %r = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<nf4>, block_size = 64 : i64} : tensor<7xi8>, tensor<1xf32> -> tensor<16xf32>
  return
}

// -----

func.func @block_maxima(%c: tensor<8xi8>, %a: tensor<1xf32>) {
  // expected-error @+1 {{expects 2 block maxima (C-BLOCK-3), found 1}}
  %r = intaglio.dequantize_block %c, %a {code = #intaglio.block_code<nf4>, block_size = 8 : i64} : tensor<8xi8>, tensor<1xf32> -> tensor<16xf32>
  return
}

// -----

func.func @source_name(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects the name of an operator (C-SOURCE-1)}}
  %r = intaglio.source "" opset 13 (%x) : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @source_present(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects as many inputs as `present` marks (C-SOURCE-2): 2, found 1}}
  %r = intaglio.source "Clip" opset 13 (%x) {present = array<i1: true, false, true>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}
