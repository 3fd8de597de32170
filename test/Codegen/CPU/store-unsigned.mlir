// RUN: intaglio-opt --intaglio-lower-cpu=target=avx512vnni %s --mlir-print-ir-after=intaglio-store-unsigned -o /dev/null 2>&1 | FileCheck %s

// The rescale writes x XOR 0x80 for the linear kernel that alone reads it, which reads bytes as they are.
// CHECK-LABEL: func.func private @rescale_0(
// CHECK: arith.xori
// CHECK: linalg.yield
// CHECK-LABEL: func.func private @linear_0(
// CHECK-NOT: arith.xori
// CHECK: linalg.yield
// CHECK-LABEL: func.func private @rescale_1(
// CHECK-NOT: arith.xori

// The program's input is no kernel's: the second kernel flips what it reads.
// CHECK-LABEL: func.func private @linear_1(
// CHECK: arith.xori
func.func @main(%x: tensor<?x16xi16>, %z: tensor<?x32xi8>) -> (tensor<?x16xi32>, tensor<?x16xi16>, tensor<?x16xi32>) {
  %m = arith.constant dense<1288490189> : tensor<1xi32>
  %w = arith.constant dense<3> : tensor<16x16xi8>
  %v = arith.constant dense<5> : tensor<16x32xi8>
  %b = arith.constant dense<7> : tensor<16xi32>
  %0 = intaglio.rescale %x, %m {shift = 36 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x16xi16>, tensor<1xi32>) -> tensor<?x16xi8>
  %1 = intaglio.linear %0, %w, %b : (tensor<?x16xi8>, tensor<16x16xi8>, tensor<16xi32>) -> tensor<?x16xi32>
  %2 = intaglio.rescale %x, %m {shift = 36 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x16xi16>, tensor<1xi32>) -> tensor<?x16xi16>
  %3 = intaglio.linear %z, %v, %b : (tensor<?x32xi8>, tensor<16x32xi8>, tensor<16xi32>) -> tensor<?x16xi32>
  return %1, %2, %3 : tensor<?x16xi32>, tensor<?x16xi16>, tensor<?x16xi32>
}
