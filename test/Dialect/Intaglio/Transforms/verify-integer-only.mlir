// RUN: intaglio-opt --intaglio-verify-integer-only --split-input-file --verify-diagnostics %s

// The boundary, and an op that is float on purpose.
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %q = intaglio.quantize %x {quantized = !quant.uniform<i16:f32, 1.0>} : tensor<?x2xf32> -> tensor<?x2xi16>
  %0 = call @main_integer(%q) : (tensor<?x2xi16>) -> tensor<?x2xi32>
  %y = intaglio.dequantize %0 {quantized = !quant.uniform<i32:f32, 1.0>} : tensor<?x2xi32> -> tensor<?x2xf32>
  %t = intaglio.tanh %y {intaglio.float = "kept"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %t : tensor<?x2xf32>
}
func.func private @main_integer(%x: tensor<?x2xi16>) -> tensor<?x2xi32> {
  %y = intaglio.i_l2_normalize %x : (tensor<?x2xi16>) -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}

// -----

func.func @main(%x: tensor<?x2xi16>) -> tensor<?x2xi32> {
  // expected-error @below {{stands in @main, where only quantize, dequantize, calls and ops with 'intaglio.float' are allowed}}
  %y = intaglio.i_l2_normalize %x : (tensor<?x2xi16>) -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}

// -----

// expected-error @below {{calls no integer function}}
func.func @main(%x: tensor<?x2xi16>) -> tensor<?x2xi16> {
  return %x : tensor<?x2xi16>
}

// -----

func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = call @main_integer(%x) : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}
// expected-error @below {{takes or gives floats}}
func.func private @main_integer(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  return %x : tensor<?x2xf32>
}

// -----

func.func @main(%x: tensor<?x2xi16>) -> tensor<?x2xi16> {
  %0 = call @main_integer(%x) : (tensor<?x2xi16>) -> tensor<?x2xi16>
  return %0 : tensor<?x2xi16>
}
func.func private @main_integer(%x: tensor<?x2xi16>) -> tensor<?x2xi16> {
  // expected-error @below {{works on floats in the integer function @main_integer}}
  %f = intaglio.dequantize %x {quantized = !quant.uniform<i16:f32, 1.0>} : tensor<?x2xi16> -> tensor<?x2xf32>
  return %x : tensor<?x2xi16>
}

// -----

func.func @main(%x: tensor<?x2xi16>) -> tensor<?x2xi16> {
  %0 = call @main_integer(%x) : (tensor<?x2xi16>) -> tensor<?x2xi16>
  return %0 : tensor<?x2xi16>
}
func.func private @main_integer(%x: tensor<?x2xi16>) -> tensor<?x2xi16> {
  %m = arith.constant dense<1> : tensor<1xi32>
  // expected-error @below {{has the float attribute 'scale' in the integer function @main_integer}}
  %y = intaglio.rescale %x, %m {scale = 0.5 : f64, shift = 1 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x2xi16>, tensor<1xi32>) -> tensor<?x2xi16>
  return %y : tensor<?x2xi16>
}
