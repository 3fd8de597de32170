// RUN: intaglio-opt --intaglio-convert-to-integers --split-input-file %s | FileCheck %s
// RUN: intaglio-opt --intaglio-convert-to-integers=nonlinear=ibert --split-input-file %s | FileCheck %s --check-prefix=IBERT

// Polynomials read 12 fraction bits: S / 2^-12 = 2^10 = 2^30 * 2^-20; the range is that of C-IGELU-2.
// CHECK-LABEL: func.func @main(
// CHECK: %[[X:.*]] = intaglio.quantize
// CHECK: %[[M:.*]] = arith.constant dense<1073741824> : tensor<1xi32>
// CHECK-NEXT: %[[T:.*]] = intaglio.rescale %[[X]], %[[M]] {input_zp = 0 : i64, max = 16777216 : i64, min = -16777216 : i64, output_zp = 0 : i64, shift = 20 : i64} : (tensor<?x4xi16>, tensor<1xi32>) -> tensor<?x4xi32>
// CHECK-NEXT: intaglio.i_gelu %[[T]]
// CHECK: %[[T:.*]] = intaglio.rescale %[[X]]{{.*}}shift = 20
// CHECK-NEXT: intaglio.i_silu %[[T]]
// CHECK: %[[T:.*]] = intaglio.rescale %[[X]]{{.*}}shift = 20
// CHECK-NEXT: intaglio.i_sigmoid %[[T]]
// CHECK: %[[T:.*]] = intaglio.rescale %[[X]]{{.*}}shift = 20
// CHECK-NEXT: intaglio.i_tanh %[[T]]

// The quick form is the sigmoid of 1.702 x: 2^10 * 1.702 = 1827508584 * 2^-20.
// CHECK: %[[M:.*]] = arith.constant dense<1827508584> : tensor<1xi32>
// CHECK-NEXT: %[[T:.*]] = intaglio.rescale %[[X]], %[[M]] {{.*}}shift = 20
// CHECK-NEXT: intaglio.i_silu %[[T]]

