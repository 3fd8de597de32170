// RUN: intaglio-opt --intaglio-lower-cpu=target=avx2 %s | FileCheck %s

// A quotient stays where it is, and so do its operands, though others that read them move to the write they serve.
// CHECK: llvm.func internal @linear_0(
// CHECK: llvm.udiv
func.func @main(%x: tensor<?x8xi8>) -> tensor<?x8xi8> {
  %w = arith.constant dense<3> : tensor<8x8xi8>
  %b = arith.constant dense<7> : tensor<8xi32>
  %m = arith.constant dense<1288490189> : tensor<1xi32>
  %0 = intaglio.linear %x, %w, %b : (tensor<?x8xi8>, tensor<8x8xi8>, tensor<8xi32>) -> tensor<?x8xi32>
  %1 = intaglio.rescale %0, %m {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -16777216 : i64, max = 16777216 : i64} : (tensor<?x8xi32>, tensor<1xi32>) -> tensor<?x8xi32>
  %2 = intaglio.i_tanh %1 : (tensor<?x8xi32>) -> tensor<?x8xi32>
  %3 = intaglio.rescale %2, %m {shift = 38 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x8xi32>, tensor<1xi32>) -> tensor<?x8xi8>
  return %3 : tensor<?x8xi8>
}
