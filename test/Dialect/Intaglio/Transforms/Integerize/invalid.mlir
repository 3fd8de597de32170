// What has no integers is named with the op, and with the constraint that it breaks.
// RUN: intaglio-opt --intaglio-convert-to-integers --split-input-file --verify-diagnostics %s

// The bias is 2^31 - 1 at most, with the zero point in it: 2147483000 + 8 * 127.
func.func @main(%x: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %w = arith.constant dense<127> : tensor<1x1xi8>
  %b = arith.constant dense<2147483000> : tensor<1xi32>
  %0 = quant.scast %w : tensor<1x1xi8> to tensor<1x1x!quant.uniform<i8<-127:127>:f32, 0.25>>
  %1 = intaglio.quantize %x : tensor<?x1xf32> -> tensor<?x1x!quant.uniform<i8:f32, 0.5:-8>>
  // expected-error @below {{bias of channel 0 leaves i32 with the input's zero point folded in (C-LINEAR-3)}}
  // expected-error @below {{failed to legalize}}
  %2 = intaglio.linear %1, %0, %b : (tensor<?x1x!quant.uniform<i8:f32, 0.5:-8>>, tensor<1x1x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<1xi32>) -> tensor<?x1x!quant.uniform<i32:f32, 0.125>>
  %3 = intaglio.dequantize %2 : tensor<?x1x!quant.uniform<i32:f32, 0.125>> -> tensor<?x1xf32>
  return %3 : tensor<?x1xf32>
}

// -----

func.func @main(%x: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %w = arith.constant dense_resource<__elided__> : tensor<1x1xi8>
  %0 = quant.scast %w : tensor<1x1xi8> to tensor<1x1x!quant.uniform<i8<-127:127>:f32, 0.25>>
  %1 = intaglio.quantize %x : tensor<?x1xf32> -> tensor<?x1x!quant.uniform<i8:f32, 0.5:-8>>
  // expected-error @below {{expects a constant weight and bias with their data at hand}}
  // expected-error @below {{failed to legalize}}
  %2 = intaglio.linear %1, %0 : (tensor<?x1x!quant.uniform<i8:f32, 0.5:-8>>, tensor<1x1x!quant.uniform<i8<-127:127>:f32, 0.25>>) -> tensor<?x1x!quant.uniform<i32:f32, 0.125>>
  %3 = intaglio.dequantize %2 : tensor<?x1x!quant.uniform<i32:f32, 0.125>> -> tensor<?x1xf32>
  return %3 : tensor<?x1xf32>
}

// -----

