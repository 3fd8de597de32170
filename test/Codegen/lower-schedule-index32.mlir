// RUN: intaglio-opt --intaglio-lower-cpu=index-bits=32 %s | FileCheck %s

// Sizes and addresses have the width of the target's index; a dim is cut to it, the arena is measured in 64 bits.
// CHECK-LABEL: llvm.func internal @i_add_0(
// CHECK-SAME: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: i32, %{{[^:]*}}: i32
// CHECK-LABEL: llvm.func @intaglio_model_arena_bytes(%{{.*}}: !llvm.ptr, %{{.*}}: i32) -> i64
// CHECK-LABEL: llvm.func @intaglio_model_forward(
// CHECK: %[[DIM:.*]] = llvm.load {{.*}} -> i64
// CHECK: llvm.trunc %[[DIM]] : i64 to i32
// CHECK: llvm.call @i_add_0({{.*}}) : (!llvm.ptr, !llvm.ptr, i32, i32, i32, i32, i32,
// CHECK-NOT: unrealized_conversion_cast
module attributes {dlti.dl_spec = #dlti.dl_spec<index = 32 : i32>} {
  func.func @main(%x: tensor<?x4xi8>) -> tensor<?x4xi8> {
    %m = arith.constant dense<1288490189> : tensor<1xi32>
    %y = intaglio.i_add %x, %x, %m, %m {lhs_shift = 36 : i64, lhs_zp = 0 : i64, rhs_shift = 22 : i64, rhs_zp = 0 : i64, fraction = 8 : i64, output_zp = 0 : i64} : (tensor<?x4xi8>, tensor<?x4xi8>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x4xi8>
    return %y : tensor<?x4xi8>
  }
}
