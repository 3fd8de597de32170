// RUN: intaglio-opt --intaglio-convert-to-integers --split-input-file %s | FileCheck %s
// RUN: intaglio-opt --intaglio-convert-to-integers=nonlinear=ibert --split-input-file %s | FileCheck %s --check-prefix=IBERT

// C-ILAYERNORM-1 with n = 4, S = 1/4, S_out = 1/8, shift 30: epsilon = 16 * (1/256) * 16 = 1; gamma = 2 * 8 * 2^14 = 2^18, -2^17;
// beta = 1 * 8 * 2^30 = 2^33.
// CHECK-LABEL: func.func @main(
// CHECK: %[[G:.*]] = arith.constant dense<[262144, -131072, 0, 131072]> : tensor<4xi32>
// CHECK: %[[B:.*]] = arith.constant dense<[8589934592, 0, -8589934592, 4294967296]> : tensor<4xi64>
// CHECK: intaglio.i_layer_norm %{{.*}}, %[[G]], %[[B]] {epsilon = 1 : i64, output_zp = 0 : i64, shift = 30 : i64} : (tensor<?x4xi16>, tensor<4xi32>, tensor<4xi64>) -> tensor<?x4xi16>

// I-BERT: sums of 4 squares of differences of i16 codes need one bit dropped, 4 * (32769 + 1)^2 is above 2^32. A norm has sqrt(n) / 2^30
// = 2^-29 a unit: beta = 1 / 2 * 2^29 = 2^28; a gamma of 0 stands for 2^-16 of the largest, 2^-15: beta = -1 * 2^15 * 2^29. The multipliers
// are gamma * 2^-29 / S_out = 2^-25 = 2^30 * 2^-55 and its parts.
// IBERT-LABEL: func.func @main(
// IBERT: %[[B:.*]] = arith.constant dense<[268435456, 0, -17592186044416, 268435456]> : tensor<4xi64>
// IBERT: %[[M:.*]] = arith.constant dense<[1073741824, -536870912, 16384, 536870912]> : tensor<4xi32>
// IBERT: intaglio.ibert_layer_norm %{{.*}}, %[[B]], %[[M]] {output_zp = 0 : i64, prescale = 1 : i64, shift = 55 : i64} : (tensor<?x4xi16>, tensor<4xi64>, tensor<4xi32>) -> tensor<?x4xi16>
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %g = arith.constant dense<[2.0, -1.0, 0.0, 1.0]> : tensor<4xf32>
  %b = arith.constant dense<[1.0, 0.0, -1.0, 0.5]> : tensor<4xf32>
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i16:f32, 0.25>>
  %1 = intaglio.layer_norm %0, %g, %b {epsilon = 0.00390625 : f64} : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.125>>
  %2 = intaglio.dequantize %1 : tensor<?x4x!quant.uniform<i16:f32, 0.125>> -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

// Codes narrower than their type are clamped behind the op. RMSNorm has no beta; large gammas a smaller shift: 2^20 * 8 * 2^(t-16)
// fits i32 up to t = 23.
// CHECK-LABEL: func.func @main(
// CHECK: %[[G:.*]] = arith.constant dense<1073741824> : tensor<4xi32>
// CHECK: %[[N:.*]] = intaglio.i_rms_norm %{{.*}}, %[[G]] {epsilon = 0 : i64, output_zp = 5 : i64, shift = 23 : i64} : (tensor<?x4xi16>, tensor<4xi32>) -> tensor<?x4xi8>
// CHECK: %[[ONE:.*]] = arith.constant dense<1> : tensor<1xi32>
// CHECK: intaglio.rescale %[[N]], %[[ONE]] {input_zp = 0 : i64, max = 127 : i64, min = -127 : i64, output_zp = 0 : i64, shift = 0 : i64}
// IBERT-LABEL: func.func @main(
// IBERT: intaglio.i_rms_norm
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %g = arith.constant dense<1048576.0> : tensor<4xf32>
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i16:f32, 0.25>>
  %1 = intaglio.rms_norm %0, %g {epsilon = 0.0 : f64} : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>, tensor<4xf32>) -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.125:5>>
  %2 = intaglio.dequantize %1 : tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.125:5>> -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

// A norm that differs from an earlier one by a factor for each channel, 1/2 and 1/4 in gamma and beta, is a rescale of its codes:
// 1/2 * (1/4) / (1/4) = 2^30 * 2^-31 and 2^29 * 2^-31.
// CHECK-LABEL: func.func @main(
// CHECK: %[[N:.*]] = intaglio.i_layer_norm
// CHECK: %[[M:.*]] = arith.constant dense<[1073741824, 536870912]> : tensor<2xi32>
// CHECK: intaglio.rescale %[[N]], %[[M]] {input_zp = 0 : i64, max = 127 : i64, min = -128 : i64, output_zp = 1 : i64, shift = 31 : i64} : (tensor<?x2xi16>, tensor<2xi32>) -> tensor<?x2xi8>
// CHECK-NOT: i_layer_norm
// IBERT-LABEL: func.func @main(
// IBERT: intaglio.ibert_layer_norm
// IBERT-NOT: ibert_layer_norm
func.func @main(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %g = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %h = arith.constant dense<[0.5, 0.5]> : tensor<2xf32>
  %c = arith.constant dense<[1.5, 1.0]> : tensor<2xf32>
  %0 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  %1 = intaglio.layer_norm %0, %g, %b {epsilon = 0.0 : f64} : (tensor<?x2x!quant.uniform<i16:f32, 0.25>>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.layer_norm %0, %h, %c {epsilon = 0.0 : f64} : (tensor<?x2x!quant.uniform<i16:f32, 0.25>>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:1>>
  %3 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2xf32>
  %4 = intaglio.dequantize %2 : tensor<?x2x!quant.uniform<i8:f32, 0.25:1>> -> tensor<?x2xf32>
  return %3, %4 : tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @main(
// CHECK: intaglio.i_l2_normalize %{{.*}} : (tensor<?x4xi16>) -> tensor<?x4xi32>
// CHECK-NEXT: intaglio.dequantize %{{.*}} {quantized = !quant.uniform<i32:f32, 5.9604644775390625E-8>}
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i16:f32, 0.25>>
  %1 = intaglio.l2_normalize %0 : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x4x!quant.uniform<i32:f32, 5.9604644775390625E-8>>
  %2 = intaglio.dequantize %1 : tensor<?x4x!quant.uniform<i32:f32, 5.9604644775390625E-8>> -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}
