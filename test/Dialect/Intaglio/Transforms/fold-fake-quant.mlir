// Each fake_quant becomes what its place asks for. Scales are powers of two, so that codes can be read off: code = value / scale.
// RUN: intaglio-opt --intaglio-fold-fake-quant --split-input-file %s | FileCheck %s

// An argument is quantized; the result of a float op too.
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[X:.*]]: tensor<?x2xf32>
// CHECK: %[[Q:.*]] = intaglio.quantize %[[X]] : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i8:f32, 5.000000e-01:3>>
// CHECK-NEXT: intaglio.linear %[[Q]], {{.*}} -> tensor<?x2x!quant.uniform<i32:f32:1, {2.500000e-01,1.250000e-01}>>
// CHECK: intaglio.dequantize
// CHECK-NEXT: %[[T:.*]] = intaglio.tanh %{{.*}} {intaglio.float = "kept"}
// CHECK-NEXT: intaglio.quantize %[[T]] : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<i8:f32, 7.812500e-03>>
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<[[1.0, -2.0], [0.25, 31.75]]> : tensor<2x2xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25}> : tensor<2x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 0.5:3> : tensor<?x2xf32>
  %y = intaglio.linear %x8, %w8 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %t = intaglio.tanh %y {intaglio.float = "kept"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %t8 = intaglio.fake_quant %t as !quant.uniform<i8:f32, 0.0078125> : tensor<?x2xf32>
  %z = intaglio.linear %t8, %w8 : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %z : tensor<?x2xf32>
}

// -----

// A weight has a scale for each row: 1 / 0.5 = 2, -2 / 0.5 = -4; 0.25 / 0.25 = 1, 40 / 0.25 = 160, clamped to 127; halves go to the
// even code: 0.125 / 0.25 = 0.5 to 0. The bias is at the accumulator's scale, 0.25 * row: 1 / 0.125 = 8, ties away from zero: 0.15625
// / 0.0625 = 2.5 to 3, -0.21875 / 0.0625 = -3.5 to -4.
// CHECK-LABEL: func.func @main(
// CHECK: %[[W:.*]] = arith.constant dense<{{\[\[}}2, -4], [1, 127], [0, -1]]> : tensor<3x2xi8>
// CHECK: %[[WQ:.*]] = quant.scast %[[W]] : tensor<3x2xi8> to tensor<3x2x!quant.uniform<i8<-127:127>:f32:0, {5.000000e-01,2.500000e-01,2.500000e-01}>>
// CHECK: %[[B:.*]] = arith.constant dense<[8, 3, -4]> : tensor<3xi32>
// CHECK-NEXT: intaglio.linear %{{.*}}, %[[WQ]], %[[B]]
// CHECK-SAME: -> tensor<?x3x!quant.uniform<i32:f32:1, {1.250000e-01,6.250000e-02,6.250000e-02}>>
func.func @main(%x: tensor<?x2xf32>) -> tensor<?x3xf32> {
  %w = arith.constant dense<[[1.0, -2.0], [0.25, 40.0], [0.125, -0.25]]> : tensor<3x2xf32>
  %b = arith.constant dense<[1.0, 0.15625, -0.21875]> : tensor<3xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25, 0.25}> : tensor<3x2xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8:f32, 0.25> : tensor<?x2xf32>
  %y = intaglio.linear %x8, %w8, %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

