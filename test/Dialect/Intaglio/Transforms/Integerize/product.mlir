// RUN: intaglio-opt --intaglio-convert-to-integers --split-input-file %s | FileCheck %s

// A product of codes with zero point 0 is the sum itself. The accumulator's scales, 1/8 and 1/16, become 1/4: 1/2 and 1/4 are
// m * 2^-e with one e, 2^30 * 2^-31 and 2^29 * 2^-31.
// CHECK-LABEL: func.func @main(
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}1, 2], [3, -4]]> : tensor<2x2xi8>
// CHECK: %[[B:.*]] = arith.constant dense<[5, -6]> : tensor<2xi32>
// CHECK: %[[P:.*]] = intaglio.linear %{{.*}}, %[[W]], %[[B]] : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<?x2xi32>
// CHECK: %[[M:.*]] = arith.constant dense<[1073741824, 536870912]> : tensor<2xi32>
// CHECK: intaglio.rescale %[[P]], %[[M]] {input_zp = 0 : i64, max = 127 : i64, min = -128 : i64, output_zp = 7 : i64, shift = 31 : i64}
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>
  %b = arith.constant dense<[5, -6]> : tensor<2xi32>
  %0 = quant.scast %w : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>>
  %1 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i8:f32, 0.5>>
  %2 = intaglio.linear %1, %0, %b : (tensor<?x2x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<i32:f32:1, {0.125, 0.0625}>>
  %3 = intaglio.requantize %2 : tensor<?x2x!quant.uniform<i32:f32:1, {0.125, 0.0625}>> -> tensor<?x2x!quant.uniform<i8:f32, 0.25:7>>
  %4 = intaglio.dequantize %3 : tensor<?x2x!quant.uniform<i8:f32, 0.25:7>> -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// -----

// A zero point goes into the bias, bias - 3 * (sum of the row): 5 - 3 * 3 = -4, -6 - 3 * -1 = -3; without a bias -9 and 3.
// CHECK-LABEL: func.func @main(
// CHECK: %[[B:.*]] = arith.constant dense<[-4, -3]> : tensor<2xi32>
// CHECK: intaglio.linear %{{.*}}, %{{.*}}, %[[B]] : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<?x2xi32>
// CHECK: %[[C:.*]] = arith.constant dense<[-9, 3]> : tensor<2xi32>
// CHECK: intaglio.linear %{{.*}}, %{{.*}}, %[[C]] : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2xi32>) -> tensor<?x2xi32>
func.func @main(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = arith.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>
  %b = arith.constant dense<[5, -6]> : tensor<2xi32>
  %0 = quant.scast %w : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  %1 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i8:f32, 0.5:3>>
  %2 = intaglio.linear %1, %0, %b : (tensor<?x2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<i32:f32, 0.125>>
  %3 = intaglio.linear %1, %0 : (tensor<?x2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>) -> tensor<?x2x!quant.uniform<i32:f32, 0.125>>
  %4 = intaglio.dequantize %2 : tensor<?x2x!quant.uniform<i32:f32, 0.125>> -> tensor<?x2xf32>
  %5 = intaglio.dequantize %3 : tensor<?x2x!quant.uniform<i32:f32, 0.125>> -> tensor<?x2xf32>
  return %4, %5 : tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @main(
// CHECK: %[[P:.*]] = intaglio.matmul %{{.*}}, %{{.*}} {transpose_rhs} : (tensor<?x2x4xi8>, tensor<?x3x4xi8>) -> tensor<?x2x3xi32>
// CHECK-NEXT: intaglio.dequantize %[[P]] {quantized = !quant.uniform<i32:f32, 1.250000e-01>} : tensor<?x2x3xi32> -> tensor<?x2x3xf32>
func.func @main(%x: tensor<?x2x4xf32>, %y: tensor<?x3x4xf32>) -> tensor<?x2x3xf32> {
  %0 = intaglio.quantize %x : tensor<?x2x4xf32> -> tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>
  %1 = intaglio.quantize %y : tensor<?x3x4xf32> -> tensor<?x3x4x!quant.uniform<i8:f32, 0.25>>
  %2 = intaglio.matmul %0, %1 {transpose_rhs} : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x3x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x3x!quant.uniform<i32:f32, 0.125>>
  %3 = intaglio.dequantize %2 : tensor<?x2x3x!quant.uniform<i32:f32, 0.125>> -> tensor<?x2x3xf32>
  return %3 : tensor<?x2x3xf32>
}
