// RUN: intaglio-opt --intaglio-outline-kernels --cse --intaglio-lower-schedule %s | FileCheck %s

// Results of equal shape stay two arrays, also where their `tensor.empty` has become one.
// CHECK-LABEL: llvm.func @intaglio_model_forward
// CHECK: llvm.getelementptr %arg7[0]
// CHECK: llvm.call @relu_0_call
// CHECK: llvm.getelementptr %arg7[1]
// CHECK: llvm.call @tanh_0_call
func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = intaglio.relu %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = intaglio.tanh %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}