// The rows of a table: 5 / 0.5 = 10, 15.875 / 0.125 = 127. A constant that is read as a stream: 1.5 * 32 = 48. The embedding is as
// fine as the largest row allows: 0.5 * 127 / 32767 = 0.0019379.
// CHECK-LABEL: func.func @main(
// CHECK: arith.constant dense<{{\[\[}}10, -20], [127, 0]]> : tensor<2x2xi8>
// CHECK: arith.constant dense<{{\[\[}}48, -16]]> : tensor<1x2xi16>
// CHECK: %[[E:.*]] = intaglio.embedding {{.*}} -> tensor<?x2x!quant.uniform<i16:f32, 0.0019379{{[0-9]*}}>>
// CHECK-NEXT: %[[R:.*]] = intaglio.requantize %[[E]]
// CHECK-NEXT: intaglio.add %[[R]], %{{.*}} : (tensor<?x2x!quant.uniform<i16:f32, 3.125000e-02>>, tensor<1x2x!quant.uniform<i16:f32, 3.125000e-02>>)
func.func @main(%ids: tensor<?xi64> {intaglio.range = array<i64: 0, 1>}) -> tensor<?x2xf32> {
  %table = arith.constant dense<[[5.0, -10.0], [15.875, 0.0]]> : tensor<2x2xf32>
  %c = arith.constant dense<[[1.5, -0.5]]> : tensor<1x2xf32>
  %t8 = intaglio.fake_quant %table as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.125}> : tensor<2x2xf32>
  %c16 = intaglio.fake_quant %c as !quant.uniform<i16:f32, 0.03125> : tensor<1x2xf32>
  %e = intaglio.embedding %t8, %ids : (tensor<2x2xf32>, tensor<?xi64>) -> tensor<?x2xf32>
  %e16 = intaglio.fake_quant %e as !quant.uniform<i16:f32, 0.03125> : tensor<?x2xf32>
  %s = intaglio.add %e16, %c16 : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
  %s16 = intaglio.fake_quant %s as !quant.uniform<i16:f32, 0.0625> : tensor<?x2xf32>
  return %s16 : tensor<?x2xf32>
}

// -----

// A norm has the type of the first fake_quant that reads it; another reader gets it from there, and one of the same type gets it as
// it is. A norm's parameters stay float.
// CHECK-LABEL: func.func @main(
// CHECK: %[[G:.*]] = arith.constant dense<2.000000e+00> : tensor<4xf32>
// CHECK: %[[X:.*]] = intaglio.quantize %{{.*}} -> tensor<?x4x!quant.uniform<i16:f32, 2.500000e-01>>
// CHECK-NEXT: %[[N:.*]] = intaglio.layer_norm %[[X]], %[[G]], %[[G]] {{.*}} -> tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>
// CHECK-NEXT: %[[N8:.*]] = intaglio.requantize %[[N]] : {{.*}} -> tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01:-3>>
// CHECK-NEXT: %[[P:.*]] = intaglio.linear %[[N8]]
// CHECK-NEXT: intaglio.add %[[P]], %[[N]]
// CHECK-NOT: fake_quant
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %g = arith.constant dense<2.0> : tensor<4xf32>
  %w = arith.constant dense<1.0> : tensor<4x4xf32>
  %w8 = intaglio.fake_quant %w as !quant.uniform<i8<-127:127>:f32:0, {0.5, 0.5, 0.5, 0.5}> : tensor<4x4xf32>
  %x16 = intaglio.fake_quant %x as !quant.uniform<i16:f32, 0.25> : tensor<?x4xf32>
  %n = intaglio.layer_norm %x16, %g, %g {epsilon = 1.0e-12 : f64} : (tensor<?x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %n16 = intaglio.fake_quant %n as !quant.uniform<i16:f32, 0.125> : tensor<?x4xf32>
  %n8 = intaglio.fake_quant %n16 as !quant.uniform<i8:f32, 0.25:-3> : tensor<?x4xf32>
  %p = intaglio.linear %n8, %w8 : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %s = intaglio.add %p, %n16 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %s16 = intaglio.fake_quant %s as !quant.uniform<i16:f32, 0.125> : tensor<?x4xf32>
  return %s16 : tensor<?x4xf32>
}

// -----

