// RUN: intaglio-opt --intaglio-convert-to-integers=nonlinear=ibert --split-input-file --verify-diagnostics %s
// RUN: not intaglio-opt --intaglio-convert-to-integers=nonlinear=best --split-input-file %s 2>&1 | FileCheck %s
// CHECK: error: nonlinear: expects minimax or ibert, found 'best'

// An exponential has no form where a step is more than ln 2.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 1.0>>
  // expected-error @below {{'intaglio.softmax' op has no integer form of I-BERT for logits of step 1.000000e+00}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.softmax %0 : (tensor<?x2x!quant.uniform<i16:f32, 1.0>>) -> tensor<?x2x!quant.uniform<i16:f32, 0.00390625>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 0.00390625>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x?x2xf32>) -> tensor<?x?x2xf32> {
  %0 = intaglio.quantize %x : tensor<?x?x2xf32> -> tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 2.0>>
  // expected-error @below {{'intaglio.attention' op has no integer form of I-BERT for logits of step 2.000000e+00}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.attention %0, %0, %0 {num_heads = 1 : i64, scale = 0.5 : f64} : (tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 2.0>>, tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 2.0>>, tensor<?x?x2x!quant.uniform<i8<-127:127>:f32, 2.0>>) -> tensor<?x?x2x!quant.uniform<i8:f32, 2.0>>
  %2 = intaglio.dequantize %1 : tensor<?x?x2x!quant.uniform<i8:f32, 2.0>> -> tensor<?x?x2xf32>
  return %2 : tensor<?x?x2xf32>
}

// -----

// beta is in units of gamma: without gamma there is none.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %g = arith.constant dense<0.0> : tensor<2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  // expected-error @below {{'intaglio.layer_norm' op has gamma or beta without an integer form of I-BERT at scale 1.250000e-01}}
  // expected-error @below {{failed to legalize}}
  %1 = intaglio.layer_norm %0, %g, %b {epsilon = 0.0 : f64} : (tensor<?x2x!quant.uniform<i16:f32, 0.25>>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x!quant.uniform<i16:f32, 0.125>>
  %2 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 0.125>> -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}
