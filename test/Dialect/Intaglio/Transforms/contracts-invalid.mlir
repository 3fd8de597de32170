// RUN: intaglio-opt --intaglio-verify-calibrated --split-input-file --verify-diagnostics %s

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  // expected-error @below {{operand #0 carries no fake_quant; expected one to i8 per tensor}}
  %y = intaglio.linear %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i16:f32, 1.0> : tensor<?x2xf32>
  // expected-error @below {{expects operand #0 as i8 per tensor, found}}
  %y = intaglio.linear %x8, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 1.0> : tensor<?x2xf32>
  // expected-error @below {{operand #1 carries no fake_quant; expected one to i8 in [-127, 127] for each index of axis 0}}
  %y = intaglio.linear %x8, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{'intaglio.observe' op is left}}
  %o = intaglio.observe %x {id = "x"} : tensor<?x2xf32>
  return %o : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // expected-error @below {{'arith.negf' op has no integer form and no 'intaglio.float' attribute}}
  %y = arith.negf %x : tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
