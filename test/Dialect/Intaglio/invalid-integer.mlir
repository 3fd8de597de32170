// RUN: intaglio-opt %s --split-input-file --verify-diagnostics

func.func @rescale_shift(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 63}}
  %r = intaglio.rescale %a, %b {shift = 63 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_negative_shift(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found -1}}
  %r = intaglio.rescale %a, %b {shift = -1 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_input_zp(%a: tensor<4xi8>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects input_zp to fit i8 (C-CODE-1), found 128}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 128 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi8>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_output_zp(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects output_zp to fit i8 (C-CODE-1), found -129}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 0 : i64, output_zp = -129 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_min(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects min to fit i8 (C-CODE-1), found -200}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -200 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_max(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects max to fit i8 (C-CODE-1), found 128}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 128 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_empty_range(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects min <= max (C-RESCALE-2), found 3 and 2}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = 3 : i64, max = 2 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_channels(%a: tensor<4xi32>, %b: tensor<3xi32>) {
  // expected-error @+1 {{expects multiplier to have 4 elements or one (C-CHANNELS-1)}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<3xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @rescale_shape(%a: tensor<4xi32>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.rescale %a, %b {shift = 6 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi32>, tensor<1xi32>) -> tensor<5xi8>
  return
}

// -----

func.func @i_add_fraction(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects fraction in 0 ... 14 (C-IADD-2), found 15}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 15 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_lhs_shift(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects lhs_shift in 0 ... 62 (C-SHIFT-1), found 63}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 63 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_rhs_shift(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects rhs_shift in 0 ... 62 (C-SHIFT-1), found -1}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = -1 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_lhs_zp(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects lhs_zp to fit i16 (C-CODE-1), found 32768}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 32768 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_rhs_zp(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects rhs_zp to fit i16 (C-CODE-1), found -32769}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = -32769 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_output_zp(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects output_zp to fit i8 (C-CODE-1), found 200}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 200 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi8>
  return
}

// -----

func.func @i_add_lhs_multiplier(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<2xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects lhs_multiplier to have 4 elements or one (C-CHANNELS-1)}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<2xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_rhs_multiplier(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<2xi32>) {
  // expected-error @+1 {{expects rhs_multiplier to have 4 elements or one (C-CHANNELS-1)}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<2xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_operands(%a: tensor<4xi16>, %b: tensor<5xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<5xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<4xi16>
  return
}

// -----

func.func @i_add_result(%a: tensor<4xi16>, %b: tensor<4xi16>, %c: tensor<1xi32>, %d: tensor<1xi32>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_add %a, %b, %c, %d {lhs_shift = 6 : i64, lhs_zp = 0 : i64, rhs_shift = 6 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<4xi16>, tensor<4xi16>, tensor<1xi32>, tensor<1xi32>) -> tensor<5xi16>
  return
}

// -----

