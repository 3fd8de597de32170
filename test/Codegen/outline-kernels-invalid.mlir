// RUN: intaglio-opt --intaglio-outline-kernels --split-input-file --verify-diagnostics %s

func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %w = arith.constant dense<0.5> : tensor<4x4xf32>
  // expected-error @+1 {{'intaglio.fake_quant' op reads constants only: it must be folded before kernels are made}}
  %q = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32, 5.000000e-03> : tensor<4x4xf32>
  %y = intaglio.linear %x, %q : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{'arith.negf' op is no op of a program that kernels can be made of}}
  %y = arith.negf %x : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{'intaglio.source' op expects ranked tensors and one result to become a kernel}}
  %y:2 = intaglio.source "Split" opset 17(%x) : (tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>)
  return %y#0 : tensor<?x4xf32>
}