func.func @main(%x: tensor<?x2x2xf32>) -> tensor<?x2x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2x2xf32> -> tensor<?x2x2x!quant.uniform<i8:f32, 0.5:1>>
  %1 = intaglio.quantize %x : tensor<?x2x2xf32> -> tensor<?x2x2x!quant.uniform<i8:f32, 0.25>>
  // expected-error @below {{'intaglio.matmul' op expects operands with zero point 0}}
  // expected-error @below {{failed to legalize}}
  %2 = intaglio.matmul %0, %1 : (tensor<?x2x2x!quant.uniform<i8:f32, 0.5:1>>, tensor<?x2x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x2x!quant.uniform<i32:f32, 0.125>>
  %3 = intaglio.dequantize %2 : tensor<?x2x2x!quant.uniform<i32:f32, 0.125>> -> tensor<?x2x2xf32>
  return %3 : tensor<?x2x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 1073741824.0>>
  // expected-error @below {{has a change of scale of 2^30 or more, from 1.073742e+09 to 1.000000e+00 (C-DYADIC-2)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.requantize %0 : tensor<?x2x!quant.uniform<i16:f32, 1073741824.0>> -> tensor<?x2x!quant.uniform<i8:f32, 1.0>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i8:f32, 1.0>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

// A polynomial's operand has a scale of 2^-12.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 262144.0>>
  // expected-error @below {{'intaglio.tanh' op has a change of scale of 2^30 or more, from 2.621440e+05 to 2.441406e-04 (C-DYADIC-2)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.tanh %0 : (tensor<?x2x!quant.uniform<i16:f32, 262144.0>>) -> tensor<?x2x!quant.uniform<i32:f32, 3.0517578125E-5>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i32:f32, 3.0517578125E-5>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 262144.0>>
  // expected-error @below {{'intaglio.gelu' op has a change of scale of 2^30 or more}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.gelu %0 : (tensor<?x2x!quant.uniform<i16:f32, 262144.0>>) -> tensor<?x2x!quant.uniform<i32:f32, 2.44140625E-4>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i32:f32, 2.44140625E-4>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

// Terms of a sum have 8 bits more than its result: 2^22 / 2^-8.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 4194304.0>>
  // expected-error @below {{'intaglio.add' op has a change of scale of 2^30 or more (C-DYADIC-2)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.add %0, %0 : (tensor<?x2x!quant.uniform<i16:f32, 4194304.0>>, tensor<?x2x!quant.uniform<i16:f32, 4194304.0>>) -> tensor<?x2x!quant.uniform<i16:f32, 1.0>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 1.0>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

func.func @main(%ids: tensor<?xi64>) -> tensor<?x2xf32> {
  %t = arith.constant dense<1> : tensor<1x2xi8>
  %0 = quant.scast %t : tensor<1x2xi8> to tensor<1x2x!quant.uniform<i8<-127:127>:f32:0, {1073741824.0}>>
  // expected-error @below {{has a row scale 2^30 times that of the result or more (C-DYADIC-2)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.embedding %0, %ids : (tensor<1x2x!quant.uniform<i8<-127:127>:f32:0, {1073741824.0}>>, tensor<?xi64>) -> tensor<?x2x!quant.uniform<i16:f32, 1.0>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 1.0>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2x2xf32>, %cos: tensor<2x1xf32>) -> tensor<?x2x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2x2xf32> -> tensor<?x2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  // expected-error @below {{expects constant tables with their data at hand}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.rope %0, %cos, %cos {num_heads = 1 : i64} : (tensor<?x2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<?x2x2x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x2x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2x2xf32>
  return %2 : tensor<?x2x2xf32>
}

// -----

func.func @main(%x: tensor<?x2x2xf32>) -> tensor<?x2x2xf32> {
  %cos = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %0 = intaglio.quantize %x : tensor<?x2x2xf32> -> tensor<?x2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  // expected-error @below {{expects cosines and sines, found 2}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.rope %0, %cos, %cos {num_heads = 1 : i64} : (tensor<?x2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<?x2x2x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x2x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2x2xf32>
  return %2 : tensor<?x2x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>, %g: tensor<2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  // expected-error @below {{'intaglio.rms_norm' op expects a constant gamma with its data at hand}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.rms_norm %0, %g {epsilon = 0.0 : f64} : (tensor<?x2x!quant.uniform<i16:f32, 0.25>>, tensor<2xf32>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>, %b: tensor<2xf32>) -> tensor<?x2xf32> {
  %g = arith.constant dense<1.0> : tensor<2xf32>
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  // expected-error @below {{'intaglio.layer_norm' op expects a constant beta with its data at hand}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.layer_norm %0, %g, %b {epsilon = 0.0 : f64} : (tensor<?x2x!quant.uniform<i16:f32, 0.25>>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

// Gamma fits i32 with a shift of 16 at the least: 2^32 / 1.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %g = arith.constant dense<4294967296.0> : tensor<2xf32>
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  // expected-error @below {{has gamma, beta or epsilon too large for its scales 2.500000e-01 and 1.000000e+00 (C-ILAYERNORM-1)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.rms_norm %0, %g {epsilon = 0.0 : f64} : (tensor<?x2x!quant.uniform<i16:f32, 0.25>>, tensor<2xf32>) -> tensor<?x2x!quant.uniform<i16:f32, 1.0>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 1.0>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x?x2xf32>) -> tensor<?x?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x?x2xf32> -> tensor<?x?x2x!quant.uniform<i8:f32, 0.25>>
  // expected-error @below {{expects a query without -128 (C-IATTENTION-6)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.attention %0, %0, %0 {num_heads = 1 : i64, scale = 0.5 : f64} : (tensor<?x?x2x!quant.uniform<i8:f32, 0.25>>, tensor<?x?x2x!quant.uniform<i8:f32, 0.25>>, tensor<?x?x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x?x2x!quant.uniform<i8:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x?x2x!quant.uniform<i8:f32, 0.25>> -> tensor<?x?x2xf32>
  return %2 : tensor<?x?x2xf32>
}

// -----

// The numerator has 38 bits: values are below 64 times the result's scale.
func.func @main(%x: tensor<?x?x2xf32>) -> tensor<?x?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x?x2xf32> -> tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 16.0>>
  // expected-error @below {{has no integer form for logits of step 1.280000e+02 and values 6.400000e+01 times the result's scale (C-IATTENTION-2, C-IATTENTION-4)}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.attention %0, %0, %0 {num_heads = 1 : i64, scale = 0.5 : f64} : (tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 16.0>>, tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 16.0>>, tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 16.0>>) -> tensor<?x?x2x!quant.uniform<i8:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x?x2x!quant.uniform<i8:f32, 0.25>> -> tensor<?x?x2xf32>
  return %2 : tensor<?x?x2xf32>
}

// -----

// 2^30 * ln 2 / 2^15 is the largest logit of a step.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 32768.0>>
  // expected-error @below {{'intaglio.softmax' op has no integer form for logits of step 3.276800e+04}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.softmax %0 : (tensor<?x2x!quant.uniform<i16:f32, 32768.0>>) -> tensor<?x2x!quant.uniform<i16:f32, 0.00390625>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 0.00390625>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}