// An activation's type is that of its integer form: 2^-12, 2^-12 / 1.702, 2^-15, the operand's; softmax 2^-8, a unit vector 2^-24, a
// mean 8 bits more than its operand, a product the product of scales.
// CHECK-LABEL: func.func @main(
// CHECK: intaglio.gelu {{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 2.44140625E-4>>
// CHECK: intaglio.gelu {{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 1.434433754{{[0-9]*}}E-4>>
// CHECK: intaglio.silu {{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 2.44140625E-4>>
// CHECK: intaglio.sigmoid {{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 3.0517578125E-5>>
// CHECK: intaglio.tanh {{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 3.0517578125E-5>>
// CHECK: intaglio.relu {{.*}} -> tensor<?x?x4x!quant.uniform<i16:f32, 2.500000e-01>>
// CHECK: intaglio.softmax {{.*}} -> tensor<?x?x4x!quant.uniform<i16:f32, 3.906250e-03>>
// CHECK: intaglio.mul {{.*}} -> tensor<?x?x4x!quant.uniform<i32:f32, 6.250000e-02>>
// CHECK: %[[P:.*]] = intaglio.pool {{.*}} -> tensor<?x4x!quant.uniform<i32:f32, 9.765625E-4>>
// CHECK-NEXT: intaglio.l2_normalize %[[P]] {{.*}} -> tensor<?x4x!quant.uniform<i32:f32, 5.9604644775390625E-8>>
func.func @main(%x: tensor<?x?x4xf32>) -> (tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x4xf32>) {
  %0 = intaglio.fake_quant %x as !quant.uniform<i16:f32, 0.25> : tensor<?x?x4xf32>
  %1 = intaglio.gelu %0 : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %2 = intaglio.gelu %0 {approximate = #intaglio.gelu_form<quick>} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %3 = intaglio.silu %0 : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %4 = intaglio.sigmoid %0 : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %5 = intaglio.tanh %0 : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %6 = intaglio.relu %0 : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %7 = intaglio.softmax %0 : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %8 = intaglio.mul %0, %0 : (tensor<?x?x4xf32>, tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %9 = intaglio.pool %0 {kind = #intaglio.pool_kind<mean>} : (tensor<?x?x4xf32>) -> tensor<?x4xf32>
  %10 = intaglio.l2_normalize %9 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %1, %2, %3, %4, %5, %6, %7, %8, %10 : tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x4xf32>
}

// -----

// A product and a rope of bytes: their scales; the accumulator with one scale goes out as it is.
// CHECK-LABEL: func.func @main(
// CHECK: %[[M:.*]] = intaglio.matmul {{.*}} -> tensor<?x2x2x!quant.uniform<i32:f32, 1.250000e-01>>
// CHECK: intaglio.rope {{.*}} -> tensor<?x2x2x!quant.uniform<i16:f32, 2.500000e-01>>
// CHECK: intaglio.dequantize %[[M]] : tensor<?x2x2x!quant.uniform<i32:f32, 1.250000e-01>> -> tensor<?x2x2xf32>
func.func @main(%x: tensor<?x2x2xf32>, %y: tensor<?x2x2xf32>) -> (tensor<?x2x2xf32>, tensor<?x2x2xf32>) {
  %cos = arith.constant dense<1.0> : tensor<2x1xf32>
  %x8 = intaglio.fake_quant %x as !quant.uniform<i8<-127:127>:f32, 0.25> : tensor<?x2x2xf32>
  %y8 = intaglio.fake_quant %y as !quant.uniform<i8<-127:127>:f32, 0.5> : tensor<?x2x2xf32>
  %m = intaglio.matmul %x8, %y8 : (tensor<?x2x2xf32>, tensor<?x2x2xf32>) -> tensor<?x2x2xf32>
  %r = intaglio.rope %x8, %cos, %cos {num_heads = 1 : i64} : (tensor<?x2x2xf32>, tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<?x2x2xf32>
  return %m, %r : tensor<?x2x2xf32>, tensor<?x2x2xf32>
}
