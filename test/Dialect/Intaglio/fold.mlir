// RUN: intaglio-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @relu_twice
// CHECK-COUNT-1: intaglio.relu
// CHECK-NOT: intaglio.relu
func.func @relu_twice(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = intaglio.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = intaglio.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @requantize_same
// CHECK-NOT: intaglio.requantize
func.func @requantize_same(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.5>> {
  %0 = intaglio.requantize %x : tensor<4x!quant.uniform<i8:f32, 0.5>> -> tensor<4x!quant.uniform<i8:f32, 0.5>>
  return %0 : tensor<4x!quant.uniform<i8:f32, 0.5>>
}

// CHECK-LABEL: @rescale_by_one
// CHECK-NOT: intaglio.rescale
func.func @rescale_by_one(%x: tensor<4xi8>) -> tensor<4xi8> {
  %m = arith.constant dense<1024> : tensor<1xi32>
  %0 = intaglio.rescale %x, %m {shift = 10 : i64, input_zp = 3 : i64, output_zp = 3 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi8>, tensor<1xi32>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// A clamp is not the identity.
// CHECK-LABEL: @rescale_clamps
// CHECK: intaglio.rescale
func.func @rescale_clamps(%x: tensor<4xi8>) -> tensor<4xi8> {
  %m = arith.constant dense<1024> : tensor<1xi32>
  %0 = intaglio.rescale %x, %m {shift = 10 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = 0 : i64, max = 127 : i64} : (tensor<4xi8>, tensor<1xi32>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// Two forms of the same value: nothing to fold.
// CHECK-LABEL: @requantize_other
// CHECK: intaglio.requantize
func.func @requantize_other(%x: tensor<4x!quant.uniform<i8:f32, 0.5>>) -> tensor<4x!quant.uniform<i8:f32, 0.25>> {
  %0 = intaglio.requantize %x : tensor<4x!quant.uniform<i8:f32, 0.5>> -> tensor<4x!quant.uniform<i8:f32, 0.25>>
  return %0 : tensor<4x!quant.uniform<i8:f32, 0.25>>
}

// CHECK-LABEL: @rescale_moves_zero_point
// CHECK: intaglio.rescale
func.func @rescale_moves_zero_point(%x: tensor<4xi8>) -> tensor<4xi8> {
  %m = arith.constant dense<1> : tensor<1xi32>
  %0 = intaglio.rescale %x, %m {shift = 0 : i64, input_zp = 3 : i64, output_zp = 4 : i64, min = -128 : i64, max = 127 : i64} : (tensor<4xi8>, tensor<1xi32>) -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// One channel of several is not one.
// CHECK-LABEL: @rescale_by_ones
// CHECK: intaglio.rescale
// CHECK-NOT: intaglio.rescale
func.func @rescale_by_ones(%x: tensor<2xi8>) -> (tensor<2xi8>, tensor<2xi8>) {
  %m = arith.constant dense<[4, 5]> : tensor<2xi32>
  %n = arith.constant dense<[4, 4]> : tensor<2xi32>
  %0 = intaglio.rescale %x, %m {shift = 2 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<2xi8>, tensor<2xi32>) -> tensor<2xi8>
  %1 = intaglio.rescale %x, %n {shift = 2 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<2xi8>, tensor<2xi32>) -> tensor<2xi8>
  return %0, %1 : tensor<2xi8>, tensor<2xi8>
}
