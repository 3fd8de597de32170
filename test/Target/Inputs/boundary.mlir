// Floats to codes and back; the integer part leaves the codes as they are.
func.func @main(%x: tensor<?x4xf32> {intaglio.name = "x"})
    -> (tensor<?x4xf32> {intaglio.name = "bytes"}, tensor<?x4xf32> {intaglio.name = "wide"}) {
  %q = intaglio.quantize %x {quantized = !quant.uniform<i8:f32, 5.000000e-02:3>} : tensor<?x4xf32> -> tensor<?x4xi8>
  %w = intaglio.quantize %x {quantized = !quant.uniform<i16:f32, 5.000000e-02>} : tensor<?x4xf32> -> tensor<?x4xi16>
  %0:2 = call @main_integer(%q, %w) : (tensor<?x4xi8>, tensor<?x4xi16>) -> (tensor<?x4xi8>, tensor<?x4xi16>)
  %a = intaglio.dequantize %0#0 {quantized = !quant.uniform<i8:f32, 5.000000e-02:3>} : tensor<?x4xi8> -> tensor<?x4xf32>
  %b = intaglio.dequantize %0#1 {quantized = !quant.uniform<i16:f32, 1.2345e-38>} : tensor<?x4xi16> -> tensor<?x4xf32>
  return %a, %b : tensor<?x4xf32>, tensor<?x4xf32>
}
func.func private @main_integer(%q: tensor<?x4xi8>, %w: tensor<?x4xi16>) -> (tensor<?x4xi8>, tensor<?x4xi16>) {
  %one = arith.constant dense<1073741824> : tensor<1xi32>
  %a = intaglio.rescale %q, %one {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -128 : i64, max = 127 : i64} : (tensor<?x4xi8>, tensor<1xi32>) -> tensor<?x4xi8>
  %b = intaglio.rescale %w, %one {shift = 30 : i64, input_zp = 0 : i64, output_zp = 0 : i64, min = -32768 : i64, max = 32767 : i64} : (tensor<?x4xi16>, tensor<1xi32>) -> tensor<?x4xi16>
  return %a, %b : tensor<?x4xi8>, tensor<?x4xi16>
}
