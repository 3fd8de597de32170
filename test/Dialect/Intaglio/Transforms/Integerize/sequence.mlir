// RUN: intaglio-opt --intaglio-convert-to-integers --split-input-file %s | FileCheck %s

// A multiplier for each row, 1/2 and 3/8 of the result's step with one shift: 2^30 * 2^-31, 3 * 2^28 * 2^-31.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: attributes {intaglio.max_dims = {sequence = 65536 : i64}}
// CHECK: %[[T:.*]] = arith.constant dense<{{\[\[}}1, 2], [3, 4]]> : tensor<2x2xi8>
// CHECK: %[[M:.*]] = arith.constant dense<[1073741824, 805306368]> : tensor<2xi32>
// CHECK: intaglio.i_embedding %[[T]], %[[M]], %{{.*}} {output_zp = 0 : i64, shift = 31 : i64} : (tensor<2x2xi8>, tensor<2xi32>, tensor<?x?xi64>) -> tensor<?x?x2xi16>
func.func @main(%ids: tensor<?x?xi64> {intaglio.range = array<i64: 0, 1>}) -> tensor<?x?x2xf32> {
  %t = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>
  %0 = quant.scast %t : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.5, 0.375}>>
  %1 = intaglio.embedding %0, %ids : (tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.5, 0.375}>>, tensor<?x?xi64>) -> tensor<?x?x2x!quant.uniform<i16:f32, 1.0>>
  %2 = intaglio.dequantize %1 : tensor<?x?x2x!quant.uniform<i16:f32, 1.0>> -> tensor<?x?x2xf32>
  return %2 : tensor<?x?x2xf32>
}

// -----

// A limit of the model's own stays; dims are limited by name, batches are not.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: attributes {intaglio.max_dims = {length = 65536 : i64, sequence = 7 : i64}}
func.func @main(%x: tensor<?x?xi64>, %y: tensor<?x?xi64> {intaglio.dims = ["batch", "length"]}) -> (tensor<?x?xi64>, tensor<?x?xi64>) attributes {intaglio.max_dims = {sequence = 7 : i64}} {
  return %x, %y : tensor<?x?xi64>, tensor<?x?xi64>
}

// -----

// A mean has 8 bits more; a maximum and the first token are codes as they were.
// CHECK-LABEL: func.func @main(
// CHECK: intaglio.i_pool %[[X:.*]], %[[MASK:.*]] {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x2xi16>, tensor<?x?xi64>) -> tensor<?x2xi32>
// CHECK: intaglio.i_pool %[[X]], %[[MASK]] {kind = #intaglio.pool_kind<max>} : (tensor<?x?x2xi16>, tensor<?x?xi64>) -> tensor<?x2xi16>
// CHECK: intaglio.i_pool %[[X]] {kind = #intaglio.pool_kind<cls>} : (tensor<?x?x2xi16>) -> tensor<?x2xi16>
// CHECK: intaglio.dequantize %{{.*}} {quantized = !quant.uniform<i32:f32, 9.765625E-4>}
func.func @main(%x: tensor<?x?x2xf32>, %mask: tensor<?x?xi64>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
  %0 = intaglio.quantize %x : tensor<?x?x2xf32> -> tensor<?x?x2x!quant.uniform<i16:f32, 0.25>>
  %1 = intaglio.pool %0, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x2x!quant.uniform<i16:f32, 0.25>>, tensor<?x?xi64>) -> tensor<?x2x!quant.uniform<i32:f32, 0.0009765625>>
  %2 = intaglio.pool %0, %mask {kind = #intaglio.pool_kind<max>} : (tensor<?x?x2x!quant.uniform<i16:f32, 0.25>>, tensor<?x?xi64>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  %3 = intaglio.pool %0 {kind = #intaglio.pool_kind<cls>} : (tensor<?x?x2x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  %4 = intaglio.dequantize %1 : tensor<?x2x!quant.uniform<i32:f32, 0.0009765625>> -> tensor<?x2xf32>
  %5 = intaglio.dequantize %2 : tensor<?x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2xf32>
  %6 = intaglio.dequantize %3 : tensor<?x2x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2xf32>
  return %4, %5, %6 : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// Tables have 14 fraction bits: 1 is 16384, 0.5 is 8192, 0.1 is 1638.4, ties go away from zero: 0.5 / 16384 is 1.
// CHECK-LABEL: func.func @main(
// CHECK: %[[C:.*]] = arith.constant dense<{{\[\[}}16384, 8192], [1638, 1]]> : tensor<2x2xi16>
// CHECK: %[[S:.*]] = arith.constant dense<{{\[\[}}0, -16384], [-1638, -1]]> : tensor<2x2xi16>
// CHECK: intaglio.i_rope %{{.*}}, %[[C]], %[[S]] {num_heads = 1 : i64} : (tensor<?x2x4xi8>, tensor<2x2xi16>, tensor<2x2xi16>) -> tensor<?x2x4xi16>
func.func @main(%x: tensor<?x2x4xf32>) -> tensor<?x2x4xf32> {
  %c = arith.constant dense<[[1.0, 0.5], [0.1, 3.0517578125e-5]]> : tensor<2x2xf32>
  %s = arith.constant dense<[[0.0, -1.0], [-0.1, -3.0517578125e-5]]> : tensor<2x2xf32>
  %0 = intaglio.quantize %x : tensor<?x2x4xf32> -> tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  %1 = intaglio.rope %0, %c, %s {num_heads = 1 : i64} : (tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<?x2x4x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x2x4x!quant.uniform<i16:f32, 0.25>> -> tensor<?x2x4xf32>
  return %2 : tensor<?x2x4xf32>
}
