// RUN: intaglio-opt --intaglio-flatten-transfers %s | FileCheck %s

// CHECK-LABEL: func.func @contiguous(
// CHECK: vector.transfer_read {{.*}} : memref<{{.*}}xi8{{.*}}>, vector<64xi8>
func.func @contiguous(%m: memref<2x64x4xi8>) -> vector<1x16x4xi8> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i8
  %v = vector.transfer_read %m[%c0, %c0, %c0], %zero {in_bounds = [true, true, true]} : memref<2x64x4xi8>, vector<1x16x4xi8>
  return %v : vector<1x16x4xi8>
}

// A vector of one element stays: nothing in it is contiguous.
// CHECK-LABEL: func.func @one_element(
// CHECK: vector.transfer_read {{.*}} : memref<2x64xi32>, vector<1x1xi32>
// CHECK: vector.transfer_write {{.*}} : vector<1x1xi32>, memref<2x64xi32>
func.func @one_element(%m: memref<2x64xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %v = vector.transfer_read %m[%c0, %c0], %zero {in_bounds = [true, true]} : memref<2x64xi32>, vector<1x1xi32>
  vector.transfer_write %v, %m[%c1, %c0] {in_bounds = [true, true]} : vector<1x1xi32>, memref<2x64xi32>
  return
}
