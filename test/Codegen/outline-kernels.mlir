// RUN: intaglio-opt --intaglio-outline-kernels %s | FileCheck %s

// A linear op and the elementwise ops behind it are one kernel; equal kernels are one function.
// CHECK-LABEL: func.func @main
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]]
// CHECK: call @linear_0
// CHECK: call @linear_0
// CHECK-LABEL: func.func private @linear_0(
// CHECK-SAME: tensor<?x4xi8> {intaglio.sliced}
// CHECK-SAME: tensor<?x4xi8> {intaglio.sliced}) -> tensor<?x4xi8> attributes {intaglio.kernel = "linear"}
// CHECK: intaglio.linear
// CHECK: intaglio.rescale
// CHECK-NOT: func.func
func.func @main(%x: tensor<?x?x4xi8>) -> tensor<?x?x4xi8> {
  %w = arith.constant dense<3> : tensor<4x4xi8>
  %v = arith.constant dense<5> : tensor<4x4xi8>
  %b = arith.constant dense<7> : tensor<4xi32>
  %m = arith.constant dense<1288490189> : tensor<1xi32>
  %0 = intaglio.linear %x, %w, %b : (tensor<?x?x4xi8>, tensor<4x4xi8>, tensor<4xi32>) -> tensor<?x?x4xi32>
  %1 = intaglio.rescale %0, %m {shift = 36 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x?x4xi32>, tensor<1xi32>) -> tensor<?x?x4xi8>
  %2 = intaglio.linear %1, %v, %b : (tensor<?x?x4xi8>, tensor<4x4xi8>, tensor<4xi32>) -> tensor<?x?x4xi32>
  %3 = intaglio.rescale %2, %m {shift = 36 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x?x4xi32>, tensor<1xi32>) -> tensor<?x?x4xi8>
  return %3 : tensor<?x?x4xi8>
}
