// RUN: intaglio-opt --intaglio-convert-to-integers --split-input-file %s | FileCheck %s
// RUN: intaglio-opt --intaglio-convert-to-integers=nonlinear=ibert --split-input-file %s | FileCheck %s --check-prefix=IBERT

// One unit of score is a logit of 1/2 * 1/8 * 1/8 = 2^-7; heads of 4 round it by 2^(log2 4 - 1) = 2. C-IATTENTION-2: step =
// 2^-7 * 2^17 / (ln 765 / 254.5) = 39248.9; -3: rounding = (65536 + step) / (2 step); -4: numerator = 2^32 * (1/4) / (1/2).
// CHECK-LABEL: func.func @main(
// CHECK: %[[E:.*]] = arith.constant dense_resource<exp> : tensor<256xi8>
// CHECK: %[[A:.*]] = intaglio.i_attention %{{.*}}, %{{.*}}, %{{.*}}, %[[E]], %{{.*}} {num_heads = 2 : i64, numerator = 2147483648 : i64, output_zp = -7 : i64, rounding = 1 : i64, score_shift = 1 : i64, step = 39249 : i64}
// CHECK-SAME: (tensor<?x?x8xi8>, tensor<?x?x8xi8>, tensor<?x?x8xi8>, tensor<256xi8>, tensor<?x?xi64>) -> tensor<?x?x8xi8>
// CHECK: intaglio.dequantize %[[A]]
// CHECK: exp: "0x01000000FF

// I-BERT: ln2 = floor(-0.6931 * 2^7), b = floor(0.96963238 / 0.35815147 * 2^7), c = floor(2^14 / 0.35815147); exponentials of scale
// 0.35815147 * 2^-14 * 2^-30 become 1 / 32767: 1538201907 * 2^-61; the shares have 8 fraction bits: (1/4) / 2^8 / (1/2) = 2^-9 = 2^30 * 2^-39.
// IBERT-LABEL: func.func @main(
// IBERT: intaglio.ibert_attention {{.*}} {b = 346 : i64, c = 45746 : i64, ln2 = -89 : i64, multiplier = 1538201907 : i64, n = 30 : i64, num_heads = 2 : i64, output_multiplier = 1073741824 : i64, output_shift = 39 : i64, output_zp = -7 : i64, shift = 61 : i64}
func.func @main(%x: tensor<?x?x8xf32>, %mask: tensor<?x?xi64>) -> tensor<?x?x8xf32> {
  %0 = intaglio.quantize %x : tensor<?x?x8xf32> -> tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>
  %1 = intaglio.quantize %x : tensor<?x?x8xf32> -> tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.25>>
  %2 = intaglio.attention %0, %0, %1, %mask {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>, tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>, tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<?x?xi64>) -> tensor<?x?x8x!quant.uniform<i8:f32, 0.5:-7>>
  %3 = intaglio.dequantize %2 : tensor<?x?x8x!quant.uniform<i8:f32, 0.5:-7>> -> tensor<?x?x8xf32>
  return %3 : tensor<?x?x8xf32>
}

// -----

// A result narrower than its type is clamped behind the op.
// CHECK-LABEL: func.func @main(
// CHECK: %[[A:.*]] = intaglio.i_attention
// CHECK: intaglio.rescale %[[A]], %{{.*}} {input_zp = 0 : i64, max = 127 : i64, min = -127 : i64, output_zp = 0 : i64, shift = 0 : i64}
// IBERT-LABEL: func.func @main(
// IBERT: %[[A:.*]] = intaglio.ibert_attention
// IBERT: intaglio.rescale %[[A]]
func.func @main(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %0 = intaglio.quantize %x : tensor<?x?x8xf32> -> tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>
  %1 = intaglio.attention %0, %0, %0 {num_heads = 2 : i64, scale = 0.5 : f64} : (tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>, tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>, tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>) -> tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>>
  %2 = intaglio.dequantize %1 : tensor<?x?x8x!quant.uniform<i8<-127:127>:f32, 0.125>> -> tensor<?x?x8xf32>
  return %2 : tensor<?x?x8xf32>
}

// -----

// Softmax: logits in units of ln 2 with 15 fraction bits: 2^-6 / ln 2 * 2^15 = 738.66 = 738.66 / 2^10 * 2^31 * 2^-21.
// I-BERT: ln2 = floor(-0.6931 * 2^6), b = floor(2.7073... * 2^6), c = floor(2^12 / 0.35815147); exponentials of scale
// 0.35815147 * 2^-12 * 2^-30 become 1 / 32767: 1538201907 * 2^-59.
// CHECK-LABEL: func.func @main(
// CHECK: intaglio.i_softmax %{{.*}} {multiplier = 1549082005 : i64, shift = 21 : i64} : (tensor<?x8xi16>) -> tensor<?x8xi16>
// IBERT-LABEL: func.func @main(
// IBERT: intaglio.ibert_softmax %{{.*}} {b = 173 : i64, c = 11436 : i64, ln2 = -45 : i64, multiplier = 1538201907 : i64, n = 30 : i64, shift = 59 : i64} : (tensor<?x8xi16>) -> tensor<?x8xi16>
func.func @main(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %0 = intaglio.quantize %x : tensor<?x8xf32> -> tensor<?x8x!quant.uniform<i16:f32, 0.015625>>
  %1 = intaglio.softmax %0 : (tensor<?x8x!quant.uniform<i16:f32, 0.015625>>) -> tensor<?x8x!quant.uniform<i16:f32, 0.00390625>>
  %2 = intaglio.dequantize %1 : tensor<?x8x!quant.uniform<i16:f32, 0.00390625>> -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}