func.func @i_mul_shape(%a: tensor<4xi8>, %b: tensor<5xi8>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_mul %a, %b {lhs_zp = 0 : i64, rhs_zp = 0 : i64} : (tensor<4xi8>, tensor<5xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_mul_lhs_zp(%a: tensor<4xi8>, %b: tensor<4xi8>) {
  // expected-error @+1 {{expects lhs_zp to fit i8 (C-CODE-1), found 128}}
  %r = intaglio.i_mul %a, %b {lhs_zp = 128 : i64, rhs_zp = 0 : i64} : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_mul_rhs_zp(%a: tensor<4xi8>, %b: tensor<4xi8>) {
  // expected-error @+1 {{expects rhs_zp to fit i8 (C-CODE-1), found 128}}
  %r = intaglio.i_mul %a, %b {lhs_zp = 0 : i64, rhs_zp = 128 : i64} : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @lookup_table(%a: tensor<4xi8>, %b: tensor<255xi8>) {
  // expected-error @+1 {{expects a table of 256 bytes (C-LOOKUP-1)}}
  %r = intaglio.lookup %a, %b : (tensor<4xi8>, tensor<255xi8>) -> tensor<4xi8>
  return
}

// -----

func.func @lookup_shape(%a: tensor<4xi8>, %b: tensor<256xi8>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.lookup %a, %b : (tensor<4xi8>, tensor<256xi8>) -> tensor<5xi8>
  return
}

// -----

func.func @i_gelu_width(%a: tensor<4xi8>) {
  // expected-error @+1 {{must be ranked tensor of 16-bit signless integer or 32-bit signless integer values}}
  %r = intaglio.i_gelu %a : (tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_gelu_types(%a: tensor<4xi16>) {
  // expected-error @+1 {{expects one element type (C-IGELU-3), found 'i16' and 'i32'}}
  %r = intaglio.i_gelu %a {fraction = 11 : i64} : (tensor<4xi16>) -> tensor<4xi32>
  return
}

// -----

func.func @i_gelu_fraction(%a: tensor<4xi16>) {
  // expected-error @+1 {{expects 8 ... 11 fraction bits on 'i16' (C-IGELU-3), found 12}}
  %r = intaglio.i_gelu %a : (tensor<4xi16>) -> tensor<4xi16>
  return
}

// -----

func.func @i_gelu_wide_fraction(%a: tensor<4xi32>) {
  // expected-error @+1 {{expects 12 fraction bits on 'i32' (C-IGELU-3), found 11}}
  %r = intaglio.i_gelu %a {fraction = 11 : i64} : (tensor<4xi32>) -> tensor<4xi32>
  return
}

// -----

func.func @i_sigmoid_width(%a: tensor<4xi8>) {
  // expected-error @+1 {{must be ranked tensor of 32-bit signless integer values}}
  %r = intaglio.i_sigmoid %a : (tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_tanh_width(%a: tensor<4xi8>) {
  // expected-error @+1 {{must be ranked tensor of 32-bit signless integer values}}
  %r = intaglio.i_tanh %a : (tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_silu_width(%a: tensor<4xi8>) {
  // expected-error @+1 {{must be ranked tensor of 32-bit signless integer values}}
  %r = intaglio.i_silu %a : (tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_sqrt_width(%a: tensor<4xi8>) {
  // expected-error @+1 {{must be ranked tensor of 32-bit signless integer values}}
  %r = intaglio.i_sqrt %a : (tensor<4xi8>) -> tensor<4xi32>
  return
}

// -----

func.func @i_softmax_multiplier(%a: tensor<4xi8>) {
  // expected-error @+1 {{expects a multiplier in 0 ... 2^31 - 1 (C-DYADIC-1), found -1}}
  %r = intaglio.i_softmax %a {multiplier = -1 : i64, shift = 3 : i64} : (tensor<4xi8>) -> tensor<4xi16>
  return
}

// -----

func.func @i_softmax_shift(%a: tensor<4xi8>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 63}}
  %r = intaglio.i_softmax %a {multiplier = 1 : i64, shift = 63 : i64} : (tensor<4xi8>) -> tensor<4xi16>
  return
}

// -----

func.func @i_layer_norm_gamma(%a: tensor<2x4xi16>, %b: tensor<1xi32>, %c: tensor<4xi64>) {
  // expected-error @+1 {{expects gamma to have 4 elements (C-CHANNELS-1), found}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<1xi32>, tensor<4xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_layer_norm_beta(%a: tensor<2x4xi16>, %b: tensor<4xi32>, %c: tensor<1xi64>) {
  // expected-error @+1 {{expects beta to have 4 elements (C-CHANNELS-1), found}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>, tensor<1xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_layer_norm_shift(%a: tensor<2x4xi16>, %b: tensor<4xi32>, %c: tensor<4xi64>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 64}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 64 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>, tensor<4xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_layer_norm_epsilon(%a: tensor<2x4xi16>, %b: tensor<4xi32>, %c: tensor<4xi64>) {
  // expected-error @+1 {{expects a non-negative epsilon (C-ILAYERNORM-2), found -1}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = -1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>, tensor<4xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_layer_norm_zp(%a: tensor<2x4xi16>, %b: tensor<4xi32>, %c: tensor<4xi64>) {
  // expected-error @+1 {{expects output_zp to fit i16 (C-CODE-1), found 40000}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 3 : i64, output_zp = 40000 : i64} : (tensor<2x4xi16>, tensor<4xi32>, tensor<4xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_layer_norm_dynamic(%a: tensor<2x?xi16>, %b: tensor<?xi32>, %c: tensor<?xi64>) {
  // expected-error @+1 {{expects a static last axis of 1 ... 65535 (C-ILAYERNORM-3)}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x?xi16>, tensor<?xi32>, tensor<?xi64>) -> tensor<2x?xi16>
  return
}

// -----

func.func @i_layer_norm_long(%a: tensor<2x65536xi16>, %b: tensor<65536xi32>, %c: tensor<65536xi64>) {
  // expected-error @+1 {{expects a static last axis of 1 ... 65535 (C-ILAYERNORM-3)}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x65536xi16>, tensor<65536xi32>, tensor<65536xi64>) -> tensor<2x65536xi16>
  return
}

// -----

func.func @i_layer_norm_shape(%a: tensor<2x4xi16>, %b: tensor<4xi32>, %c: tensor<4xi64>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_layer_norm %a, %b, %c {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>, tensor<4xi64>) -> tensor<3x4xi16>
  return
}

// -----

func.func @i_rms_norm_gamma(%a: tensor<2x4xi16>, %b: tensor<1xi32>) {
  // expected-error @+1 {{expects gamma to have 4 elements (C-CHANNELS-1), found}}
  %r = intaglio.i_rms_norm %a, %b {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<1xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_rms_norm_shift(%a: tensor<2x4xi16>, %b: tensor<4xi32>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 64}}
  %r = intaglio.i_rms_norm %a, %b {epsilon = 1 : i64, shift = 64 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_rms_norm_epsilon(%a: tensor<2x4xi16>, %b: tensor<4xi32>) {
  // expected-error @+1 {{expects a non-negative epsilon (C-ILAYERNORM-2), found -1}}
  %r = intaglio.i_rms_norm %a, %b {epsilon = -1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_rms_norm_dynamic(%a: tensor<2x?xi16>, %b: tensor<?xi32>) {
  // expected-error @+1 {{expects a static last axis of 1 ... 65535 (C-ILAYERNORM-3)}}
  %r = intaglio.i_rms_norm %a, %b {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x?xi16>, tensor<?xi32>) -> tensor<2x?xi16>
  return
}

// -----

func.func @i_rms_norm_shape(%a: tensor<2x4xi16>, %b: tensor<4xi32>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_rms_norm %a, %b {epsilon = 1 : i64, shift = 3 : i64, output_zp = 0 : i64} : (tensor<2x4xi16>, tensor<4xi32>) -> tensor<3x4xi16>
  return
}

// -----

func.func @i_attention_rank(%a: tensor<2x8xi8>, %b: tensor<2x8xi8>, %c: tensor<2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects [batch, sequence, channels] (C-ATTENTION-1)}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<2x8xi8>, tensor<2x8xi8>, tensor<2x8xi8>, tensor<256xi8>) -> tensor<2x8xi8>
  return
}

// -----

func.func @i_attention_shapes(%a: tensor<1x2x8xi8>, %b: tensor<1x3x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x3x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_heads(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{(C-ATTENTION-2), found 3}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 3 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_mask(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>, %e: tensor<1x3xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] (C-MASK-1)}}
  %r = intaglio.i_attention %a, %b, %c, %d, %e {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>, tensor<1x3xi64>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_zp(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects output_zp to fit i8 (C-CODE-1), found 200}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 200 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_table(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<16xi8>) {
  // expected-error @+1 {{expects a table of 256 bytes (C-LOOKUP-1)}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<16xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_score_shift(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects score_shift in 0 ... 15 (C-IATTENTION-5), found 16}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 16 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_step(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects step in 64 ... 65535 (C-IATTENTION-2), found 63}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 63 : i64, rounding = 8 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_rounding(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects rounding of half a step, (65536 + step) / (2 * step) (C-IATTENTION-3), found 7}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 7 : i64, numerator = 1 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_attention_numerator(%a: tensor<1x2x8xi8>, %b: tensor<1x2x8xi8>, %c: tensor<1x2x8xi8>, %d: tensor<256xi8>) {
  // expected-error @+1 {{expects numerator in 0 ... 2^38 - 1 (C-IATTENTION-4), found 274877906944}}
  %r = intaglio.i_attention %a, %b, %c, %d {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 274877906944 : i64, output_zp = 0 : i64} : (tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<1x2x8xi8>, tensor<256xi8>) -> tensor<1x2x8xi8>
  return
}

// -----

func.func @i_embedding_table(%a: tensor<?x4xi8>, %b: tensor<?xi32>, %c: tensor<2xi64>) {
  // expected-error @+1 {{expects a static table [rows, channels] (C-IEMBEDDING-2)}}
  %r = intaglio.i_embedding %a, %b, %c {shift = 3 : i64, output_zp = 0 : i64} : (tensor<?x4xi8>, tensor<?xi32>, tensor<2xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_embedding_multiplier(%a: tensor<5x4xi8>, %b: tensor<4xi32>, %c: tensor<2xi64>) {
  // expected-error @+1 {{expects one multiplier for each row of the table (C-IEMBEDDING-3)}}
  %r = intaglio.i_embedding %a, %b, %c {shift = 3 : i64, output_zp = 0 : i64} : (tensor<5x4xi8>, tensor<4xi32>, tensor<2xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_embedding_result(%a: tensor<5x4xi8>, %b: tensor<5xi32>, %c: tensor<2xi64>) {
  // expected-error @+1 {{expects the ids' shape and the table's channels (C-IEMBEDDING-4)}}
  %r = intaglio.i_embedding %a, %b, %c {shift = 3 : i64, output_zp = 0 : i64} : (tensor<5x4xi8>, tensor<5xi32>, tensor<2xi64>) -> tensor<2x5xi16>
  return
}

// -----

func.func @i_embedding_shift(%a: tensor<5x4xi8>, %b: tensor<5xi32>, %c: tensor<2xi64>) {
  // expected-error @+1 {{expects shift in 0 ... 62 (C-SHIFT-1), found 63}}
  %r = intaglio.i_embedding %a, %b, %c {shift = 63 : i64, output_zp = 0 : i64} : (tensor<5x4xi8>, tensor<5xi32>, tensor<2xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_embedding_zp(%a: tensor<5x4xi8>, %b: tensor<5xi32>, %c: tensor<2xi64>) {
  // expected-error @+1 {{expects output_zp to fit i16 (C-CODE-1), found 40000}}
  %r = intaglio.i_embedding %a, %b, %c {shift = 3 : i64, output_zp = 40000 : i64} : (tensor<5x4xi8>, tensor<5xi32>, tensor<2xi64>) -> tensor<2x4xi16>
  return
}

// -----

func.func @i_rope_odd_head(%a: tensor<1x4x12xi8>, %b: tensor<8x3xi16>, %c: tensor<8x3xi16>) {
  // expected-error @+1 {{expects [batch, sequence, num_heads * head] with an even head (C-ROPE-1)}}
  %r = intaglio.i_rope %a, %b, %c {num_heads = 4 : i64} : (tensor<1x4x12xi8>, tensor<8x3xi16>, tensor<8x3xi16>) -> tensor<1x4x12xi16>
  return
}

// -----

func.func @i_rope_tables(%a: tensor<1x4x12xi8>, %b: tensor<8x2xi16>, %c: tensor<8x2xi16>) {
  // expected-error @+1 {{expects cos and sin [positions, head / 2] (C-ROPE-2)}}
  %r = intaglio.i_rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x12xi8>, tensor<8x2xi16>, tensor<8x2xi16>) -> tensor<1x4x12xi16>
  return
}

// -----

func.func @i_rope_two_tables(%a: tensor<1x4x12xi8>, %b: tensor<8x3xi16>, %c: tensor<9x3xi16>) {
  // expected-error @+1 {{expects cos and sin [positions, head / 2] (C-ROPE-2)}}
  %r = intaglio.i_rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x12xi8>, tensor<8x3xi16>, tensor<9x3xi16>) -> tensor<1x4x12xi16>
  return
}

// -----

func.func @i_rope_shape(%a: tensor<1x4x12xi8>, %b: tensor<8x3xi16>, %c: tensor<8x3xi16>) {
  // expected-error @+1 {{expects one shape (C-SHAPE-1)}}
  %r = intaglio.i_rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x12xi8>, tensor<8x3xi16>, tensor<8x3xi16>) -> tensor<1x5x12xi16>
  return
}

// -----

func.func @i_pool_shape(%a: tensor<1x3x4xi16>) {
  // expected-error @+1 {{expects [batch, sequence, c] to [batch, c] (C-IPOOL-2)}}
  %r = intaglio.i_pool %a {kind = #intaglio.pool_kind<mean>} : (tensor<1x3x4xi16>) -> tensor<1x5xi32>
  return
}

// -----

func.func @i_pool_mean_width(%a: tensor<1x3x4xi16>) {
  // expected-error @+1 {{expects an i32 result (C-IPOOL-3)}}
  %r = intaglio.i_pool %a {kind = #intaglio.pool_kind<mean>} : (tensor<1x3x4xi16>) -> tensor<1x4xi16>
  return
}

// -----

func.func @i_pool_max_width(%a: tensor<1x3x4xi16>) {
  // expected-error @+1 {{expects an i16 result (C-IPOOL-3)}}
  %r = intaglio.i_pool %a {kind = #intaglio.pool_kind<max>} : (tensor<1x3x4xi16>) -> tensor<1x4xi32>
  return
}

// -----

func.func @i_pool_mask(%a: tensor<1x3x4xi16>, %b: tensor<1x4xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] (C-MASK-1)}}
  %r = intaglio.i_pool %a, %b {kind = #intaglio.pool_kind<mean>} : (tensor<1x3x4xi16>, tensor<1x4xi64>) -> tensor<1x4xi32>
  return
}

// -----

func.func @i_l2_normalize_width(%a: tensor<4xi8>) {
  // expected-error @+1 {{must be ranked tensor of 16-bit signless integer or 32-bit signless integer values}}
  %r = intaglio.i_l2_normalize %a : (tensor<4xi8>) -> tensor<4xi32>
  return
}
