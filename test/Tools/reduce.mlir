// RUN: intaglio-reduce %s -reduction-tree='traversal-mode=0 test=%S/reduce-keep.sh' | FileCheck %s

// Of two functions, the one without the op of interest goes.
// CHECK-NOT: @plain
// CHECK: @interesting
// CHECK: intaglio.relu
func.func @interesting(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = intaglio.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

func.func @plain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = intaglio.tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
