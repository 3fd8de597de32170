// RUN: intaglio-opt --intaglio-verify-quantized --split-input-file --verify-diagnostics %s

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{'intaglio.fake_quant' op is left after quantize}}
  %y = intaglio.fake_quant %x as !quant.uniform<i8:f32, 1.0> : tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  // expected-error @below {{reads float operand #0 and has no 'intaglio.float' attribute}}
  %y = intaglio.l2_normalize %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
