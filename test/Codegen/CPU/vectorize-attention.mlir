// RUN: intaglio-opt --intaglio-vectorize-attention=target=avx512vnni+vbmi %s | FileCheck %s --check-prefixes=CHECK,VBMI
// RUN: intaglio-opt --intaglio-vectorize-attention=target=avx2 %s | FileCheck %s --check-prefixes=CHECK,AVX2
// RUN: intaglio-opt --intaglio-vectorize-attention=target=generic %s | FileCheck %s --check-prefix=LOOPS
// RUN: not intaglio-opt --intaglio-vectorize-attention=target=avx1024 %s 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: error: unknown target level 'avx1024'

// Scores, numerators by table, output: three loops on memory.
// LOOPS: intaglio.i_attention
// CHECK-LABEL: func.func private @bytes(
// CHECK-SAME: memref<?x?x32xi8>
// CHECK-NOT: tensor
// VBMI: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// VBMI: llvm.call_intrinsic "llvm.x86.avx512.packusdw.512"
// VBMI: llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.qi.512"
// VBMI: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// AVX2: vector.gather
// AVX2: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// CHECK: return
func.func private @bytes(%q: tensor<?x?x32xi8>, %k: tensor<?x?x32xi8>, %v: tensor<?x?x32xi8>, %t: tensor<256xi8>, %m: tensor<?x?xi64>,
    %begin: index, %end: index, %scratch: tensor<?xi32> {intaglio.scratch}, %dst: tensor<?x?x32xi8>) -> tensor<?x?x32xi8>
    attributes {intaglio.kernel = "attention"} {
  %y = intaglio.i_attention %q, %k, %v, %t, %m {num_heads = 2 : i64, score_shift = 4 : i64, step = 4096 : i64, rounding = 8 : i64,
      numerator = 4294967296 : i64, output_zp = 0 : i64}
      : (tensor<?x?x32xi8>, tensor<?x?x32xi8>, tensor<?x?x32xi8>, tensor<256xi8>, tensor<?x?xi64>) -> tensor<?x?x32xi8>
  return %y : tensor<?x?x32xi8>
}

// CHECK-LABEL: func.func private @floats(
// CHECK: vector.fma
// CHECK: math.exp
// CHECK: vector.fma
func.func private @floats(%q: tensor<?x?x32xf32>, %k: tensor<?x?x32xf32>, %v: tensor<?x?x32xf32>,
    %begin: index, %end: index, %scratch: tensor<?xf32> {intaglio.scratch}, %dst: tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
    attributes {intaglio.kernel = "attention"} {
  %y = intaglio.attention %q, %k, %v {num_heads = 2 : i64, scale = 0.25 : f64}
      : (tensor<?x?x32xf32>, tensor<?x?x32xf32>, tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
  return %y : tensor<?x?x32xf32>
}

// Heads of 3 channels, and scores rounded by more than the keys' offset, are left to loops.
// CHECK-LABEL: func.func private @odd(
// CHECK: intaglio.i_attention
func.func private @odd(%q: tensor<?x?x6xi8>, %t: tensor<256xi8>, %begin: index, %end: index,
    %scratch: tensor<?xi32> {intaglio.scratch}, %dst: tensor<?x?x6xi8>) -> tensor<?x?x6xi8> attributes {intaglio.kernel = "attention"} {
  %y = intaglio.i_attention %q, %q, %q, %t {num_heads = 2 : i64, score_shift = 4 : i64, step = 4096 : i64, rounding = 8 : i64,
      numerator = 4294967296 : i64, output_zp = 0 : i64}
      : (tensor<?x?x6xi8>, tensor<?x?x6xi8>, tensor<?x?x6xi8>, tensor<256xi8>) -> tensor<?x?x6xi8>
  return %y : tensor<?x?x6xi8>
}
// CHECK-LABEL: func.func private @shifted(
// CHECK: intaglio.i_attention
func.func private @shifted(%q: tensor<?x?x8xi8>, %t: tensor<256xi8>, %begin: index, %end: index,
    %scratch: tensor<?xi32> {intaglio.scratch}, %dst: tensor<?x?x8xi8>) -> tensor<?x?x8xi8> attributes {intaglio.kernel = "attention"} {
  %y = intaglio.i_attention %q, %q, %q, %t {num_heads = 2 : i64, score_shift = 8 : i64, step = 4096 : i64, rounding = 8 : i64,
      numerator = 4294967296 : i64, output_zp = 0 : i64}
      : (tensor<?x?x8xi8>, tensor<?x?x8xi8>, tensor<?x?x8xi8>, tensor<256xi8>) -> tensor<?x?x8xi8>
  return %y : tensor<?x?x8xi8>
}