// I-BERT's GELU at S = 2^-11, of 17 bits: S / 2^-11 = 2^9 = 2^30 * 2^-21; b = floor(-1.769 * 1.4142 * 2^11),
// c = floor(1 / -0.2888 * (1.4142 * 2^11)^2), one = floor(1 / E) with E = -0.2888 * (S / 1.4142)^2 * 2^n. The result has the scale S * E / 2,
// -7.0509e-5 of 2^-12: -1240410346 * 2^-44.
// IBERT-LABEL: func.func @main(
// IBERT: %[[X:.*]] = intaglio.quantize
// IBERT: %[[M:.*]] = arith.constant dense<1073741824> : tensor<1xi32>
// IBERT-NEXT: %[[T:.*]] = intaglio.rescale %[[X]], %[[M]] {input_zp = 0 : i64, max = 65536 : i64, min = -65536 : i64, output_zp = 0 : i64, shift = 21 : i64}
// IBERT-NEXT: %[[G:.*]] = intaglio.ibert_gelu %[[T]] {b = -5124 : i64, c = -29045870 : i64, n = 11 : i64, one = -14183 : i64}
// IBERT: %[[N:.*]] = arith.constant dense<-1240410346> : tensor<1xi32>
// IBERT-NEXT: intaglio.rescale %[[G]], %[[N]] {input_zp = 0 : i64, max = 2147483647 : i64, min = -2147483648 : i64, output_zp = 0 : i64, shift = 44 : i64}
// IBERT: intaglio.i_silu
// IBERT: intaglio.i_sigmoid
// IBERT: intaglio.i_tanh
// IBERT: intaglio.i_silu
func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i16:f32, 0.25>>
  %1 = intaglio.gelu %0 : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x4x!quant.uniform<i32:f32, 2.44140625E-4>>
  %2 = intaglio.silu %0 : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x4x!quant.uniform<i32:f32, 2.44140625E-4>>
  %3 = intaglio.sigmoid %0 : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>>
  %4 = intaglio.tanh %0 : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>>
  %5 = intaglio.gelu %0 {approximate = #intaglio.gelu_form<quick>} : (tensor<?x4x!quant.uniform<i16:f32, 0.25>>) -> tensor<?x4x!quant.uniform<i32:f32, 1.434433754E-4>>
  %6 = intaglio.dequantize %1 : tensor<?x4x!quant.uniform<i32:f32, 2.44140625E-4>> -> tensor<?x4xf32>
  %7 = intaglio.dequantize %2 : tensor<?x4x!quant.uniform<i32:f32, 2.44140625E-4>> -> tensor<?x4xf32>
  %8 = intaglio.dequantize %3 : tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>> -> tensor<?x4xf32>
  %9 = intaglio.dequantize %4 : tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>> -> tensor<?x4xf32>
  %10 = intaglio.dequantize %5 : tensor<?x4x!quant.uniform<i32:f32, 1.434433754E-4>> -> tensor<?x4xf32>
  return %6, %7, %8, %9, %10 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// A ReLU is a clamp: of the zero point that goes, to the width of its result.
// CHECK-LABEL: func.func @main(
// CHECK: %[[ONE:.*]] = arith.constant dense<1> : tensor<1xi32>
// CHECK: intaglio.rescale %{{.*}}, %[[ONE]] {input_zp = 3 : i64, max = 32767 : i64, min = 0 : i64, output_zp = 0 : i64, shift = 0 : i64} : (tensor<?x4xi8>, tensor<1xi32>) -> tensor<?x4xi16>
// IBERT-LABEL: func.func @main(
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i8:f32, 0.25:3>>
  %1 = intaglio.relu %0 : (tensor<?x4x!quant.uniform<i8:f32, 0.25:3>>) -> tensor<?x4x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.dequantize %1 : tensor<?x4x!quant.uniform<i16:f32, 0.25>> -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

// Terms of a sum have 8 bits more than the result: 0.25 / (0.5 / 256) = 2^7 = 2^30 * 2^-23; 0.125 and 0.375 give 3 * 2^6 = 192 =
// 0.75 * 2^8 = 1610612736 * 2^-23 and a third of it. What is narrower than its type is clamped behind.
// CHECK-LABEL: func.func @main(
// CHECK: %[[X:.*]] = intaglio.quantize
// CHECK: %[[Y:.*]] = intaglio.linear
// CHECK: %[[L:.*]] = arith.constant dense<1073741824> : tensor<1xi32>
// CHECK: %[[R:.*]] = arith.constant dense<[536870912, 1610612736]> : tensor<2xi32>
// CHECK: %[[S:.*]] = intaglio.i_add %[[X]], %[[Y]], %[[L]], %[[R]] {fraction = 8 : i64, lhs_shift = 23 : i64, lhs_zp = -5 : i64, output_zp = 4 : i64, rhs_shift = 23 : i64, rhs_zp = 0 : i64} : (tensor<?x2xi8>, tensor<?x2xi32>, tensor<1xi32>, tensor<2xi32>) -> tensor<?x2xi8>
// CHECK: %[[ONE:.*]] = arith.constant dense<1> : tensor<1xi32>
// CHECK: intaglio.rescale %[[S]], %[[ONE]] {input_zp = 0 : i64, max = 100 : i64, min = -100 : i64, output_zp = 0 : i64, shift = 0 : i64}
// IBERT-LABEL: func.func @main(
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1> : tensor<2x2xi8>
  %b = arith.constant dense<0> : tensor<2xi32>
  %0 = quant.scast %w : tensor<2x2xi8> to tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.5, 1.5}>>
  %1 = intaglio.quantize %x : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-5>>
  %2 = intaglio.linear %1, %0, %b : (tensor<?x2x!quant.uniform<i8:f32, 0.25:-5>>, tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.5, 1.5}>>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<i32:f32:1, {0.125, 0.375}>>
  %3 = intaglio.add %1, %2 : (tensor<?x2x!quant.uniform<i8:f32, 0.25:-5>>, tensor<?x2x!quant.uniform<i32:f32:1, {0.125, 0.375}>>) -> tensor<?x2x!quant.uniform<i8<-100:100>:f32, 0.5:4>>
  %4 = intaglio.dequantize %3 : tensor<?x2x!quant.uniform<i8<-100:100>:f32, 0.5:4>> -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// -----

