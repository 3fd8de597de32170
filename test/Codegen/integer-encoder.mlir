// RUN: intaglio-opt --intaglio-lower-cpu %s | FileCheck %s
// RUN: intaglio-opt --intaglio-lower-cpu=target=avx512vnni %s | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: intaglio-opt --intaglio-lower-cpu=target=avx2 %s | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: not intaglio-opt --intaglio-lower-cpu=target=avx1024 %s 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: error: unknown target level 'avx1024'

// The integer program of an encoder layer, the boundary in functions of its own.
// CHECK-DAG: llvm.func @intaglio_model_forward(
// CHECK-DAG: llvm.func internal @intaglio_boundary_dequantize_0({{.*}}no_inline
// CHECK-DAG: llvm.func internal @i_layer_norm_0(
// CHECK-DAG: llvm.func internal @i_attention_0(
// VNNI-DAG: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"
// AVX2-DAG: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// CHECK-NOT: llvm.func @malloc
// CHECK-NOT: unrealized_conversion_cast
module {
  func.func @main(%ids: tensor<?x?xi64> {intaglio.range = array<i64: 0, 3>}, %mask: tensor<?x?xi64>) -> (tensor<?x?x8xf32>, tensor<?x8xf32>) {
    %0:2 = call @main_integer(%ids, %mask) : (tensor<?x?xi64>, tensor<?x?xi64>) -> (tensor<?x?x8xi16>, tensor<?x8xi32>)
    %1 = intaglio.dequantize %0#0 {quantized = !quant.uniform<i16:f32, 1.000000e-03>} : tensor<?x?x8xi16> -> tensor<?x?x8xf32>
    %2 = intaglio.dequantize %0#1 {quantized = !quant.uniform<i32:f32, 5.9604644775390625E-8>} : tensor<?x8xi32> -> tensor<?x8xf32>
    return %1, %2 : tensor<?x?x8xf32>, tensor<?x8xf32>
  }
  func.func private @main_integer(%ids: tensor<?x?xi64>, %mask: tensor<?x?xi64>) -> (tensor<?x?x8xi16>, tensor<?x8xi32>) {
    %table = arith.constant dense<[[1, -2, 3, -4, 5, -6, 7, -8], [10, 20, -30, 40, 50, 60, 70, -80], [127, -127, 0, 5, 9, 33, 21, 1], [3, 1, 4, 1, 5, 9, 2, 6]]> : tensor<4x8xi8>
    %tm = arith.constant dense<[1200000000, 1300000000, 1400000000, 1500000000]> : tensor<4xi32>
    %gamma = arith.constant dense<[20000, 21000, 22000, 23000, 24000, -25000, 26000, 27000]> : tensor<8xi32>
    %beta = arith.constant dense<[0, 1000000, -1000000, 5, 6, 7, 8, 9]> : tensor<8xi64>
    %w = arith.constant dense<[[1, 2, 3, 4, 5, 6, 7, 8], [127, -127, 127, -127, 1, 2, 3, 4], [9, 8, 7, 6, 5, 4, 3, 2], [-1, -2, -3, -4, -5, -6, -7, -8], [50, 40, 30, 20, 10, 0, -10, -20], [7, 7, 7, 7, 7, 7, 7, 7], [0, 0, 0, 0, 100, 0, 0, 0], [11, 22, 33, 44, 55, 66, 77, 88]]> : tensor<8x8xi8>
    %bias = arith.constant dense<[100, -100, 200, -200, 300, -300, 400, -400]> : tensor<8xi32>
    %m1 = arith.constant dense<1288490189> : tensor<1xi32>
    %m8 = arith.constant dense<[1288490189, 1188490189, 1388490189, 1488490189, 1588490189, 1688490189, 1788490189, 1888490189]> : tensor<8xi32>
    %exp = arith.constant dense<77> : tensor<256xi8>
    %e = intaglio.i_embedding %table, %tm, %ids {shift = 26 : i64, output_zp = 0 : i64} : (tensor<4x8xi8>, tensor<4xi32>, tensor<?x?xi64>) -> tensor<?x?x8xi16>
    %x = intaglio.i_layer_norm %e, %gamma, %beta {epsilon = 12 : i64, shift = 22 : i64, output_zp = 0 : i64} : (tensor<?x?x8xi16>, tensor<8xi32>, tensor<8xi64>) -> tensor<?x?x8xi16>
    %x8 = intaglio.rescale %x, %m1 {shift = 33 : i64, input_zp = 0 : i64, output_zp = 3 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x?x8xi16>, tensor<1xi32>) -> tensor<?x?x8xi8>
    %qa = intaglio.linear %x8, %w, %bias : (tensor<?x?x8xi8>, tensor<8x8xi8>, tensor<8xi32>) -> tensor<?x?x8xi32>
    %q = intaglio.rescale %qa, %m8 {shift = 37 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -127 : i64, max = 127 : i64} : (tensor<?x?x8xi32>, tensor<8xi32>) -> tensor<?x?x8xi8>
    %a = intaglio.i_attention %q, %q, %x8, %exp, %mask {num_heads = 2 : i64, score_shift = 1 : i64, step = 4096 : i64, rounding = 8 : i64, numerator = 4294967296 : i64, output_zp = 0 : i64} : (tensor<?x?x8xi8>, tensor<?x?x8xi8>, tensor<?x?x8xi8>, tensor<256xi8>, tensor<?x?xi64>) -> tensor<?x?x8xi8>
    %oa = intaglio.linear %a, %w, %bias : (tensor<?x?x8xi8>, tensor<8x8xi8>, tensor<8xi32>) -> tensor<?x?x8xi32>
    %s = intaglio.i_add %oa, %x, %m8, %m1 {lhs_shift = 36 : i64, lhs_zp = 0 : i64, rhs_shift = 22 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<?x?x8xi32>, tensor<?x?x8xi16>, tensor<8xi32>, tensor<1xi32>) -> tensor<?x?x8xi16>
    %p = intaglio.i_pool %s, %mask {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x8xi16>, tensor<?x?xi64>) -> tensor<?x8xi32>
    %n = intaglio.i_l2_normalize %p : (tensor<?x8xi32>) -> tensor<?x8xi32>
    return %s, %n : tensor<?x?x8xi16>, tensor<?x8xi32>
  }
}
