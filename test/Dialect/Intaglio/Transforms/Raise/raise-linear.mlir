// RUN: intaglio-opt --intaglio-raise-linear %s | FileCheck %s

// The weight [in, out] becomes [out, in]; the bias is added on the left.
// CHECK-LABEL: @bias_first(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[1.{{0*}}e+00, 4.{{0*}}e+00], [2.{{0*}}e+00, 5.{{0*}}e+00], [3.{{0*}}e+00, 6.{{0*}}e+00]]> : tensor<3x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[7.{{.*}}, 8.{{.*}}, 9.{{.*}}]> : tensor<3xf32>
// CHECK: %[[Y:.*]] = intaglio.linear %{{.*}}, %[[W]], %[[B]]
// CHECK-NEXT: return %[[Y]]
func.func @bias_first(%x: tensor<?x?x2xf32> {intaglio.dims = ["b", "s", "2"]}) -> tensor<?x?x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %b = arith.constant dense<[7.0, 8.0, 9.0]> : tensor<3xf32>
  %m = intaglio.source "MatMul" opset 17(%x, %w) : (tensor<?x?x2xf32>, tensor<2x3xf32>) -> tensor<?x?x3xf32>
  %y = intaglio.source "Add" opset 17(%b, %m) : (tensor<3xf32>, tensor<?x?x3xf32>) -> tensor<?x?x3xf32>
  return %y : tensor<?x?x3xf32>
}

// The bias on the right, as [1, 1, out]; the weight behind a Transpose is [out, in] already.
// CHECK-LABEL: @bias_last(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[1.{{0*}}e+00, 2.{{0*}}e+00], [3.{{0*}}e+00, 4.{{0*}}e+00], [5.{{0*}}e+00, 6.{{0*}}e+00]]> : tensor<3x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[7.{{.*}}, 8.{{.*}}, 9.{{.*}}]> : tensor<3xf32>
// CHECK: intaglio.linear %{{.*}}, %[[W]], %[[B]]
func.func @bias_last(%x: tensor<?x?x2xf32> {intaglio.dims = ["b", "s", "2"]}) -> tensor<?x?x3xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %b = arith.constant dense<[[[7.0, 8.0, 9.0]]]> : tensor<1x1x3xf32>
  %t = intaglio.source "Transpose" opset 17(%w) : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %m = intaglio.source "MatMul" opset 17(%x, %t) : (tensor<?x?x2xf32>, tensor<2x3xf32>) -> tensor<?x?x3xf32>
  %y = intaglio.source "Add" opset 17(%m, %b) : (tensor<?x?x3xf32>, tensor<1x1x3xf32>) -> tensor<?x?x3xf32>
  return %y : tensor<?x?x3xf32>
}

// One bias for two layers behind Identity, and a layer without one.
// CHECK-LABEL: @shared(
// CHECK-DAG: %[[B:.*]] = arith.constant dense<0.{{0*}}e+00> : tensor<2xf32>
// CHECK: %[[Y:.*]] = intaglio.linear %{{.*}}, %[[W:[^,]*]], %{{.*}}
// CHECK: %[[Z:.*]] = intaglio.linear %[[Y]], %[[W]], %{{.*}}
// CHECK: intaglio.linear %[[Z]], %[[W]] : (tensor<?x2xf32>, tensor<2x2xf32>)
func.func @shared(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %b = intaglio.source "Identity" opset 17(%zero) : (tensor<2xf32>) -> tensor<2xf32>
  %m = intaglio.source "MatMul" opset 17(%x, %w) : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %y = intaglio.source "Add" opset 17(%m, %b) : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %n = intaglio.source "MatMul" opset 17(%y, %w) : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %z = intaglio.source "Add" opset 17(%n, %b) : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %o = intaglio.source "MatMul" opset 17(%z, %w) : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %o : tensor<?x2xf32>
}

// CHECK-LABEL: @gemm(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[2.{{0*}}e+00, 4.{{0*}}e+00], [6.{{0*}}e+00, 8.{{0*}}e+00]]> : tensor<2x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[2.5{{.*}}, 5.0{{.*}}]> : tensor<2xf32>
// CHECK: intaglio.linear %{{.*}}, %[[W]], %[[B]]
func.func @gemm(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<[5.0, 10.0]> : tensor<2xf32>
  %y = intaglio.source "Gemm" opset 17(%x, %w, %b) attributes {alpha = 2.0 : f32, beta = 0.5 : f32, transB = 1 : i64} : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// CHECK-LABEL: @gemm_without_bias(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[1.{{0*}}e+00, 3.{{0*}}e+00], [2.{{0*}}e+00, 4.{{0*}}e+00]]> : tensor<2x2xf32>
// CHECK: intaglio.linear %{{.*}}, %[[W]] : (tensor<?x2xf32>, tensor<2x2xf32>)
func.func @gemm_without_bias(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = intaglio.source "Gemm" opset 17(%x, %w) : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// A product of two activations is not one.
// CHECK-LABEL: @activations(
// CHECK: intaglio.source "MatMul"
func.func @activations(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}, %y: tensor<2x?xf32> {intaglio.dims = ["2", "c"]}) -> tensor<?x?xf32> {
  %z = intaglio.source "MatMul" opset 17(%x, %y) : (tensor<?x2xf32>, tensor<2x?xf32>) -> tensor<?x?xf32>
  return %z : tensor<?x?xf32>
}
