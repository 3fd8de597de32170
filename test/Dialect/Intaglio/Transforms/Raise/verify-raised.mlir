// RUN: intaglio-opt --intaglio-raise --verify-diagnostics --split-input-file %s

// Each op that is left is one error; shape arithmetic that only such ops read is not named again.
func.func @several(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> (tensor<?x2xf32>, tensor<?xf32>) {
  %two = arith.constant dense<[-1]> : tensor<1xi64>
  %t = intaglio.source "Shape" opset 17(%x) : (tensor<?x2xf32>) -> tensor<2xi64>
  // expected-error @below {{operator 'Erf' (opset 17) is part of no pattern that is known; nearest: gelu, silu, sigmoid and tanh}}
  %e = intaglio.source "Erf" opset 17(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  // expected-error @below {{operator 'Reshape' (opset 17) is part of no pattern}}
  %r = intaglio.source "Reshape" opset 17(%e, %two) : (tensor<?x2xf32>, tensor<1xi64>) -> tensor<?xf32>
  return %e, %r : tensor<?x2xf32>, tensor<?xf32>
}

// -----

// Ids that the program would return are named.
func.func @ids(%x: tensor<?x2xi64> {intaglio.dims = ["b", "2"]}) -> tensor<2xi64> {
  // expected-error @below {{operator 'Shape' (opset 17) is part of no pattern that is known; nearest: arithmetic of shapes, ids and masks}}
  %t = intaglio.source "Shape" opset 17(%x) : (tensor<?x2xi64>) -> tensor<2xi64>
  return %t : tensor<2xi64>
}

// -----

// What nothing reads is no error, and a graph without source ops passes.
func.func @dead(%x: tensor<?x2xf32> {intaglio.dims = ["b", "2"]}) -> tensor<?x2xf32> {
  %e = intaglio.source "Erf" opset 17(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %t = intaglio.tanh %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %t : tensor<?x2xf32>
}
