// RUN: intaglio-opt --intaglio-lower-cpu=target=avx512vnni %s | FileCheck %s
// RUN: intaglio-opt --intaglio-mark-word-rescales %s | FileCheck %s --check-prefix=MARK
// RUN: intaglio-check %s --sizes=1,7,19

// An epilogue in 16-bit lanes: of four registers of accumulators two of words are packed, GELU is four rounding high products
// on each, the last rescale a high product and a shift, and one register of bytes is stored.
// CHECK: llvm.func internal @linear_0(
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.packssdw.512"
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.pmul.hr.sw.512"
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.pmulh.w.512"
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.packsswb.512"
// CHECK: llvm.store {{.*}} : vector<64xi8>

// Known to fit a word once shifted: the products of 8 times 127 * 128 and of words, but not those of any i32.
// MARK: intaglio.linear
// MARK-NEXT: intaglio.rescale {{.*}}intaglio.word
// MARK-NEXT: intaglio.i_gelu
// MARK-NEXT: intaglio.rescale {{.*}}intaglio.word
// MARK-NEXT: intaglio.rescale
// MARK-NOT: intaglio.word
func.func @main(%x: tensor<?x8xi8>, %wide: tensor<?x64xi32>) -> (tensor<?x64xi8>, tensor<?x64xi16>) {
  %w = arith.constant dense<-127> : tensor<64x8xi8>
  %b = arith.constant dense<7> : tensor<64xi32>
  %m = arith.constant dense<1288490189> : tensor<64xi32>
  %one = arith.constant dense<1288490189> : tensor<1xi32>
  %narrow = arith.constant dense<19000> : tensor<1xi16>
  %0 = intaglio.linear %x, %w, %b : (tensor<?x8xi8>, tensor<64x8xi8>, tensor<64xi32>) -> tensor<?x64xi32>
  %1 = intaglio.rescale %0, %m {shift = 31 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64} : (tensor<?x64xi32>, tensor<64xi32>) -> tensor<?x64xi16>
  %2 = intaglio.i_gelu %1 {fraction = 10 : i64} : (tensor<?x64xi16>) -> tensor<?x64xi16>
  %3 = intaglio.rescale %2, %narrow {shift = 21 : i64, input_zp = 0 : i64, output_zp = -100 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x64xi16>, tensor<1xi16>) -> tensor<?x64xi8>
  %4 = intaglio.rescale %wide, %one {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64} : (tensor<?x64xi32>, tensor<1xi32>) -> tensor<?x64xi16>
  return %3, %4 : tensor<?x64xi8>, tensor<?x64xi16>
}
