// RUN: intaglio-opt %s --intaglio-pack-weights=target=avx512vnni | FileCheck %s --check-prefixes=CHECK,VNNI
// RUN: intaglio-opt %s --intaglio-pack-weights=target=avx2 | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: intaglio-opt %s --intaglio-pack-weights=target=generic | FileCheck %s --check-prefixes=CHECK,LOOPS
// RUN: not intaglio-opt %s --intaglio-pack-weights=target=avx1024 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: error: unknown target level 'avx1024'

#x = affine_map<(m, n, k) -> (m, k)>
#w = affine_map<(m, n, k) -> (n, k)>
#acc = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(m, n) -> (m, n)>
#column = affine_map<(m, n) -> (n)>

// Groups of four products; activations as u8. Groups of two; activations as they are.
// CHECK-LABEL: func.func private @linear
// VNNI-SAME: tensor<1x2x4x4xi8>
// VNNI-SAME: intaglio.tile = array<i64: 8, 1, 4, 4>
// VNNI: arith.xori
// VNNI: arith.extui
// AVX2-SAME: tensor<1x4x4x2xi8>
// AVX2-SAME: intaglio.tile = array<i64: 8, 1, 4, 2>
// AVX2-NOT: arith.xori
// LOOPS-SAME: tensor<4x8xi8>
// LOOPS-NOT: intaglio.tile
func.func private @linear(%x: tensor<?x8xi8>, %w: tensor<4x8xi8>, %bias: tensor<4xi32>, %dst: tensor<?x4xi32>) -> tensor<?x4xi32>
    attributes {intaglio.kernel = "linear"} {
  %start = linalg.generic {indexing_maps = [#column, #id], iterator_types = ["parallel", "parallel"]}
      ins(%bias : tensor<4xi32>) outs(%dst : tensor<?x4xi32>) {
  ^bb0(%b: i32, %o: i32):
    linalg.yield %b : i32
  } -> tensor<?x4xi32>
  %y = linalg.generic {indexing_maps = [#x, #w, #acc], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x8xi8>, tensor<4x8xi8>) outs(%start : tensor<?x4xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %l = arith.extsi %a : i8 to i32
    %r = arith.extsi %b : i8 to i32
    %p = arith.muli %l, %r : i32
    %s = arith.addi %c, %p : i32
    linalg.yield %s : i32
  } -> tensor<?x4xi32>
  return %y : tensor<?x4xi32>
}

// The weights in the kernel's order; 128 times their sums is taken from the bias where activations are u8.
// CHECK-LABEL: func.func @caller
// VNNI-DAG: dense<[5, -506, -1017, -1528]>
// VNNI-DAG: dense<{{\[\[\[\[}}1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3], [4, 4, 4, 4]], {{\[\[}}-1, -1, -1, -1]
// AVX2-DAG: dense<[5, 6, 7, 8]>
// AVX2-DAG: dense<{{\[\[\[\[}}1, 1], [2, 2], [3, 3], [4, 4]], {{\[\[}}1, 1]
// LOOPS-DAG: dense<{{\[\[}}1, 1, 1, 1, -1, -1, -1, -1]
func.func @caller(%x: tensor<?x8xi8>, %dst: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %w = arith.constant dense<[[1, 1, 1, 1, -1, -1, -1, -1], [2, 2, 2, 2, -1, -1, -1, -1],
                             [3, 3, 3, 3, -1, -1, -1, -1], [4, 4, 4, 4, -1, -1, -1, -1]]> : tensor<4x8xi8>
  %bias = arith.constant dense<[5, 6, 7, 8]> : tensor<4xi32>
  %y = call @linear(%x, %w, %bias, %dst) : (tensor<?x8xi8>, tensor<4x8xi8>, tensor<4xi32>, tensor<?x4xi32>) -> tensor<?x4xi32>
  return %y : tensor<?x4xi32>
}

// A kernel without bias gets an argument of zeros where activations are u8.
// CHECK-LABEL: func.func private @unbiased
// VNNI-SAME: tensor<1x2x4x4xi8>, %{{[a-z0-9]+}}: tensor<4xi32>, %{{[a-z0-9]+}}: tensor<?x4xi32>)
// AVX2-SAME: tensor<1x4x4x2xi8>, %{{[a-z0-9]+}}: tensor<?x4xi32>)
func.func private @unbiased(%x: tensor<?x8xi8>, %w: tensor<4x8xi8>, %dst: tensor<?x4xi32>) -> tensor<?x4xi32>
    attributes {intaglio.kernel = "linear"} {
  %zero = arith.constant 0 : i32
  %start = linalg.fill ins(%zero : i32) outs(%dst : tensor<?x4xi32>) -> tensor<?x4xi32>
  %y = linalg.generic {indexing_maps = [#x, #w, #acc], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<?x8xi8>, tensor<4x8xi8>) outs(%start : tensor<?x4xi32>) {
  ^bb0(%a: i8, %b: i8, %c: i32):
    %l = arith.extsi %a : i8 to i32
    %r = arith.extsi %b : i8 to i32
    %p = arith.muli %l, %r : i32
    %s = arith.addi %c, %p : i32
    linalg.yield %s : i32
  } -> tensor<?x4xi32>
  return %y : tensor<?x4xi32>
}
// CHECK-LABEL: func.func @unbiased_caller
// VNNI-DAG: dense<[-512, -1024, 512, -1536]>
func.func @unbiased_caller(%x: tensor<?x8xi8>, %dst: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %w = arith.constant dense<[[1, 1, 1, 1, 0, 0, 0, 0], [2, 2, 2, 2, 0, 0, 0, 0],
                             [-1, -1, -1, -1, 0, 0, 0, 0], [3, 3, 3, 3, 0, 0, 0, 0]]> : tensor<4x8xi8>
  %y = call @unbiased(%x, %w, %dst) : (tensor<?x8xi8>, tensor<4x8xi8>, tensor<?x4xi32>) -> tensor<?x4xi32>
  return %y : tensor<?x4xi32>
}
