// RUN: intaglio-opt --intaglio-fold-fake-quant --split-input-file --verify-diagnostics %s

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.5}> : tensor<2x2xf32>
  // expected-error @below {{'intaglio.linear' op operand #0 carries no fake_quant}}
  %y = intaglio.linear %x, %w8 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 0.5> : tensor<?x2xf32>
  // expected-error @below {{'intaglio.linear' op operand #1 carries no fake_quant}}
  %y = intaglio.linear %x8, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %x16 = intaglio.fake_quant %x as !quant.uniform<i16:f32, 0.5> : tensor<?x2xf32>
  // expected-error @below {{'intaglio.add' op has no fake_quant on its result}}
  %y = intaglio.add %x16, %x16 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>, %b: tensor<2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.5}> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 0.5> : tensor<?x2xf32>
  // expected-error @below {{'intaglio.linear' op expects an f32 constant bias with its data at hand}}
  %y = intaglio.linear %x8, %w8, %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// 2^30 is the largest code of a bias: 2^28 / (0.5 * 0.5).
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %b = arith.constant dense<[268435456.0, -268435488.0]> : tensor<2xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.5}> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 0.5> : tensor<?x2xf32>
  // expected-error @below {{'intaglio.linear' op bias -2.684355e+08 of channel 1 is beyond 2^30 at the accumulator's scale 2.500000e-01 (C-LINEAR-6)}}
  %y = intaglio.linear %x8, %w8, %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{'arith.constant' op expects an f32 constant with its data at hand}}
  %w = arith.constant dense_resource<__elided__> : tensor<2x2xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.5}> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 0.5> : tensor<?x2xf32>
  %y = intaglio.linear %x8, %w8 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// expected-error @below {{expects a function @main with a body}}
module {
  func.func private @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32>
}

// -----

// expected-error @below {{expects a function @main with a body}}
module {
}

// -----

// expected-error @below {{expects a body of one block}}
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  cf.br ^next
^next:
  return %x : tensor<?x2xf32>
}
