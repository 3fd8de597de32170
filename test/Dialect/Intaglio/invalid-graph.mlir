// RUN: intaglio-opt %s --split-input-file --verify-diagnostics

func.func @linear_ranks(%a: tensor<2x8xf32>, %b: tensor<8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects x of rank 1 or more and a weight [out, in] (C-LINEAR-5)}}
  %r = intaglio.linear %a, %b : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @linear_inner(%a: tensor<2x8xf32>, %b: tensor<4x7xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects x's last axis (8) to be the weight's second (7) (C-LINEAR-5)}}
  %r = intaglio.linear %a, %b : (tensor<2x8xf32>, tensor<4x7xf32>) -> tensor<2x4xf32>
  return
}

// -----

// C-SHAPE-2.
func.func @linear_shape(%a: tensor<2x8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{are incompatible with return type(s)}}
  %r = intaglio.linear %a, %b : (tensor<2x8xf32>, tensor<4x8xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @linear_bias_length(%a: tensor<2x8xf32>, %b: tensor<4x8xf32>, %c: tensor<5xf32>) {
  // expected-error @+1 {{expects bias to be a vector of 4 elements (C-CHANNELS-1)}}
  %r = intaglio.linear %a, %b, %c : (tensor<2x8xf32>, tensor<4x8xf32>, tensor<5xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @linear_bias_type(%a: tensor<2x8xi8>, %b: tensor<4x8xi8>, %c: tensor<4xi64>) {
  // expected-error @+1 {{expects an i32 bias (C-LINEAR-6), found}}
  %r = intaglio.linear %a, %b, %c : (tensor<2x8xi8>, tensor<4x8xi8>, tensor<4xi64>) -> tensor<2x4xi32>
  return
}

// -----

func.func @linear_bias_float(%a: tensor<2x8xf32>, %b: tensor<4x8xf32>, %c: tensor<4xi32>) {
  // expected-error @+1 {{expects an f32 bias (C-LINEAR-6), found}}
  %r = intaglio.linear %a, %b, %c : (tensor<2x8xf32>, tensor<4x8xf32>, tensor<4xi32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @linear_per_axis_x(%a: tensor<2x1x!quant.uniform<i8:f32:0, {0.5, 0.5}>>, %b: tensor<4x1x!quant.uniform<i8<-127:127>:f32, 0.5>>) {
  // expected-error @+1 {{expects a per-tensor quantized left operand (C-LINEAR-1)}}
  %r = intaglio.linear %a, %b : (tensor<2x1x!quant.uniform<i8:f32:0, {0.5, 0.5}>>, tensor<4x1x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<2x4x!quant.uniform<i32:f32, 0.25>>
  return
}

// -----

func.func @linear_scale(%a: tensor<2x8x!quant.uniform<i8:f32, 0.5>>, %b: tensor<4x8x!quant.uniform<i8<-127:127>:f32, 0.5>>) {
  // expected-error @+1 {{expects accumulator scale 2.500000e-01 = 5.000000e-01 * 5.000000e-01 in channel 0 (C-LINEAR-2)}}
  %r = intaglio.linear %a, %b : (tensor<2x8x!quant.uniform<i8:f32, 0.5>>, tensor<4x8x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<2x4x!quant.uniform<i32:f32, 0.5>>
  return
}

// -----

func.func @linear_accumulator(%a: tensor<2x8x!quant.uniform<i8:f32, 0.5>>, %b: tensor<4x8x!quant.uniform<i8<-127:127>:f32, 0.5>>) {
  // expected-error @+1 {{expects an i32 accumulator with 1 scales (C-LINEAR-2)}}
  %r = intaglio.linear %a, %b : (tensor<2x8x!quant.uniform<i8:f32, 0.5>>, tensor<4x8x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<2x4x!quant.uniform<i16:f32, 0.25>>
  return
}

// -----

func.func @linear_integer_result(%a: tensor<2x8xi8>, %b: tensor<4x8xi8>) {
  // expected-error @+1 {{expects i8 operands and an i32 result (C-LINEAR-3)}}
  %r = intaglio.linear %a, %b : (tensor<2x8xi8>, tensor<4x8xi8>) -> tensor<2x4xi16>
  return
}

// -----

func.func @linear_asymmetric_weight(%a: tensor<2x8x!quant.uniform<i8:f32, 0.5>>, %b: tensor<4x8x!quant.uniform<i8:f32, 0.5:1>>) {
  // expected-error @+1 {{expects a symmetric right side, zero point 0 (C-LINEAR-4)}}
  %r = intaglio.linear %a, %b : (tensor<2x8x!quant.uniform<i8:f32, 0.5>>, tensor<4x8x!quant.uniform<i8:f32, 0.5:1>>) -> tensor<2x4x!quant.uniform<i32:f32, 0.25>>
  return
}

// -----

func.func @linear_scales_of_inputs(%a: tensor<2x2x!quant.uniform<i8:f32, 0.5>>, %b: tensor<4x2x!quant.uniform<i8:f32:1, {0.5, 0.5}>>) {
  // expected-error @+1 {{expects scales of the right side per tensor, or on axis 0 of a weight (C-LINEAR-4)}}
  %r = intaglio.linear %a, %b : (tensor<2x2x!quant.uniform<i8:f32, 0.5>>, tensor<4x2x!quant.uniform<i8:f32:1, {0.5, 0.5}>>) -> tensor<2x4x!quant.uniform<i32:f32, 0.25>>
  return
}

// -----

func.func @linear_mixed(%a: tensor<2x8xf32>, %b: tensor<4x8xi8>) {
  // expected-error @+1 {{expects float, quantized or integer operands and result, not a mix (C-FAMILY-1)}}
  %r = intaglio.linear %a, %b : (tensor<2x8xf32>, tensor<4x8xi8>) -> tensor<2x4xf32>
  return
}

// -----

func.func @matmul_ranks(%a: tensor<2x4x8xf32>, %b: tensor<8x4xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects two operands of one rank, 2 or more (C-MATMUL-1)}}
  %r = intaglio.matmul %a, %b : (tensor<2x4x8xf32>, tensor<8x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @matmul_batch(%a: tensor<2x4x8xf32>, %b: tensor<3x8x4xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects equal leading axes (C-MATMUL-1)}}
  %r = intaglio.matmul %a, %b : (tensor<2x4x8xf32>, tensor<3x8x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @matmul_inner(%a: tensor<4x8xf32>, %b: tensor<8x4xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects equal inner axes (C-MATMUL-1)}}
  %r = intaglio.matmul %a, %b {transpose_rhs} : (tensor<4x8xf32>, tensor<8x4xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @matmul_per_axis_rhs(%a: tensor<2x2x!quant.uniform<i8:f32, 0.5>>, %b: tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.5}>>) {
  // expected-error @+1 {{expects scales of the right side per tensor, or on axis 0 of a weight (C-LINEAR-4)}}
  %r = intaglio.matmul %a, %b : (tensor<2x2x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.5}>>) -> tensor<2x2x!quant.uniform<i32:f32, 0.25>>
  return
}

// -----

func.func @attention_rank(%a: tensor<2x8xf32>, %b: tensor<2x8xf32>, %c: tensor<2x8xf32>) {
  // expected-error @+1 {{expects [batch, sequence, channels] (C-ATTENTION-1)}}
  %r = intaglio.attention %a, %b, %c {num_heads = 2 : i64, scale = 1.0 : f64} : (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @attention_shapes(%a: tensor<2x5x8xf32>, %b: tensor<2x4x8xf32>, %c: tensor<2x5x8xf32>) {
  // expected-error @+1 {{expects query, key and value of one shape (C-ATTENTION-1)}}
  %r = intaglio.attention %a, %b, %c {num_heads = 2 : i64, scale = 1.0 : f64} : (tensor<2x5x8xf32>, tensor<2x4x8xf32>, tensor<2x5x8xf32>) -> tensor<2x5x8xf32>
  return
}

// -----

func.func @attention_heads(%a: tensor<?x?x384xf32>, %b: tensor<?x?x384xf32>, %c: tensor<?x?x384xf32>) {
  // expected-error @+1 {{expects num_heads to divide 384 channels (C-ATTENTION-2), found 7}}
  %r = intaglio.attention %a, %b, %c {num_heads = 7 : i64, scale = 1.0 : f64} : (tensor<?x?x384xf32>, tensor<?x?x384xf32>, tensor<?x?x384xf32>) -> tensor<?x?x384xf32>
  return
}

// -----

func.func @attention_no_heads(%a: tensor<?x?x384xf32>, %b: tensor<?x?x384xf32>, %c: tensor<?x?x384xf32>) {
  // expected-error @+1 {{expects num_heads to divide 384 channels (C-ATTENTION-2), found 0}}
  %r = intaglio.attention %a, %b, %c {num_heads = 0 : i64, scale = 1.0 : f64} : (tensor<?x?x384xf32>, tensor<?x?x384xf32>, tensor<?x?x384xf32>) -> tensor<?x?x384xf32>
  return
}

// -----

func.func @attention_mask(%a: tensor<2x5x8xf32>, %b: tensor<2x5x8xf32>, %c: tensor<2x5x8xf32>, %d: tensor<2x4xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] of the data's leading axes (C-MASK-1)}}
  %r = intaglio.attention %a, %b, %c, %d {num_heads = 2 : i64, scale = 1.0 : f64} : (tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<2x5x8xf32>, tensor<2x4xi64>) -> tensor<2x5x8xf32>
  return
}

// -----

func.func @attention_integer(%a: tensor<2x5x8xi8>, %b: tensor<2x5x8xi8>, %c: tensor<2x5x8xi8>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.attention %a, %b, %c {num_heads = 2 : i64, scale = 1.0 : f64} : (tensor<2x5x8xi8>, tensor<2x5x8xi8>, tensor<2x5x8xi8>) -> tensor<2x5x8xi8>
  return
}

// -----

func.func @softmax_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.softmax %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @softmax_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.softmax %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @gelu_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.gelu %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @gelu_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.gelu %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @silu_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.silu %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @silu_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.silu %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @sigmoid_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.sigmoid %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @sigmoid_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.sigmoid %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @tanh_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.tanh %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @tanh_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.tanh %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @relu_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.relu %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @relu_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.relu %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @l2_normalize_integer(%a: tensor<2x8xi32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.l2_normalize %a : (tensor<2x8xi32>) -> tensor<2x8xi32>
  return
}

// -----

func.func @l2_normalize_mixed(%a: tensor<2x8xf32>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.l2_normalize %a : (tensor<2x8xf32>) -> tensor<2x8x!quant.uniform<i32:f32, 5.9604644775390625E-8>>
  return
}

// -----

// C-SHAPE-2.
func.func @gelu_shape(%a: tensor<2x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{are incompatible with return type(s)}}
  %r = intaglio.gelu %a : (tensor<2x8xf32>) -> tensor<2x9xf32>
  return
}

// -----

func.func @l2_normalize_scale(%a: tensor<2x8x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error @+1 {{5.9604644775390625E-8>' (C-L2NORMALIZE-1), found}}
  %r = intaglio.l2_normalize %a : (tensor<2x8x!quant.uniform<i16:f32, 0.5>>) -> tensor<2x8x!quant.uniform<i32:f32, 0.5>>
  return
}

// -----

func.func @layer_norm_epsilon(%a: tensor<2x8xf32>, %b: tensor<8xf32>, %c: tensor<8xf32>) {
  // expected-error @+1 {{expects a non-negative epsilon (C-LAYERNORM-2)}}
  %r = intaglio.layer_norm %a, %b, %c {epsilon = -1.0 : f64} : (tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @layer_norm_gamma(%a: tensor<2x8xf32>, %b: tensor<7xf32>, %c: tensor<8xf32>) {
  // expected-error @+1 {{expects gamma to be a vector of 8 elements (C-CHANNELS-1)}}
  %r = intaglio.layer_norm %a, %b, %c {epsilon = 1.0 : f64} : (tensor<2x8xf32>, tensor<7xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @layer_norm_beta(%a: tensor<2x8xf32>, %b: tensor<8xf32>, %c: tensor<1x8xf32>) {
  // expected-error @+1 {{expects beta to be a vector of 8 elements (C-CHANNELS-1)}}
  %r = intaglio.layer_norm %a, %b, %c {epsilon = 1.0 : f64} : (tensor<2x8xf32>, tensor<8xf32>, tensor<1x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @layer_norm_integer(%a: tensor<2x8xi16>, %b: tensor<8xf32>, %c: tensor<8xf32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.layer_norm %a, %b, %c {epsilon = 1.0 : f64} : (tensor<2x8xi16>, tensor<8xf32>, tensor<8xf32>) -> tensor<2x8xi16>
  return
}

// -----

func.func @rms_norm_epsilon(%a: tensor<2x8xf32>, %b: tensor<8xf32>) {
  // expected-error @+1 {{expects a non-negative epsilon (C-LAYERNORM-2)}}
  %r = intaglio.rms_norm %a, %b {epsilon = 0x7FF8000000000000 : f64} : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_norm_gamma(%a: tensor<2x8xf32>, %b: tensor<7xf32>) {
  // expected-error @+1 {{expects gamma to be a vector of 8 elements (C-CHANNELS-1)}}
  %r = intaglio.rms_norm %a, %b {epsilon = 1.0 : f64} : (tensor<2x8xf32>, tensor<7xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_norm_integer(%a: tensor<2x8xi16>, %b: tensor<8xf32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.rms_norm %a, %b {epsilon = 1.0 : f64} : (tensor<2x8xi16>, tensor<8xf32>) -> tensor<2x8xi16>
  return
}

// -----

func.func @add_shape(%a: tensor<2x8xf32>, %b: tensor<2x9xf32>) {
  // expected-error @+1 {{expects operands of one shape (C-SHAPE-1)}}
  %r = intaglio.add %a, %b : (tensor<2x8xf32>, tensor<2x9xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @add_integer(%a: tensor<8xi16>, %b: tensor<8xi16>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.add %a, %b : (tensor<8xi16>, tensor<8xi16>) -> tensor<8xi16>
  return
}

// -----

func.func @add_mixed(%a: tensor<8xf32>, %b: tensor<8xi8>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.add %a, %b : (tensor<8xf32>, tensor<8xi8>) -> tensor<8xf32>
  return
}

// -----

func.func @mul_shape(%a: tensor<2x8xf32>, %b: tensor<2x9xf32>) {
  // expected-error @+1 {{expects operands of one shape (C-SHAPE-1)}}
  %r = intaglio.mul %a, %b : (tensor<2x8xf32>, tensor<2x9xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @mul_integer(%a: tensor<8xi16>, %b: tensor<8xi16>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.mul %a, %b : (tensor<8xi16>, tensor<8xi16>) -> tensor<8xi16>
  return
}

// -----

func.func @mul_mixed(%a: tensor<8xf32>, %b: tensor<8xi8>) {
  // expected-error @+1 {{not a mix (C-FAMILY-1)}}
  %r = intaglio.mul %a, %b : (tensor<8xf32>, tensor<8xi8>) -> tensor<8xf32>
  return
}

// -----

func.func @embedding_rank(%a: tensor<8xf32>, %b: tensor<2x3xi64>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects a table [rows, channels] (C-EMBEDDING-1)}}
  %r = intaglio.embedding %a, %b : (tensor<8xf32>, tensor<2x3xi64>) -> tensor<2x3x8xf32>
  return
}

// -----

func.func @embedding_integer(%a: tensor<8x4xi8>, %b: tensor<2xi64>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.embedding %a, %b : (tensor<8x4xi8>, tensor<2xi64>) -> tensor<2x4xi8>
  return
}

// -----

func.func @position_ids_rank(%a: tensor<3xi64>) {
  // expected-error @+1 {{expects ids [batch, sequence] (C-POSITIONIDS-1)}}
  %r = intaglio.position_ids %a : tensor<3xi64>
  return
}

// -----

func.func @rope_odd_head(%a: tensor<1x4x10xf32>, %b: tensor<8x2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{expects [batch, sequence, num_heads * head] with an even head (C-ROPE-1)}}
  %r = intaglio.rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x10xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<1x4x10xf32>
  return
}

// -----

func.func @rope_dynamic(%a: tensor<1x4x?xf32>, %b: tensor<8x2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{expects [batch, sequence, num_heads * head] with an even head (C-ROPE-1)}}
  %r = intaglio.rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x?xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<1x4x?xf32>
  return
}

// -----

func.func @rope_head(%a: tensor<1x4x12xf32>, %b: tensor<8x2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{expects cos and sin [positions, head / 2] (C-ROPE-2)}}
  %r = intaglio.rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x12xf32>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<1x4x12xf32>
  return
}

// -----

func.func @rope_integer(%a: tensor<1x4x8xi8>, %b: tensor<8x2xf32>, %c: tensor<8x2xf32>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.rope %a, %b, %c {num_heads = 2 : i64} : (tensor<1x4x8xi8>, tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<1x4x8xi8>
  return
}

// -----

func.func @pool_rank(%a: tensor<4x8xf32>) {
  // expected-error @+2 {{failed to infer returned types}}
  // expected-error @+1 {{expects [batch, sequence, channels] (C-POOL-1)}}
  %r = intaglio.pool %a {kind = #intaglio.pool_kind<cls>} : (tensor<4x8xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @pool_mask(%a: tensor<4x8x2xf32>, %b: tensor<4xi64>) {
  // expected-error @+1 {{expects a mask [batch, sequence] of the data's leading axes (C-MASK-1)}}
  %r = intaglio.pool %a, %b {kind = #intaglio.pool_kind<mean>} : (tensor<4x8x2xf32>, tensor<4xi64>) -> tensor<4x2xf32>
  return
}

// -----

func.func @pool_integer(%a: tensor<4x8x2xi16>) {
  // expected-error @+1 {{has no form on plain integers (C-FAMILY-2)}}
  %r = intaglio.pool %a {kind = #intaglio.pool_kind<max>} : (tensor<4x8x2xi16>) -> tensor<4x2xi16>
  return
}
