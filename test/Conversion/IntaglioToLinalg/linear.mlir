// RUN: intaglio-opt --intaglio-outline-kernels --intaglio-convert-intaglio-to-linalg %s | FileCheck %s

// The kernel's form: the bias broadcast, the product summed onto it, the epilogue into the destination.
// CHECK-LABEL: func.func private @linear_0(
// CHECK-SAME: %[[X:[^ :,]*]]: tensor<?x4xi8> {intaglio.sliced}, %[[W:[^ :,]*]]: tensor<8x4xi8>, %[[B:[^ :,]*]]: tensor<8xi32>
// CHECK-SAME: %[[TABLE:[^ :,]*]]: tensor<256xi8>, %[[DST:[^ :,]*]]: tensor<?x8xi8> {intaglio.sliced})
// CHECK: %[[BIAS:.*]] = linalg.broadcast ins(%[[B]]
// CHECK: %[[ACC:.*]] = linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "reduction"]
// CHECK-SAME: ins(%[[X]], %[[W]]
// CHECK: %[[Q:.*]] = linalg.generic {{.*}} ins(%[[ACC]]
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%[[Q]] : tensor<?x8xi8>) outs(%[[DST]]
// CHECK: tensor.extract %[[TABLE]]
// CHECK: return %[[Y]]
func.func @main(%x: tensor<?x?x4xi8>) -> tensor<?x?x8xi8> {
  %w = arith.constant dense<3> : tensor<8x4xi8>
  %b = arith.constant dense<7> : tensor<8xi32>
  %m = arith.constant dense<1288490189> : tensor<1xi32>
  %t = arith.constant dense<1> : tensor<256xi8>
  %0 = intaglio.linear %x, %w, %b : (tensor<?x?x4xi8>, tensor<8x4xi8>, tensor<8xi32>) -> tensor<?x?x8xi32>
  %1 = intaglio.rescale %0, %m {shift = 36 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x?x8xi32>, tensor<1xi32>) -> tensor<?x?x8xi8>
  %2 = intaglio.lookup %1, %t : (tensor<?x?x8xi8>, tensor<256xi8>) -> tensor<?x?x8xi8>
  return %2 : tensor<?x?x8xi8>
}
