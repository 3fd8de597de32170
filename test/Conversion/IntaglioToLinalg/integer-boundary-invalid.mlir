// RUN: intaglio-opt --intaglio-lower-cpu=integer-boundary --verify-diagnostics %s

func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{computes with floats, and the target has no floating-point unit}}
  %y = intaglio.relu %x : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