// A product of codes without their zero points.
// CHECK-LABEL: func.func @main(
// CHECK: intaglio.i_mul %{{.*}}, %{{.*}} {lhs_zp = 3 : i64, rhs_zp = -2 : i64} : (tensor<?x4xi8>, tensor<?x4xi8>) -> tensor<?x4xi32>
// IBERT-LABEL: func.func @main(
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i8:f32, 0.25:3>>
  %1 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-2>>
  %2 = intaglio.mul %0, %1 : (tensor<?x4x!quant.uniform<i8:f32, 0.25:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.5:-2>>) -> tensor<?x4x!quant.uniform<i32:f32, 0.125>>
  %3 = intaglio.dequantize %2 : tensor<?x4x!quant.uniform<i32:f32, 0.125>> -> tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// A change of scale, with both zero points: 3/8 / (1/2) = 3/4 = 1610612736 * 2^-31.
// CHECK-LABEL: func.func @main(
// CHECK: %[[Q:.*]] = intaglio.quantize %{{.*}} {quantized = !quant.uniform<i16:f32, 3.750000e-01:9>} : tensor<?x4xf32> -> tensor<?x4xi16>
// CHECK: %[[M:.*]] = arith.constant dense<1610612736> : tensor<1xi32>
// CHECK: %[[R:.*]] = intaglio.rescale %[[Q]], %[[M]] {input_zp = 9 : i64, max = 127 : i64, min = -127 : i64, output_zp = -2 : i64, shift = 31 : i64} : (tensor<?x4xi16>, tensor<1xi32>) -> tensor<?x4xi8>
// CHECK: intaglio.dequantize %[[R]] {quantized = !quant.uniform<i8<-127:127>:f32, 5.000000e-01:-2>} : tensor<?x4xi8> -> tensor<?x4xf32>
// IBERT-LABEL: func.func @main(
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i16:f32, 0.375:9>>
  %1 = intaglio.requantize %0 : tensor<?x4x!quant.uniform<i16:f32, 0.375:9>> -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5:-2>>
  %2 = intaglio.dequantize %1 : tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5:-2>> -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// -----

// An activation from bytes to bytes that nobody else reads is a table; entry 128 + q holds quantize(f(q)). (q - 4) / 4 of a ReLU,
// halves to even: 0 up to q = 6, 135 entries, 1 up to 9, 2 from 10 to 14; at most 20. One that others read too is no table.
// CHECK-LABEL: func.func @main(
// CHECK: %[[T:.*]] = arith.constant dense_resource<table> : tensor<256xi8>
// CHECK: %[[L:.*]] = intaglio.lookup %{{.*}}, %[[T]] : (tensor<?x4xi8>, tensor<256xi8>) -> tensor<?x4xi8>
// CHECK: %[[R:.*]] = intaglio.rescale
// CHECK: intaglio.i_tanh %[[R]]
// CHECK: intaglio.dequantize %[[L]]
// CHECK: table: "0x01000000
// CHECK-SAME: {{(00){135}01010102020202020303030404040404(05|06|07|08|09|0A|0B|0C|0D|0E|0F|10|11|12|13)+(14){46}"}}
// IBERT-LABEL: func.func @main(
// IBERT: intaglio.lookup
func.func @main(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %0 = intaglio.quantize %x : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<i8:f32, 0.25:4>>
  %1 = intaglio.relu %0 : (tensor<?x4x!quant.uniform<i8:f32, 0.25:4>>) -> tensor<?x4x!quant.uniform<i16:f32, 0.25>>
  %2 = intaglio.requantize %1 : tensor<?x4x!quant.uniform<i16:f32, 0.25>> -> tensor<?x4x!quant.uniform<i8<-100:20>:f32, 1.0>>
  %3 = intaglio.tanh %0 : (tensor<?x4x!quant.uniform<i8:f32, 0.25:4>>) -> tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>>
  %4 = intaglio.requantize %3 : tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>> -> tensor<?x4x!quant.uniform<i8:f32, 1.0>>
  %5 = intaglio.dequantize %2 : tensor<?x4x!quant.uniform<i8<-100:20>:f32, 1.0>> -> tensor<?x4xf32>
  %6 = intaglio.dequantize %3 : tensor<?x4x!quant.uniform<i32:f32, 3.0517578125E-5>> -> tensor<?x4xf32>
  %7 = intaglio.dequantize %4 : tensor<?x4x!quant.uniform<i8:f32, 1.0>> -> tensor<?x4xf32>
  return %5, %6, %7 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}
